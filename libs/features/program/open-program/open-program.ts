import { accept, refuse } from '#event-sourcing/decision.js';
import { clear, type ProgramId } from '#event-sourcing/vocabulary.js';
import { administration } from '../../deciding/administration.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import type { ProgramEvent } from '../events.js';
import { programFolding, programStream, type ProgramFacts } from '../facts.js';

/** Opens a scope in which registrations compete. */
export interface OpenProgram extends CommandBase {
  readonly programId: ProgramId;
  readonly title: { readonly zh: string; readonly en: string };
}

export const openProgram = administration<OpenProgram, ProgramFacts, ProgramEvent>({
  name: 'OpenProgram',
  stream: ({ programId }) => programStream(programId),
  folding: programFolding,
  allowed: ['administrator'],
  decide: ({ state }, { programId, title }) =>
    state.programId === undefined
      ? accept({ type: 'ProgramOpened', programId, title: { zh: clear(title.zh), en: clear(title.en) } })
      : refuse({ reason: 'ProgramExists', field: 'programId' }),
});
