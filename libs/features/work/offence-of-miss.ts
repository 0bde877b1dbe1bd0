import type { Placed } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import { yuan, type Code, type PartyId } from '#event-sourcing/vocabulary.js';
import { countingWindow, penaltyFor } from '#policy/clauses/offences.js';
import { periodicDutiesOf } from '#policy/clauses/periodic-duties.js';
import type { DecisionFacts } from '../deciding/decision-facts.js';
import type { OffenceId, StandingEvent } from '../standing/events.js';
import { nextOccurrence, standingStream, type Standing } from '../standing/facts.js';
import type { PeriodicDutyMissed } from './events.js';

/** What a miss comes to under the policy that asked for it: an offence with its fixed penalties, or nothing. */
export const offenceOfMiss = (
  {
    facts,
    partyId,
    standing,
  }: { readonly facts: DecisionFacts; readonly partyId: PartyId; readonly standing: Standing },
  { event, policy, source }: Placed<PeriodicDutyMissed>,
): readonly Placed<StandingEvent>[] => {
  const e = facts.under(policy!);
  const item = periodicDutiesOf(e).find(({ name }) => name === event.duty);
  const follows = item?.missed;
  if (item === undefined || follows === undefined || event.short < follows.shortOf) return [];
  const { programId, duty, dueAt, since, short, because } = event;
  const offence = follows.offence as Code;
  const occurrence = nextOccurrence(standing, programId, offence, countingWindow(e, offence).since(dueAt));
  const ruling = penaltyFor(e, { offence, occurrence, customers: 1, at: dueAt });
  const found = { offenceId: `${programId}.${partyId}.${duty}.${since}` as OffenceId, partyId, programId };
  const placed = (ruled: StandingEvent): Placed<StandingEvent> => ({
    stream: standingStream(partyId),
    event: ruled,
    ...(policy === undefined ? {} : { policy }),
    ...(source === undefined ? {} : { source }),
  });
  return [
    placed({
      type: 'OffenceFound',
      ...found,
      offence,
      occurrence,
      customers: 1,
      finding: personal(`${item.title.zh}：${since}，${short}`),
      because,
    }),
    placed({
      type: 'Penalized',
      ...found,
      penalties: ruling.penalties,
      ...(ruling.penalties.some((penalty) => 'amount' in penalty) ? { currency: yuan } : {}),
      because: [ruling.because],
    }),
  ];
};
