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
  const { count, lastAt } = known.get(counts.act) ?? { count: 0, lastAt: counts.happenedAt };
  const last = isBefore(lastAt, counts.happenedAt) ? counts.happenedAt : lastAt;
  return new Map(known).set(counts.act, { count: count + 1, lastAt: last });
};

/** The acts with this one, and with where its command left the claim. */
export const remembered = (
  before: Registration,
  after: Registration,
  happened: Happening<DossierEvent>,
  stood: (registration: Registration) => Stood,
): readonly ActRecorded[] => {
  const { id, command, at, event } = happened;
  const last = before.recorded.at(-1);
  if (id === undefined) return before.recorded;
  if (isUndoable(event.type)) {
    const counts = countsAs(happened);
    const stands = { found: stood(before), left: stood(after), rulingsBefore: before.rulings.length };
    const act = { id, type: event.type, command, at, ...stands };
    return [...before.recorded, counts === undefined ? act : { ...act, counts }];
  }
  // A clock that began, a class that changed: what followed in the same command is the act's doing.
  return last !== undefined && command !== undefined && last.command === command
    ? [...before.recorded.slice(0, -1), { ...last, left: stood(after) }]
    : before.recorded;
};

type Uncounted = Pick<Filed, 'acts' | 'recorded'>;
/** One that was taken back counts no more; of the others the latest is the last. */
export const without = ({ acts: known, recorded }: Uncounted, id: EventId): Uncounted => {
  const left = recorded.map((act) => (act.id === id ? { ...act, rescinded: true as const } : act));
  const counts = recorded.find((act) => act.id === id)?.counts;
  if (counts === undefined) return { acts: known, recorded: left };
  const others = left.flatMap((act) =>
    act.counts?.act === counts.act && act.rescinded !== true ? [act.counts.happenedAt] : [],
  );
  const lastAt = others.reduce<Instant | undefined>(
    (latest, at) => (latest === undefined || isBefore(latest, at) ? at : latest),
    undefined,
  );
  const fewer = new Map<Code, Acted>(known);
  if (lastAt === undefined) fewer.delete(counts.act);
  else fewer.set(counts.act, { count: others.length, lastAt });
  return { acts: fewer, recorded: left };
};
