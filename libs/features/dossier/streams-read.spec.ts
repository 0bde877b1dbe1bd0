import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import type { Commit } from '#event-sourcing/ports/event-log.js';
import { simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { AnyEvent } from '#event-sourcing/event.js';
import { accept, type Placed } from '#event-sourcing/decision.js';
import type { Code, CommandId, PartyId, StreamName } from '#event-sourcing/vocabulary.js';
import { calendarFromChineseDays } from '#time/calendar.js';
import { contextOf } from '../deciding/decision-facts.js';
import { Commands } from '../edge/commands.js';
import { calendarStream } from '../program/facts.js';
import { register } from './registration/register/register.js';
import {
  engineOn,
  keyStreamsIn,
  on,
  openingOf,
  programId,
  rehearsalText,
  rehearsalSecrets,
} from './testing/rehearsal.js';

const form = { name: '王芳', phone: '13800000001' };
const keys = keyStreamsIn('e1', form).map(({ stream }) => stream);

/** Files a new customer; answers each stream as often as it was read, and the streams that the append checked. */
const filing = async (
  replaced: Readonly<Record<string, string>>,
  { by = 'dealer-a', onBehalfOf }: { readonly by?: string; readonly onBehalfOf?: string } = {},
) => {
  const { events, keyStore } = await openingOf(rehearsalText(replaced));
  const journal = memoryJournal();
  await journal.append(events, 0);
  const log = memoryEventLog({ journal });
  const clock = simulatedClock(on('2026-03-02'));
  const command = { commandId: 'c1' as CommandId, receivedAt: on('2026-03-02'), receivedBy: 'system' as Code };
  const days = calendarFromChineseDays().years['2026'];
  await engineOn({ log, keyStore, clock, seed: 'calendar' }).handle({
    context: contextOf({ ...command, commandId: 'c0' as CommandId, by: 'root' as PartyId }, 'Given'),
    load: async () => undefined,
    decide: () =>
      accept<Placed>({
        stream: calendarStream('china' as Code, 2026),
        event: { type: 'CalendarPublished', calendarId: 'china', year: 2026, version: 1, ...days } as AnyEvent,
      }),
    refusal: () => {
      throw new Error('A calendar is not refused');
    },
  });
  const read: StreamName[] = [];
  const commits: Commit[] = [];
  const watched: typeof log = {
    ...log,
    head: () => log.head(),
    findCommand: (id) => log.findCommand(id),
    readAll: (...asked) => log.readAll(...asked),
    readStream: (stream, ...asked) => {
      read.push(stream);
      return log.readStream(stream, ...asked);
    },
    append: (commit) => {
      commits.push(commit);
      return log.append(commit);
    },
  };
  const engine = engineOn({ log: watched, keyStore, clock, seed: 'filing' });
  const { outcome } = await new Commands(engine, clock, engine.parts.ids, rehearsalSecrets).send(register, {
    ...command,
    by: by as PartyId,
    ...(onBehalfOf === undefined ? {} : { onBehalfOf: onBehalfOf as PartyId }),
    programId,
    class: 'walkIn',
    form,
    attachments: [],
    channel: 'system',
  } as never);
  expect(outcome).toBe('accepted');
  const [{ writes, checks }] = commits as [Commit];
  return {
    read: read.toSorted(),
    resting: [...writes, ...checks].map(({ stream }) => stream).toSorted(),
    written: writes.map(({ stream }) => stream),
  };
};

const needed = (...parties: readonly string[]): readonly string[] =>
  [
    'keyring',
    `program-${programId}`,
    ...keys,
    // The tables of a policy are read with it, so that no decision rests on a version that has gone meanwhile.
    `table-${programId}-prices`,
    ...parties.flatMap((party) => [`party-${party}`, `standing-${party}`]),
  ].toSorted();

describe('a filing reads what the policy and the command need, each stream once', () => {
  it('under a policy that needs nothing more: the program, the caller and the keys', async () => {
    const { read, resting, written } = await filing({});
    expect(read).toEqual(needed('dealer-a'));
    // The dossier is new, and every other stream that was read is written or checked.
    const [dossier] = written.filter((stream) => stream.startsWith('dossier-'));
    expect(resting).toEqual([...read, dossier!].toSorted());
  });
  it('for somebody else: also whom it is for', async () =>
    expect((await filing({}, { by: 'desk', onBehalfOf: 'dealer-a' })).read).toEqual(needed('desk', 'dealer-a')));
  it('no calendar where the policy names one and no clause counts on it', async () =>
    expect((await filing({ 'timeZone: Asia/Shanghai': 'timeZone: Asia/Shanghai\ncalendar: china' })).read).toEqual(
      needed('dealer-a'),
    ));
  it('the years of the calendar, where a clause counts working days', async () => {
    const { read, resting } = await filing({
      'timeZone: Asia/Shanghai': 'timeZone: Asia/Shanghai\ncalendar: china',
      'lasts: { days: 7, counting: exclusive }': 'lasts: { workingDays: 7, counting: exclusive }',
    });
    expect(read).toEqual([...needed('dealer-a'), 'calendar-china-2026', 'calendar-china-2027'].toSorted());
    expect(resting).toEqual(expect.arrayContaining(['calendar-china-2026', 'calendar-china-2027']));
  });
});
