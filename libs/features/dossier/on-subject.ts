import { accept, type Decision, type Rejection } from '#event-sourcing/decision.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { StreamName } from '#event-sourcing/vocabulary.js';
import { judgeForm, type JudgedForm } from '#policy/clauses/form.js';
import {
  contextOf,
  loadDecisionFacts,
  refusalOf,
  type CommandBase,
  type DecisionFacts,
  type ProgramCommand,
} from '../deciding/decision-facts.js';
import type { Slice } from '../deciding/slice.js';
import { emptyDossier, type Dossier } from './dossier.js';
import type { DossierEvent, DossierId, KeyBound } from './events.js';
import type { EpochSecret } from './keyring.js';
import { mainOf, mergeInto } from './merge.js';
import { foldUnrecorded } from './ahead.js';
import { deny, dossierOf, dossierStream, refusingUnpublishedCalendar } from './on-dossier.js';
import { settle } from './settle.js';
import { findSubject, type Subject } from './subject.js';

export type FormValues = Readonly<Record<string, string | number | boolean>>;

/**
 * A command that names its subject as a form does: by name, telephone, project … whatever the policy's keys are made
 * of.
 */
export interface SubjectCommand extends ProgramCommand {
  readonly class: string;
  readonly form: FormValues;
  /** Used when nobody has ever named this subject. */
  readonly newDossierId: DossierId;
}
export type SubjectEvent = DossierEvent | KeyBound;
export interface SubjectState {
  readonly facts: DecisionFacts;
  readonly judged?: JudgedForm;
  readonly subject: SettledSubject;
}
/**
 * The dossiers have met every deadline that is due; `due` holds the events of that, to be recorded in front of whatever
 * is decided.
 */
export interface SettledSubject extends Subject {
  readonly due: readonly DossierEvent[];
}

/**
 * What time alone has decided comes before a merge too: of two dossiers that are one subject, each first is what a
 * punctual tick would have made of it.
 */
export const settleSubject = (subject: Subject, facts: DecisionFacts): SettledSubject => {
  const settled = subject.dossiers.map((dossier) => {
    const due = settle(dossier, facts);
    return { due, dossier: foldUnrecorded(dossier, due, facts) };
  });
  return {
    places: subject.places,
    dossiers: settled.map(({ dossier }) => dossier),
    due: settled.flatMap(({ due }) => due),
  };
};
/**
 * The subject's dossier, opened if it is new, merged if its keys showed that several are one, with every due deadline
 * met.
 */
export interface OnSubject {
  readonly facts: DecisionFacts;
  readonly judged: JudgedForm;
  readonly dossier: Dossier;
  readonly isNew: boolean;
}

export interface SubjectSlice<C extends SubjectCommand> {
  readonly name: string;
  readonly attachments?: (command: C) => readonly string[];
  /**
   * Claims nothing: an ask, a permission, an exemption. It binds no key beside those of a subject nobody had named, and
   * never joins two dossiers, however its keys lead.
   */
  readonly claimsNothing?: true;
  readonly decide: (state: OnSubject, command: C) => Decision<DossierEvent>;
}

/** Whoever sends the command names the subject; the id of a new one is given outside the decision. */
export type Naming<C extends SubjectCommand> = Omit<C, 'newDossierId'> & CommandBase;

/** A command about a subject that its form names, as a value. */
export const onSubject = <C extends SubjectCommand>(
  slice: SubjectSlice<C>,
): SubjectSlice<C> & Slice<Naming<C>, SubjectEvent> => ({
  ...slice,
  handling: (command, { clock, secret, newDossierId }) =>
    subjectHandling(slice, { ...command, newDossierId: newDossierId() } as unknown as C, clock, secret),
});

