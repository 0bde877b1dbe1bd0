import { accept, type Decision, type Placed, type Rejection } from '#event-sourcing/decision.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import { sameSubject } from '#policy/clauses/identity.js';
import { judgeForm, type JudgedForm } from '#policy/clauses/form.js';
import {
  contextOf,
  isInForce,
  isStranger,
  loadDecisionFacts,
  refusalOf,
  type CommandBase,
  type DecisionFacts,
  type FactsInForce,
  type ProgramCommand,
} from '../deciding/decision-facts.js';
import type { Slice } from '../deciding/slice.js';
import { emptyDossier, liveClaims, type Dossier } from './dossier.js';
import type { DossierEvent, DossierId, KeyBound } from './events.js';
import type { EpochSecret, KeyPlace } from './keyring.js';
import { mainOf, mergeInto } from './merge.js';
import { foldUnrecorded } from './ahead.js';
import { bound, deny, refusingUnpublishedCalendar } from './on-dossier.js';
import { inDossier, type DossierDecision, type PlacedEvent } from './placed.js';
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
  readonly subject: Subject;
}

/**
 * The subject's dossier, opened if it is new, merged if its keys showed that several are one, with every due deadline
 * met.
 */
export interface OnSubject {
  readonly facts: FactsInForce;
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
  /**
   * What was done already is recorded whatever its keys lead to: a deal is never held up. It joins no dossiers then,
   * and binds no key.
   */
  readonly neverHeldUp?: true;
  /** Fields that are read as a desk attests them; from anybody else they are read as they stand. */
  readonly attested?: (command: C) => readonly string[];
  readonly decide: (state: OnSubject, command: C) => DossierDecision;
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
            attested: facts.roles.includes('desk') ? (slice.attested?.(command) ?? []) : [],
          });
    const subject = await findSubject(reader, command.programId, judged?.strongKeys ?? [], secret);
    return { facts, judged, subject };
  },
  decide: (state) => decideOnSubject(state, command, slice),
  refusal: (rejections, { subject, facts }) =>
    refusalOf(command, slice.name, rejections, {
      programId: command.programId,
      subject: subject.dossiers[0]?.id,
      // Who is nobody here leaves no customer's data behind, and fills no disk.
      form: isStranger(facts) ? undefined : command.form,
      policy: facts.inForce?.policy.reference,
    }),
});

const decideOnSubject = <C extends SubjectCommand>(
  { facts, judged, subject }: SubjectState,
  command: C,
  slice: SubjectSlice<C>,
): Decision<Placed<SubjectEvent>> => {
  if (facts.program.programId === undefined) return deny({ reason: 'ProgramUnknown', field: 'programId' });
  if (!isInForce(facts) || judged === undefined) return deny({ reason: 'NoPolicyInForce' });
  // What time alone has decided comes before a merge too: of two dossiers that are one subject, each first is what a
  // punctual tick would have made of it.
  const settled = subject.dossiers.map((dossier) => settle(dossier, facts));
  const dossiers = settled.map(({ dossier }) => dossier);
  const due = settled.flatMap((each) => each.due);
  const allowing = (dossier: Dossier, isNew: boolean): DossierDecision =>
    refusingUnpublishedCalendar(() => slice.decide({ facts, judged, dossier, isNew }, command));
  if (slice.claimsNothing === true && dossiers.length > 0) return decideBeside(dossiers, due, facts, allowing);
  const known = mainOf(dossiers, facts.now);
  const dossierId = known?.id ?? command.newDossierId;
  const opening =
    known === undefined
      ? inDossier({ id: dossierId }, facts, { type: 'DossierOpened', dossierId, programId: command.programId })
      : [];
  const dossier = foldUnrecorded(known ?? emptyDossier, opening, facts);
  const decision = allowing(dossier, known === undefined);
  if (!decision.accepted || decision.events.length === 0) return decision;
  const contested = isContested(dossiers, facts);
  if (contested && slice.neverHeldUp !== true)
    return deny({ reason: 'KeysOfSeveral', field: 'form', because: [sameSubject(facts.inForce, keyKinds(subject))] });
  if (contested) return accept<Placed<SubjectEvent>>(...due, ...decision.events);
  return accept<Placed<SubjectEvent>>(
    ...newKeys(subject).map((key) => bound(key, dossierId, facts)),
    ...opening,
    ...due,
    ...mergeInto(dossiers, keyKinds(subject), facts),
    ...decision.events,
  );
};

/** The kinds of the keys that lead somewhere. */
const keyKinds = ({ places }: Subject): readonly Code[] =>
  places.filter(({ boundTo }) => boundTo !== undefined).map(({ kind }) => kind);

/**
 * The dossiers hold live claims of more than one, and not all of them are the claimant's own: making them one would end
 * somebody's claim, by a form that may be mistaken or meant to. Nor does it end a claim for one that it may stand
 * beside.
 */
const isContested = (dossiers: readonly Dossier[], { claimant, now }: FactsInForce): boolean => {
  const sides = dossiers.map((dossier) => liveClaims(dossier, now)).filter((claims) => claims.length > 0);
  const all = sides.flat();
  const apart = all.some(({ kind, claims }) => kind !== all[0]!.kind || claims !== 'exclusive');
  return sides.length > 1 && (apart || all.some(({ holder }) => holder !== claimant));
};

/** Every dossier that the keys lead to must allow it; the one that would go on of them keeps it, alone. */
const decideBeside = (
  dossiers: readonly Dossier[],
  due: readonly PlacedEvent[],
  facts: FactsInForce,
  allowing: (dossier: Dossier, isNew: boolean) => DossierDecision,
): Decision<Placed<SubjectEvent>> => {
  const main = mainOf(dossiers, facts.now)!;
  const decisions = [main, ...dossiers.filter((dossier) => dossier !== main)].map((each) => allowing(each, false));
  const decision = decisions.find(({ accepted }) => !accepted) ?? decisions[0]!;
  return decision.accepted && decision.events.length > 0 ? accept(...due, ...decision.events) : decision;
};

const newKeys = ({ places }: Subject): readonly KeyPlace[] =>
  places.filter(({ boundTo, inOldEpoch }) => boundTo === undefined || inOldEpoch);
