import { accept, type Decision, type Placed, type Rejection, refuse } from '#event-sourcing/decision.js';
import type { Handling, Reader } from '#event-sourcing/command/handle-command.js';
import type { Code, Instant } from '#event-sourcing/vocabulary.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import { sameSubject } from '#policy/clauses/identity.js';
import { judgeForm, type JudgedForm } from '#policy/clauses/form.js';
import {
  contextOf,
  isInForce,
  isStranger,
  loadDecisionFacts,
  refusalOf,
  withTables,
  type CommandBase,
  type DecisionFacts,
  type FactsInForce,
  type ProgramCommand,
} from '../deciding/decision-facts.js';
import type { Fields } from '../deciding/input.js';
import { unfitParties, type Unfit } from '../deciding/named-parties.js';
import type { Slice } from '../deciding/slice.js';
import { emptyDossier, type Dossier } from './dossier.js';
import type { DossierId, KeyAsked, WrittenEvent } from './events.js';
import type { EpochSecret, KeyPlace } from './keyring.js';
import { withDuties } from './duty/set-duties.js';
import { kinshipOf, type Kinship } from './collision/possible-same-subject.js';
import { mainOf, mergeInto } from './merge.js';
import { foldUnrecorded } from './ahead.js';
import { conditionFacts } from './condition-facts.js';
import { bound, refusingUnpublishedCalendar } from './on-dossier.js';
import { inDossier, type DossierDecision, type PlacedEvent } from './placed.js';
import { withRequestsEnded } from './request-decided.js';
import { settle } from './settle.js';
import { findSubject, mayBeJoined, type Subject } from './subject.js';

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
export type SubjectEvent = WrittenEvent | KeyAsked;
export interface SubjectState<C = unknown> {
  readonly command: C;
  readonly facts: DecisionFacts;
  readonly judged?: JudgedForm;
  readonly subject: Subject;
  readonly unfit: Unfit;
}

/** The subject's dossier, opened if it is new, with every due deadline met. */
export interface OnSubject {
  readonly facts: FactsInForce;
  readonly judged: JudgedForm;
  readonly dossier: Dossier;
  /**
   * The other dossiers that the keys lead to, those that were merged into any of them, and those in which somebody only
   * asked. Bans, permissions and protections of all of them count.
   */
  readonly others: readonly Dossier[];
  /** Unless they are one, nothing is merged, no key is bound, and no claim ends by the command. */
  readonly kinship: Kinship;
  readonly isNew: boolean;
  /** Where all keys belong to dossiers that were merged into this one: those. */
  readonly keysOf: readonly DossierId[];
  /** What forbids somebody whom the command names to be named. */
  readonly unfit: Unfit;
}

