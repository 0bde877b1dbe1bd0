import { decodeEvent } from '#event-sourcing/envelope.js';
import type { AnyEvent, Recorded } from '#event-sourcing/event.js';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import type { Code, Reason } from '#event-sourcing/vocabulary.js';
import { catalogue } from '#features/edge/catalogue.js';
import { askAgain } from '#policy/again.js';
import type { Before } from '#policy/clause.js';
import type { Evaluation } from '#policy/evaluation.js';
import { loadPolicy } from '#policy/policy.js';

/**
 * One reason of the log beside the one that its clause gives today from what was stored; without `again` nothing
 * recomputes it.
 */
export interface Recomputed {
  readonly type: string;
  readonly clause: string;
  readonly stored: Reason;
  readonly again: Reason | undefined;
}

type Body = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => String(value);

/** Walks a log and recomputes every reason in it under the very text its ruling cites. */
export const recompute = (events: readonly StoredEvent[]): readonly Recomputed[] => {
  const policies = new Map<Code, Evaluation>();
  const standing = new Map<string, Before>();
  return events.flatMap((stored) => {
    const recorded = decodeEvent(stored, catalogue) as Recorded<AnyEvent>;
    const body = recorded.event as unknown as Body;
    if (body['type'] === 'PolicyPublished') {
      const loaded = loadPolicy(text(body['text']));
      if (!loaded.ok) throw new Error('A published policy does not load');
      policies.set(loaded.policy.reference, { policy: loaded.policy });
    }
    const before = standing.get(text(body['registrationId']));
    const found = ((body['because'] ?? []) as readonly Reason[]).map((reason): Recomputed => ({
      type: text(body['type']),
      clause: reason.clause,
      stored: reason,
      again: askAgain({
        e: policies.get(reason.policy)!,
        reason,
        inputs: reason.inputs,
        body,
        times: recorded.times,
        before,
      }),
    }));
    remember(standing, body);
    return found;
  });
};

const remember = (standing: Map<string, Before>, body: Body): void => {
  const id = text(body['registrationId']);
  if (body['type'] === 'Registered') standing.set(id, { class: text(body['class']) });
  const known = standing.get(id);
  if (known === undefined) return;
  const window = (body['protection'] ??
    (body['restored'] as { readonly protection?: Before['current'] } | undefined)?.protection) as Before['current'];
  standing.set(id, {
    ...known,
    ...(window === undefined ? {} : { current: window }),
    class: text(body['class'] ?? (body['restored'] as { readonly class?: string } | undefined)?.class ?? known.class),
  });
};
