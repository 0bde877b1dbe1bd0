import type { Rejection } from '#event-sourcing/decision.js';
import type { Code, Instant, ProgramId, Reasons } from '#event-sourcing/vocabulary.js';
import { actsForOthers, permits, type ActingAs, type Operation } from '#policy/clauses/permissions.js';
import { PolicyMisuse } from '#policy/evaluation.js';
import { exclusionAt, type Standing } from '../standing/facts.js';
import type { FactsInForce } from './decision-facts.js';
import { isSystemParty } from './system-parties.js';

/** By roles alone, and as a party to the program. */
export const asParty = ({ caller, roles }: FactsInForce): ActingAs => ({
  roles,
  relations: caller.partyId === undefined ? [] : ['party'],
});

const reasonOf = { dismissal: 'PartyDismissed', ban: 'PartyBanned', suspension: 'PartySuspended' } as const;
/** What a standing forbids its party at present; in no program: what any of them forbids. */
export const barredBy = (standing: Standing, program: ProgramId | undefined, now: Instant): readonly Rejection[] => {
  const excluded = exclusionAt(standing, program, now);
  return excluded === undefined
    ? []
    : [
        {
          reason: reasonOf[excluded.kind],
          inputs: { offence: excluded.offence.offence, until: excluded.until ?? null },
        },
      ];
};

/** May the caller do this? What its standing forbids first, then what the policy permits: every command asks it. */
export const mayAct = (
  facts: FactsInForce,
  operation: Operation,
  as: ActingAs = asParty(facts),
): readonly Rejection[] => {
  // Whoever acts, and whoever it is for: a clerk who was dismissed files for nobody.
  const [barred] = [facts.callerStanding, facts.standing].flatMap((standing) =>
    barredBy(standing, facts.programId, facts.now),
  );
  if (barred !== undefined) return [barred];
  if (!mayRecordForOthers(facts))
    return [{ reason: 'RoleMissing', field: 'onBehalfOf', accepted: { roles: ['desk' as Code] } }];
  const verdict = permits(facts.inForce, operation, as);
  return verdict.allowed ? [] : verdict.rejections;
};

/**
 * In another's name acts only a desk, or whom the policy lets file for others: anybody else could ask in a rival's name
 * what is told to the holder alone.
 */
const mayRecordForOthers = ({ command: { by, onBehalfOf }, inForce, roles }: FactsInForce): boolean =>
  onBehalfOf === undefined || onBehalfOf === by || (!isSystemParty(onBehalfOf) && actsForOthers(inForce, roles));

/**
 * What a ruling cites that rests on nothing but who may do it: the item of the policy that lets the caller. Asked after
 * `mayAct` has said yes.
 */
export const permittedBy = (facts: FactsInForce, operation: Operation, as: ActingAs = asParty(facts)): Reasons => {
  const verdict = permits(facts.inForce, operation, as);
  const [first, ...more] = verdict.allowed ? verdict.because : [];
  if (first === undefined) throw new PolicyMisuse(`${operation} is ruled on without being permitted`);
  return [first, ...more];
};
