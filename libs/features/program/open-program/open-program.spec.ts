import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { administering } from '../../dossier/testing/administering.js';
import { given, programId } from '../../dossier/testing/rehearsal.js';
import { openProgram } from './open-program.js';

describe('open a program', () => {
  const riverside = { programId: 'riverside' as ProgramId, title: { zh: '江畔', en: 'Riverside' } };
  it('opens a scope in which registrations compete', () =>
    given()
      .when(administering(openProgram, riverside))
      .then({ type: 'ProgramOpened', programId: 'riverside', title: { en: 'Riverside', zh: '江畔' } }));
  it('is refused for one that is open', () =>
    given()
      .when(administering(openProgram, { ...riverside, programId }))
      .thenRefused('ProgramExists'));
  it('is refused to who is no administrator', () =>
    given()
      .when(administering(openProgram, riverside, { by: 'dealer-a' }))
      .thenRefused('RoleMissing', { roles: ['administrator'] }));
});
