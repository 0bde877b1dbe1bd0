import type { Code, Instant } from '#event-sourcing/vocabulary.js';
import { becauseOf, dueOf, type Duty } from '#policy/clauses/duties.js';
import { judgeTermination } from '#policy/clauses/ends.js';
import type { Evaluation } from '#policy/evaluation.js';
import { FOREVER } from '#time/instant.js';
import type { FactsInForce } from '../../deciding/decision-facts.js';
import type { DossierEvent, DutyKept, DutyMissed, DutySet, Terminated } from '../events.js';
import { about, type PlacedEvent } from '../placed.js';
import type { Registration } from '../registration.js';

/** A duty that waits to be done, and what follows when nobody does it in time. */
export interface DutyDeadline {
  readonly duty: Code;
  readonly dueAt: Instant;
  readonly fires: (facts: FactsInForce) => readonly PlacedEvent[];
}

/** While a claim's clock stands still, or it waits for a verdict, nothing of it falls due. */
export const dutyDeadlines = (registration: Registration): readonly DutyDeadline[] =>
  registration.closedAt !== undefined ||
  registration.protection.state === 'suspended' ||
  registration.state === 'inCase'
    ? []
    : [...registration.duties].flatMap(([duty, kept]) =>
        kept.state !== 'open' || kept.dueAt === undefined || kept.dueAt === FOREVER
          ? []
          : [
              {
                duty,
                dueAt: kept.dueAt,
                fires: (facts) => about(registration, ...fired(registration, duty, kept, facts)),
              },
            ],
      );

const fired = (
  registration: Registration,
  duty: Code,
  kept: DutyKept,
  facts: FactsInForce,
): readonly DossierEvent[] => {
  const e = facts.under(registration.policy);
  const item = e.policy.document.duties?.find(({ name }) => name === duty);
  if (item === undefined) throw new Error(`The policy ${registration.policy} has no duty ${duty}`);
  return kept.waitsFor === undefined
    ? missed(registration, item, kept, e)
    : [countedAtLast(registration, item, kept, e)];
};

/** Once in each gap: what is missed waits for the next time that it is done. */
const missed = (
  { id }: Registration,
  item: Duty,
  { since, dueAt, ...kept }: DutyKept,
  e: Evaluation,
): readonly DossierEvent[] => {
  const at = dueAt!;
  const because = becauseOf(e, item, { state: 'missed' as Code, since, dueAt: at });
  const { party, roles } = kept;
  const told: DutyMissed = {
    type: 'DutyMissed',
    registrationId: id,
    duty: item.name as Code,
    ...(party === undefined ? {} : { party }),
    ...(roles === undefined ? {} : { roles }),
    since,
    dueAt: at,
    because: [because],
  };
  return item.missed === undefined ? [told] : [told, ended(id, item.missed.end, at, e, because)];
};

const ended = (
  registrationId: Terminated['registrationId'],
  cause: string,
  at: Instant,
  e: Evaluation,
  because: Terminated['because'][number],
): Terminated => {
  const found = judgeTermination(e, { cause, at, roles: [], relations: [] });
  return {
    type: 'Terminated',
    registrationId,
    cause: cause as Code,
    effect: found.effect,
    endedAt: at,
    because: [because, found.because],
  };
};

/** The year that it waited for may have been published meanwhile; UnknownYearError says that it still waits. */
const countedAtLast = ({ id }: Registration, item: Duty, { since, party, roles }: DutyKept, e: Evaluation): DutySet => {
  const { dueAt, because } = dueOf(e, item, since);
  return {
    type: 'DutySet',
    registrationId: id,
    duty: item.name as Code,
    state: 'open',
    ...(party === undefined ? {} : { party }),
    ...(roles === undefined ? {} : { roles }),
    since,
    dueAt,
    because: [because],
  };
};
