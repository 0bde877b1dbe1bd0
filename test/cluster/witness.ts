import { decodePosition } from '#event-sourcing/projection/position-token.js';
import type { EventLog, StoredEvent } from '#event-sourcing/ports/event-log.js';
import type { CommandId } from '#event-sourcing/vocabulary.js';
import { isLive } from '#test/simulation/folders.js';
import { Reference, sentId, Violation } from '#test/simulation/reference.js';
import { checkRefusal } from '#test/simulation/witness.js';
import type { Seen } from './client.js';

export interface Findings {
  readonly events: number;
  readonly accepted: number;
  readonly refused: number;
  readonly givenUp: number;
  readonly faults: readonly string[];
  readonly liveTwice: number;
}

/**
 * C2: the log is the witness. Each answer names its place in it; a command stands once; a refusal is true where it
 * stands; and of two operations
 * of which one ended before the other began, the log has them in that order.
 */
export const examine = async (
  log: Pick<EventLog, 'readAll' | 'journalId'>,
  seen: readonly Seen[],
  now: string,
): Promise<Findings> => {
  const faults: string[] = seen.flatMap(({ id, lie }) => (lie === undefined ? [] : [`${id}: ${lie}`]));
  const byId = new Map(seen.map((one) => [one.id, one]));
  const reference = new Reference();
  const lastOf = new Map<string, number>();
  let events = 0;
  for (let from = 0; ;) {
    const slice = await log.readAll(from);
    for (const event of slice.events) {
      events += 1;
      lastOf.set(sentId(event.commandId), event.position);
      faults.push(...taken(reference, event, byId));
    }
    if (slice.next === from) break;
    from = slice.next;
  }
  const answered = seen.filter(({ outcome }) => outcome !== 'given up');
  for (const { id, outcome, position } of answered) {
    const place = lastOf.get(id);
    if (place === undefined) faults.push(`lost: ${id} was ${outcome} and is not in the log`);
    else if (decodePosition(position!, log.journalId) !== place)
      faults.push(`moved: ${id} was answered at ${decodePosition(position!, log.journalId)} and stands at ${place}`);
    else if ((outcome === 'refused') !== reference.refusals.has(id as CommandId))
      faults.push(`turned: ${id} was ${outcome}, the log says otherwise`);
  }
  faults.push(
    ...outOfOrder(answered.filter(({ id }) => lastOf.has(id)).map((one) => ({ ...one, place: lastOf.get(one.id)! }))),
  );
  const live = Map.groupBy(
    reference.claims.filter((claim) => isLive(claim, now)),
    ({ dossier }) => reference.root(dossier),
  );
  return {
    events,
    accepted: seen.filter(({ outcome }) => outcome === 'accepted').length,
    refused: seen.filter(({ outcome }) => outcome === 'refused').length,
    givenUp: seen.filter(({ outcome }) => outcome === 'given up').length,
    faults,
    liveTwice: [...live.values()].filter((claims) => claims.length > 1).length,
  };
};

const taken = (reference: Reference, event: StoredEvent, byId: ReadonlyMap<string, Seen>): readonly string[] => {
  try {
    reference.take(event);
    const id = sentId(event.commandId);
    const one = byId.get(id);
    const refusal = reference.refusals.get(id);
    if (one !== undefined && refusal !== undefined && event.step === event.of) {
      checkRefusal(
        reference,
        refusal,
        {
          id: id as CommandId,
          name: 'Register',
          by: one.party,
          form: { phone: one.customer },
          send: () => Promise.reject(new Error('only looked at')),
        },
        { from: event.recordedAt, to: event.recordedAt },
      );
    }
    return [];
  } catch (error) {
    if (error instanceof Violation) return [`violation at ${event.position}: ${error.message}`];
    throw error;
  }
};

/** What ended before another began stands in front of it. A sweep over both ends in the order of time. */
const outOfOrder = (operations: readonly (Seen & { readonly place: number })[]): readonly string[] => {
  const ends = operations.toSorted((a, b) => a.returnedAt - b.returnedAt);
  let latest: (typeof ends)[number] | undefined;
  let next = 0;
  return operations
    .toSorted((a, b) => a.calledAt - b.calledAt)
    .flatMap((one) => {
      for (; next < ends.length && ends[next]!.returnedAt < one.calledAt; next += 1)
        if (latest === undefined || ends[next]!.place > latest.place) latest = ends[next];
      return latest !== undefined && latest.place > one.place
        ? [`out of order: ${latest.id} ended before ${one.id} began, and stands behind it`]
        : [];
    });
};