export const subjectHandling = <C extends SubjectCommand>(
  slice: SubjectSlice<C>,
  command: C,
  clock: Clock,
  secret: EpochSecret,
): Handling<SubjectState, SubjectEvent, Rejection> => ({
  context: contextOf(command, slice.name, command.programId),
  load: async (reader) => {
    const facts = await loadDecisionFacts(reader, command, command.programId, clock.now());
    const judged =
      facts.inForce === undefined
        ? undefined
        : judgeForm(facts.inForce, {
            class: command.class,
            values: command.form,
            attachments: slice.attachments?.(command) ?? [],
          });
    const subject = await findSubject(reader, command.programId, judged?.strongKeys ?? [], secret);
    return { facts, judged, subject: settleSubject(subject, facts) };
  },
  decide: (state) => decideOnSubject(state, command, slice),
  streamOf: (event, { subject, facts }) =>
    streamOf(event, subject, mainOf(subject.dossiers, facts.now)?.id ?? command.newDossierId),
  refusal: (rejections, { subject }) =>
    refusalOf(command, slice.name, rejections, {
      programId: command.programId,
      subject: subject.dossiers[0]?.id,
      form: command.form,
    }),
  policyOf: ({ facts }) => facts.inForce?.policy.reference,
});

const streamOf = (event: SubjectEvent, subject: Subject, main: DossierId): StreamName | readonly StreamName[] => {
  if (event.type === 'KeyBound') return subject.places.find(({ kind }) => kind === event.key)!.stream;
  if (event.type === 'DossierMerged') return [dossierStream(event.from), dossierStream(event.into)];
  if ('registrationId' in event && event.registrationId !== undefined)
    return dossierStream(dossierOf(event.registrationId));
  return dossierStream(main);
};

const decideOnSubject = <C extends SubjectCommand>(
  { facts, judged, subject }: SubjectState,
  command: C,
  slice: SubjectSlice<C>,
): Decision<SubjectEvent> => {
  if (facts.program.programId === undefined) return deny({ reason: 'ProgramUnknown', field: 'programId' });
  if (judged === undefined) return deny({ reason: 'NoPolicyInForce' });
  if (slice.claimsNothing === true && subject.dossiers.length > 0)
    return decideBeside({ facts, judged, subject }, command, slice);
  const known = mainOf(subject.dossiers, facts.now);
  const opening: readonly DossierEvent[] =
    known === undefined
      ? [{ type: 'DossierOpened', dossierId: command.newDossierId, programId: command.programId }]
      : [];
  const merging = mergeInto(subject.dossiers, facts);
  const dossier = foldUnrecorded(known ?? emptyDossier, opening, facts);
  const decision = refusingUnpublishedCalendar(() =>
    slice.decide({ facts, judged, dossier, isNew: known === undefined }, command),
  );
  if (!decision.accepted || decision.events.length === 0) return decision;
  return accept<SubjectEvent>(
    ...bindings(subject, dossier.id!, command),
    ...opening,
    ...subject.due,
    ...merging,
    ...decision.events,
  );
};

/** Every dossier that the keys lead to must allow it; the one that would go on of them keeps it, alone. */
const decideBeside = <C extends SubjectCommand>(
  { facts, judged, subject }: SubjectState & { readonly judged: JudgedForm },
  command: C,
  slice: SubjectSlice<C>,
): Decision<SubjectEvent> => {
  const main = mainOf(subject.dossiers, facts.now)!;
  const others = subject.dossiers.filter((dossier) => dossier !== main);
  const decisions = [main, ...others].map((dossier) =>
    refusingUnpublishedCalendar(() => slice.decide({ facts, judged, dossier, isNew: false }, command)),
  );
  const decision = decisions.find(({ accepted }) => !accepted) ?? decisions[0]!;
  return decision.accepted && decision.events.length > 0
    ? accept<SubjectEvent>(...subject.due, ...decision.events)
    : decision;
};

const bindings = ({ places }: Subject, dossierId: DossierId, { programId }: SubjectCommand): readonly KeyBound[] =>
  places
    .filter(({ boundTo, inOldEpoch }) => boundTo === undefined || inOldEpoch)
    .map(({ kind }) => ({ type: 'KeyBound', dossierId, programId, key: kind }));
