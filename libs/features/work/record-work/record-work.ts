import { accept, refuse, type Decision, type Placed, type Rejection } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Code, PartyId } from '#event-sourcing/vocabulary.js';
import { judgeActivity, recordableWork } from '#policy/clauses/activities.js';
import { periodicDutiesOf, rolesOfOffice } from '#policy/clauses/periodic-duties.js';
import { noFacts } from '#policy/facts.js';
import { isBefore } from '#time/instant.js';
import type { Attachment } from '../../dossier/events.js';
import {
  contextOf,
  isInForce,
  isStranger,
  loadDecisionFacts,
  refusalOf,
  type DecisionFacts,
  type FactsInForce,
  type ProgramCommand,
} from '../../deciding/decision-facts.js';
import { field, optional } from '../../deciding/input.js';
import { asParty, mayAct } from '../../deciding/may-act.js';
import type { Slice } from '../../deciding/slice.js';
import { partyFolding, partyStream, rolesAt, type PartyFacts } from '../../party/facts.js';
import type { StandingEvent } from '../../standing/events.js';
import { standingFolding, standingStream, type Standing } from '../../standing/facts.js';
import type { WorkCounted, WorkEvent, WorkRecorded } from '../events.js';
import { workFolding, workStream, type Work } from '../facts.js';
import { foldPlaced, setPeriods, type OnWork } from '../set-periods.js';

/**
 * Something was done or handed in that is about no registration, of a kind that the policy names: of whoever records
 * it, or about a party that is named. What it makes done follows in the same append.
 */
export interface RecordWork extends ProgramCommand {
  readonly activity: string;
  /** About whom, where the policy says that it is about a party. */
  readonly partyId?: PartyId;
  readonly form?: Readonly<Record<string, string | number | boolean>>;
  readonly attachments: readonly Attachment[];
}
/** What is given of it, as the edge knows it. */
export const recordWorkInput = {
  activity: field('word', { says: 'An activity about the program or a party. / 与报备无关的活动。' }),
  partyId: optional('partyOnRecord', { says: 'About whom, where it is about a party. / 所涉当事方。' }),
  form: optional('form'),
  attachments: field('attachments'),
} as const;
export interface RecordWorkState {
  readonly facts: DecisionFacts;
  readonly party: PartyFacts;
  readonly standing: Standing;
  readonly own: Work;
  readonly offices: Work;
}

export const recordWork: Slice<RecordWork, WorkEvent | StandingEvent> = {
  name: 'RecordWork',
  handling: (command, { clock }) => recordWorkHandling(command, clock),
};

const concerned = ({ partyId, onBehalfOf, by }: RecordWork): PartyId => partyId ?? onBehalfOf ?? by;

const recordWorkHandling = (
  command: RecordWork,
  clock: Clock,
): Handling<RecordWorkState, WorkEvent | StandingEvent, Rejection> => {
  const { programId } = command;
  const party = concerned(command);
  return {
    context: contextOf(command, 'RecordWork', programId),
    queueOn: [workStream(programId, party)],
    load: async (reader) => ({
      facts: await loadDecisionFacts(reader, command, programId, clock.now()),
      party: await reader.fold(partyStream(party), partyFolding),
      standing: await reader.fold(standingStream(party), standingFolding),
      own: await reader.fold(workStream(programId, party), workFolding),
      offices: await reader.fold(workStream(programId), workFolding),
    }),
    decide: (state) => recording(state, command),
    refusal: (rejections, { facts }) =>
      refusalOf(command, 'RecordWork', rejections, {
        programId,
        subject: `program:${programId}`,
        policy: facts.inForce?.policy.reference,
        form: isStranger(facts) ? undefined : command.form,
      }),
  };
};

