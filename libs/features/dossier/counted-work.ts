import type { Placed } from '#event-sourcing/decision.js';
import type { Code, PartyId } from '#event-sourcing/vocabulary.js';
import type { Operation } from '#policy/clauses/permissions.js';
import { periodicDutiesOf, rolesOfEach, rolesOfOffice } from '#policy/clauses/periodic-duties.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import type { WorkCounted } from '../work/events.js';
import { workStream } from '../work/facts.js';

/** What an act is recorded as; an activity by its own name. */
const recordedAs: Readonly<Partial<Record<Operation, string>>> = {
  recordVisit: 'visit',
  recordFollowUp: 'followUp',
  recordDeposit: 'deposit',
};

/** What somebody did for a registration counts for duties by period too: their own, and those of their offices. */
export const countedWork = (
  { inForce, programId, roles, command }: FactsInForce,
  { operation, act, partyId }: { readonly operation: Operation; readonly act: string; readonly partyId: PartyId },
): readonly Placed<WorkCounted>[] => {
  const activity = operation === 'recordActivity' ? act : recordedAs[operation];
  const items = periodicDutiesOf(inForce).filter(({ done }) => activity !== undefined && done.includes(activity));
  if (items.length === 0) return [];
  const counted: WorkCounted = {
    type: 'WorkCounted',
    programId,
    by: command.by,
    activity: activity as Code,
    happenedAt: command.occurredAt ?? command.receivedAt,
  };
  const policy = inForce.policy.reference;
  const ofOffice = items.some((item) => rolesOfOffice(item)?.some((role) => roles.some((held) => held === role)));
  return [
    ...(items.some((item) => rolesOfEach(item) !== undefined)
      ? [{ stream: workStream(programId, partyId), event: { ...counted, partyId }, policy }]
      : []),
    ...(ofOffice ? [{ stream: workStream(programId), event: counted, policy }] : []),
  ];
};