export interface SubjectSlice<C extends SubjectCommand> {
  readonly name: string;
  /** Its fields that name parties. */
  readonly names?: Fields;
  /** When they are to be fit to be named; without it now. */
  readonly namedAt?: (command: C) => Instant;
  readonly attachments?: (command: C) => readonly string[];
  /**
   * Claims nothing: an ask, a permission, an exemption. It binds no key and joins no dossiers, however its keys lead:
   * whoever asks may be wrong about whose key it is, or mean it.
   */
  readonly claimsNothing?: true;
  /** Reads what else the decision needs and completes the command with it; what it reads is checked by the append. */
  readonly look?: (reader: Reader, command: C) => Promise<C>;
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
): Handling<SubjectState<C>, SubjectEvent, Rejection> => ({
  context: contextOf(command, slice.name, command.programId),
  load: async (reader) => {
    const read = await loadDecisionFacts(reader, command, command.programId, clock.now());
    const facts = await withTables(reader, read, secret);
    const judged =
      facts.inForce === undefined
        ? undefined
        : judgeForm(facts.inForce, {
            class: command.class,
            values: command.form,
            attachments: slice.attachments?.(command) ?? [],
            facts: isInForce(facts) ? conditionFacts(facts, []) : undefined,
            attested: facts.roles.includes('desk') ? (slice.attested?.(command) ?? []) : [],
          });
    const subject = await findSubject(reader, command.programId, judged?.strongKeys ?? [], secret);
    const at = { programId: command.programId, now: slice.namedAt?.(command) ?? facts.now };
    const unfit = await unfitParties(reader, slice.names ?? {}, command, at);
    return { command: (await slice.look?.(reader, command)) ?? command, facts, judged, subject, unfit };
  },
  decide: (state) => decideOnSubject(state, slice),
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
  { command, facts, judged, subject, unfit }: SubjectState<C>,
  slice: SubjectSlice<C>,
): Decision<Placed<SubjectEvent>> => {
  if (facts.program.programId === undefined) return refuse({ reason: 'ProgramUnknown', field: 'programId' });
  if (!isInForce(facts) || judged === undefined) return refuse({ reason: 'NoPolicyInForce' });
  // What time alone has decided comes before a merge too: of two dossiers that are one subject, each first is what a
  // punctual tick would have made of it.
  const settled = subject.dossiers.map((dossier) => settle(dossier, facts));
  const dossiers = settled.map(({ dossier }) => dossier);
  const due = settled.flatMap((each) => each.due);
  const kinship = mayBeJoined(subject) ? kinshipOf(dossiers, facts) : 'two';
  const deciding = (dossier: Dossier, isNew: boolean): DossierDecision => {
    const others = [...dossiers, ...subject.absorbed, ...subject.asked].filter(({ id }) => id !== dossier.id);
    return refusingUnpublishedCalendar(() =>
      slice.decide(
        { facts, judged, dossier, others, kinship, isNew, keysOf: elsewhereBound(subject, dossier), unfit },
        command,
      ),
    );
  };
  if (slice.claimsNothing === true && dossiers.length > 0) return decideBeside(dossiers, due, facts, deciding);
  const known = mainOf(dossiers, facts.now) ?? askedBefore(subject, facts, slice);
  const dossierId = known?.id ?? command.newDossierId;
  const opening =
    known === undefined
      ? inDossier({ id: dossierId }, facts, { type: 'DossierOpened', dossierId, programId: command.programId })
      : [];
  const dossier = foldUnrecorded(known ?? emptyDossier, opening, facts);
  const decision = deciding(dossier, known === undefined);
  if (!decision.accepted || decision.events.length === 0) return decision;
  const joins = slice.claimsNothing !== true && kinship === 'one';
  const keys = slice.claimsNothing === true ? askedKeys(subject, dossierId, facts) : [];
  return accept<Placed<SubjectEvent>>(
    ...(joins ? newKeys(subject).map((key) => bound(key, homeOf(key, subject, dossierId), facts)) : keys),
    ...opening,
    ...due,
    ...withDuties(
      [dossier, ...dossiers.filter(({ id }) => id !== dossierId)],
      withRequestsEnded(
        dossiers,
        [
          ...(joins ? mergeInto(dossiers, [sameSubject(facts.inForce, keyKinds(subject))], facts) : []),
          ...decision.events,
        ],
        facts,
      ),
      facts,
    ),
  );
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

/**
 * Where nobody has filed yet: an ask goes where the same keys were asked about before; a filing goes where its claimant
 * was granted something last, and that dossier becomes the subject's.
 */
const askedBefore = (
  { places, asked }: Subject,
  { claimant }: FactsInForce,
  { claimsNothing }: Pick<SubjectSlice<never>, 'claimsNothing'>,
): Dossier | undefined => {
  const free = asked.filter(
    ({ state, registrations, deals }) => state === 'open' && registrations.size === 0 && deals.size === 0,
  );
  return claimsNothing === true
    ? free.findLast(({ id }) => places.every(({ askedIn }) => askedIn.includes(id!)))
    : free.findLast(({ permissions, exemptions }) =>
        [...permissions, ...exemptions].some(({ partyId }) => partyId === claimant),
      );
};

/** The kinds of the keys that lead somewhere. */
const keyKinds = ({ places }: Subject): readonly Code[] =>
  places.filter(({ boundTo }) => boundTo !== undefined).map(({ kind }) => kind);

/** Where a key is bound an ask needs no trace of its own; elsewhere the next ask and the filing must find it. */
const askedKeys = ({ places }: Subject, dossierId: DossierId, facts: FactsInForce): readonly Placed<KeyAsked>[] =>
  places.some(({ boundTo }) => boundTo !== undefined)
    ? []
    : places
        .filter(({ askedIn }) => !askedIn.includes(dossierId))
        .map(({ kind, stream }) => ({
          stream,
          event: { type: 'KeyAsked', key: kind, dossierId, programId: facts.programId },
          policy: facts.inForce.policy.reference,
        }));

/**
 * A key belongs where it was bound, and a new one where the other keys of its form are: so that each finds its own
 * dossier again when a merge is taken back.
 */
const homeOf = ({ boundTo }: KeyPlace, subject: Subject, otherwise: DossierId): DossierId => {
  const [home, ...more] = boundDossiers(subject);
  return boundTo ?? (home !== undefined && more.length === 0 ? home : otherwise);
};
const boundDossiers = ({ places }: Subject): readonly DossierId[] => [
  ...new Set(places.flatMap(({ boundTo }) => boundTo ?? [])),
];
const elsewhereBound = (subject: Subject, { id }: Dossier): readonly DossierId[] => {
  const dossiers = boundDossiers(subject);
  return dossiers.some((dossier) => dossier === id) ? [] : dossiers;
};

const newKeys = ({ places }: Subject): readonly KeyPlace[] =>
  places.filter(({ boundTo, inOldEpoch }) => boundTo === undefined || inOldEpoch);
