import type { Code, Instant } from '#event-sourcing/vocabulary.js';
import { on } from '../../testing/rehearsal.js';
import { duties, dutyStateAt, type DutyRow } from './duties.js';

const told = (event: object) => ({ event, stream: 'dossier-d1', program: 'p', times: {}, boxes: {} }) as never;
const said = { registrationId: 'd1.1', duty: 'typing', since: on('2026-03-02'), because: [] };
const fold = (event: { readonly type: 'DutySet' | 'DutyMissed' }): readonly DutyRow[] => {
  const recorded = told(event);
  return duties.on[event.type]!.ids(recorded).map(
    (id) => duties.on[event.type]!.fold(undefined, recorded, id) as DutyRow,
  );
};

describe('the list of duties', () => {
  it('has one row for a party, and one for each role of an office, of which one stands for all', () => {
    expect(
      fold({ type: 'DutySet', ...said, state: 'open', party: 'dealer-a', dueAt: on('2026-03-05') } as never),
    ).toMatchObject([{ partyId: 'dealer-a', place: 'first', state: 'open', dossierId: 'd1' }]);
    expect(
      fold({ type: 'DutyMissed', ...said, roles: ['desk', 'reviewer'], dueAt: on('2026-03-05') } as never),
    ).toMatchObject([
      { role: 'desk', place: 'first', state: 'missed' },
      { role: 'reviewer', place: 'more', state: 'missed' },
    ]);
  });
  it('says of what was due that it is missed, before anybody recorded it; not while it waits for a calendar', () => {
    const row = { state: 'open', dueAt: on('2026-03-05') } as DutyRow;
    const at = (text: string): Instant => on(text);
    expect(dutyStateAt(row, at('2026-03-04'))).toBe('open');
    expect(dutyStateAt(row, at('2026-03-05'))).toBe('missed');
    expect(dutyStateAt({ ...row, waitsFor: '2027' as Code }, at('2026-03-06'))).toBe('open');
    expect(dutyStateAt({ ...row, state: 'still' }, at('2026-03-06'))).toBe('still');
  });
});