const recording = (state: RecordWorkState, command: RecordWork): Decision<Placed<WorkEvent | StandingEvent>> => {
  const { facts, party } = state;
  if (!isInForce(facts)) return refuse({ reason: 'NoPolicyInForce' });
  const as = asParty(facts);
  const [barred, ...more] = mayAct(facts, 'recordWork', as);
  if (barred !== undefined) return refuse(barred, ...more);
  const partyId = concerned(command);
  const happenedAt = command.occurredAt ?? command.receivedAt;
  const judged = judgeActivity(facts.inForce, {
    activity: command.activity,
    values: command.form ?? {},
    attachments: command.attachments.map(({ kind }) => kind),
    who: { roles: facts.roles, relations: [...as.relations, ...(partyId === command.by ? (['self'] as const) : [])] },
    occurredAt: happenedAt,
    receivedAt: command.receivedAt,
    facts: {
      ...noFacts,
      roles: facts.roles,
      party: { kind: facts.claimantFacts.kind, roles: rolesAt(facts.claimantFacts, facts.programId, facts.now) },
    },
  });
  if (!judged.allowed) return refuse(...judged.rejections);
  const [wrong, ...others] = unfit(facts, party, command);
  if (wrong !== undefined) return refuse(wrong, ...others);
  const { filled, judgement } = judged;
  const recorded: WorkRecorded = {
    type: 'WorkRecorded',
    programId: facts.programId,
    partyId,
    by: command.by,
    activity: command.activity as Code,
    happenedAt,
    form: Object.fromEntries(Object.entries(filled.personalValues).map(([name, value]) => [name, personal(value)])),
    details: filled.clearValues,
    attachments: command.attachments,
    because: judgement.because,
  };
  const counted: WorkCounted = {
    type: 'WorkCounted',
    programId: facts.programId,
    by: command.by,
    activity: command.activity as Code,
    happenedAt,
  };
  return accept(
    ...andDone({ facts, work: state.own, party: { id: partyId, facts: party, standing: state.standing } }, recorded),
    ...(isOfOffice(facts, command.activity) ? andDone({ facts, work: state.offices }, counted) : []),
  );
};

/** A fact of work, and what it makes done. */
export const andDone = (on: OnWork & { readonly facts: FactsInForce }, event: WorkRecorded | WorkCounted) => {
  const { facts, work, party } = on;
  const fact: Placed<WorkEvent> = {
    stream: workStream(facts.programId, party?.id),
    event,
    policy: facts.inForce.policy.reference,
  };
  return [fact, ...setPeriods({ ...on, work: foldPlaced(work, fact, facts) }).events];
};

/** Whether somebody who acts has a role of an office whose duty this does. */
const isOfOffice = ({ inForce, roles, claimantFacts, programId, now }: FactsInForce, activity: string): boolean => {
  const held: readonly string[] = [...roles, ...rolesAt(claimantFacts, programId, now)];
  return periodicDutiesOf(inForce).some(
    (item) => item.done.includes(activity) && rolesOfOffice(item)?.some((role) => held.includes(role)) === true,
  );
};

const unfit = (facts: FactsInForce, party: PartyFacts, command: RecordWork): readonly Rejection[] => {
  const { inForce, now, claimant } = facts;
  const at = command.occurredAt ?? command.receivedAt;
  const item = recordableWork(inForce.policy.document).find(({ name }) => name === command.activity);
  return [
    ...(isBefore(now, at)
      ? [{ reason: 'OccurredInFuture' as const, field: 'occurredAt', accepted: { latest: now } }]
      : []),
    ...(item?.about === 'party' && command.partyId === undefined
      ? [{ reason: 'PartyToName' as const, field: 'partyId' }]
      : []),
    ...(item?.about === 'program' && command.partyId !== undefined && command.partyId !== claimant
      ? [{ reason: 'PartyNotAsked' as const, field: 'partyId' }]
      : []),
    ...(command.partyId !== undefined && party.partyId === undefined
      ? [{ reason: 'PartyUnknown' as const, field: 'partyId' }]
      : []),
  ];
};
