import { accept, type Rejection, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, Instant } from '#event-sourcing/vocabulary.js';
import { judgeTermination } from '#policy/clauses/ends.js';
import { isBefore } from '#time/instant.js';
import type { RefilingBan } from '../../events.js';
import type { FactsInForce } from '../../../deciding/decision-facts.js';
import { field, optional } from '../../../deciding/input.js';
import { refuseWith, relationsTo } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { stands, type Registration } from '../../registration.js';
import { about } from '../../placed.js';

/**
 * Ends a protection for a cause the policy names; false information may bring a ban on filing the customer again:
 * R06.15–17, R09.08, R09.10.
 */
export const terminate = onRegistration({
  name: 'Terminate',
  operation: 'terminate',
  who: 'authority',
  says: 'Ends a protection for a cause that the policy names. / 因故终止保护。',
  input: {
    cause: field('word', { says: 'As the policy names it. / 制度规定的原因。' }),
    grounds: field('text', { says: 'Read by the filer. / 报备人可见。' }),
    discoveredAt: optional('instant', {
      says: 'Where a ban is counted from the discovery; absent: now. / 禁报期从发现之日起算时填写；不填为现在。',
    }),
  },
  decide: ({ facts, registration }, { registrationId, cause, grounds, discoveredAt }) => {
    if (registration.state === 'terminated' || registration.state === 'void') return accept();
    if (registration.protection.state === 'suspended')
      return refuse({ reason: 'InCase', inputs: { caseId: registration.protection.caseId } });
    const waiting = registration.state === 'underReview' || registration.state === 'returned';
    if (!waiting && !stands(registration, facts.now))
      return refuse({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    const { judgement, ban, effect } = judgeTermination(facts.under(registration.policy), {
      cause,
      roles: facts.roles,
      relations: relationsTo(facts, registration),
      at: facts.now,
      discoveredAt,
    });
    if (!judgement.allowed) return refuse(...judgement.rejections);
    const misdated = refuseWith(
      discoveredAt === undefined
        ? []
        : notDiscovered(discoveredAt, { facts, registration, counts: ban?.starts === 'discovery' }),
    );
    if (misdated !== undefined) return misdated;
    const refilingBan: RefilingBan | undefined =
      ban === undefined
        ? undefined
        : {
            scope: ban.scope,
            ...(ban.scope === 'customer' ? {} : { partyId: registration.holder }),
            ...(ban.until === undefined ? {} : { until: ban.until }),
          };
    return accept(
      ...about(registration, {
        type: 'Terminated',
        registrationId,
        cause: cause as Code,
        effect,
        endedAt: facts.now,
        grounds: personal(grounds),
        ...(refilingBan === undefined ? {} : { ban: refilingBan }),
        because: ban === undefined ? judgement.because : [...judgement.because, ban.because],
      }),
    );
  },
});

/** Nobody finds out before the claim is there, or later than now; and where nothing counts from it, it is no answer. */
const notDiscovered = (
  discoveredAt: Instant,
  { facts, registration, counts }: { facts: FactsInForce; registration: Registration; counts: boolean },
): readonly Rejection[] => {
  const field = 'discoveredAt';
  if (!counts) return [{ reason: 'DiscoveryCountsNothing', field }];
  if (isBefore(facts.now, discoveredAt)) return [{ reason: 'NotYet', field, accepted: { until: facts.now } }];
  return isBefore(discoveredAt, registration.filedAt)
    ? [{ reason: 'OccurredBeforeFiling', field, accepted: { earliest: registration.filedAt } }]
    : [];
};
