import type { Happening } from '#event-sourcing/event.js';
import type { Code, EventId, Instant } from '#event-sourcing/vocabulary.js';
import { isBefore } from '#time/instant.js';
import type { DossierEvent } from './events.js';
import type { ActRecorded, Acted, Filed, Registration, Stood } from './registration-states.js';

/**
 * What somebody recorded, or decided underway, that changes where a claim stands: a slip in it is taken back like a
 * ruling. What is not here changes nothing by itself, or has an act of its own that takes it back.
 */
const undoable = [
  'Recalled',
  'ReviewAdvanced',
  'Returned',
  'ExtensionRequested',
  'ExtensionRefused',
  'VisitRecorded',
  'FollowUpRecorded',
  'DepositRecorded',
  'ActivityRecorded',
  'SplitAgreed',
] as const satisfies readonly DossierEvent['type'][];
export type Undoable = (typeof undoable)[number];
export const isUndoable = (type: string): type is Undoable => (undoable as readonly string[]).includes(type);
export const undoables: readonly Undoable[] = undoable;

/** As which act an event counts. */
const acts: Partial<Readonly<Record<DossierEvent['type'], string>>> = {
  VisitRecorded: 'visit',
  FollowUpRecorded: 'followUp',
  DepositRecorded: 'deposit',
};
export const countsAs = ({ event, at, occurredAt = at }: Happening<DossierEvent>): ActRecorded['counts'] => {
  if (event.type === 'ActivityRecorded') return { act: event.activity, happenedAt: event.happenedAt };
  const act = acts[event.type];
  return act === undefined ? undefined : { act: act as Code, happenedAt: occurredAt };
};
/** One more of an act. */
export const counted = (known: Filed['acts'], counts: ActRecorded['counts']): Filed['acts'] => {
  if (counts === undefined) return known;
  const { happenedAt } = counts;
  const acted = known.get(counts.act) ?? { count: 0, lastAt: happenedAt };
  return new Map(known).set(counts.act, { ...acted, count: acted.count + 1, lastAt: later(acted.lastAt, happenedAt) });
};
const later = (known: Instant | undefined, at: Instant): Instant =>
  known === undefined || isBefore(known, at) ? at : known;

/** So many of the latest acts can be taken back: a daily contact over years must not be carried along whole. */
export const recordedMax = 100;

type Uncounted = Pick<Filed, 'acts' | 'recorded'>;
/** The acts with this one, and with where its command left the claim. */
export const remembered = (
  before: Registration,
  after: Registration,
  happened: Happening<DossierEvent>,
  stood: (registration: Registration) => Stood,
): Uncounted => {
  const { id, command, at, event } = happened;
  const { acts } = after;
  const last = before.recorded.at(-1);
  if (id === undefined) return { acts, recorded: before.recorded };
  if (isUndoable(event.type)) {
    const counts = countsAs(happened);
    const stands = { found: stood(before), left: stood(after), rulingsBefore: before.rulings.length };
    const act = { id, type: event.type, command, at, ...stands };
    return latest(acts, [...before.recorded, counts === undefined ? act : { ...act, counts }]);
  }
  // A clock that began, a class that changed: what followed in the same command is the act's doing.
  const ofTheAct = last !== undefined && command !== undefined && last.command === command;
  return {
    acts,
    recorded: ofTheAct ? [...before.recorded.slice(0, -1), { ...last, left: stood(after) }] : before.recorded,
  };
};
/** The oldest stands for good once there are too many. */
const latest = (acts: Filed['acts'], recorded: readonly ActRecorded[]): Uncounted => {
  const [oldest, ...others] = recorded;
  if (recorded.length <= recordedMax || oldest === undefined) return { acts, recorded };
  const { counts, rescinded } = oldest;
  const acted = counts === undefined ? undefined : acts.get(counts.act);
  if (counts === undefined || acted === undefined || rescinded === true) return { acts, recorded: others };
  const settledAt = later(acted.settledAt, counts.happenedAt);
  return { acts: new Map(acts).set(counts.act, { ...acted, settledAt }), recorded: others };
};

/** One that was taken back counts no more; of the others the latest is the last. */
export const without = ({ acts: known, recorded }: Uncounted, id: EventId): Uncounted => {
  const slip = recorded.find((act) => act.id === id);
  if (slip === undefined || slip.rescinded === true) return { acts: known, recorded };
  const { counts } = slip;
  const left = recorded.map((act) => (act === slip ? { ...act, rescinded: true as const } : act));
  const acted = counts === undefined ? undefined : known.get(counts.act);
  if (counts === undefined || acted === undefined) return { acts: known, recorded: left };
  const lastAt = left.reduce<Instant | undefined>(
    (at, act) => (act.counts?.act === counts.act && act.rescinded !== true ? later(at, act.counts.happenedAt) : at),
    acted.settledAt,
  );
  const fewer = new Map<Code, Acted>(known);
  if (lastAt === undefined) fewer.delete(counts.act);
  else fewer.set(counts.act, { ...acted, count: acted.count - 1, lastAt });
  return { acts: fewer, recorded: left };
};
