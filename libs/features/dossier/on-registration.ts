import { accept, refuse } from '#event-sourcing/decision.js';
import type { DossierDecision } from './placed.js';
import type { Reader } from '#event-sourcing/command/handle-command.js';
import { gatesBefore, type GatedAct } from '#policy/clauses/gates.js';
import { valuesAt } from '#policy/own-fields.js';
import type { Operation } from '#policy/clauses/permissions.js';
import { partiesIn, type Fields, type InputOf, type Kinds } from '../deciding/input.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import type { Slice } from '../deciding/slice.js';
import { unfitParties, type Unfit } from '../deciding/named-parties.js';
import { conditionFacts } from './condition-facts.js';
import { countedWork } from './counted-work.js';
import { flagged } from './flagged.js';
import type { Registration } from './registration.js';
import type { RegistrationId, WrittenEvent } from './events.js';
import type { EpochSecret, KeyPlace } from './keyring.js';
import {
  actingOn,
  isFor,
  dossierOf,
  mayAct,
  onDossier,
  refuseWith,
  relationsTo,
  type DossierCommand,
  type LoadedDossier,
  type OnDossier,
} from './on-dossier.js';
import { usingGrants } from './request-decided.js';
import { inOwnCause, inOwnFavour, seenByTwo } from './own-cause.js';
import { notInFuture, notTooEarly } from './protection/roll-on.js';

/** Whose word a command is: a party's own (a desk may record it), an official's, or a ruling. */
export type Who = 'party' | 'official' | 'authority';

/** What a decision about one registration rests on: the registration is there, and the caller may do it. */
export interface OnRegistration extends OnDossier {
  readonly registration: Registration;
}
export type RegistrationCommand<F extends Fields> = DossierCommand & {
  readonly registrationId: RegistrationId;
} & InputOf<F>;

/** A command about one registration, as a value: everything about it that is no decision. */
export interface RegistrationSlice<F extends Fields = Fields, Found extends object = object> {
  readonly name: string;
  /** What the policy's permissions call it. */
  readonly operation: Operation;
  readonly who: Who;
  /** In both languages, for whoever reads the schema. */
  readonly says: string;
  readonly input: F;
  /**
   * It moves a clock from when it happened: not later than now, not before the claim, and no further back than the
   * policy lets.
   */
  readonly hasHappened?: true;
  /** Money that was received is no claim's work: paid before the filing, it is recorded, and counts from the filing. */
  readonly isPayment?: true;
  /** Reads what else the decision needs; what it reads is checked by the append. */
  readonly look?: (
    reader: Reader,
    command: RegistrationCommand<F>,
    state: LoadedDossier,
    secret: EpochSecret,
  ) => Promise<Partial<Found>>;
  readonly binds?: (command: Partial<Found>) => readonly KeyPlace[];
  readonly form?: (command: RegistrationCommand<F>) => Readonly<Record<string, string | number | boolean>>;
  readonly decide: (on: OnRegistration, command: RegistrationCommand<F> & Partial<Found>) => DossierDecision;
}

/** The same with the handling that follows from it. */
export type OneRegistration<F extends Fields = Fields, Found extends object = object> = RegistrationSlice<F, Found> &
  Slice<RegistrationCommand<F>, WrittenEvent> & { readonly about: 'registration' };

/** Any of a list. */
// oxlint-disable-next-line typescript/no-explicit-any -- The fields of each are known to the slice alone.
export type AnyOnRegistration = OneRegistration<any, any>;

/** What a gate calls it: a kind of activity and a request by their own names. */
const actOf = (operation: Operation, command: { readonly activity?: unknown; readonly request?: unknown }): string =>
  String(
    operation === 'recordActivity' ? command.activity : operation === 'requestApproval' ? command.request : operation,
  );

/** What is filled in with the act itself. */
const formOf = ({ form }: { readonly form?: unknown }): Kinds['form'] => (form as Kinds['form'] | undefined) ?? {};

/** Whose doing it is: a desk records what the holder did, anybody else acts for themselves. */
const doneFor = ({ roles, claimant, command }: FactsInForce, { holder }: Registration): PartyId =>
  roles.includes('desk') && command.onBehalfOf === undefined ? holder : claimant;

/** Whom the command names to get something: the customer, or a part of the deal. */
const getting = (fields: Fields, command: object): readonly { readonly holder: PartyId }[] =>
  partiesIn(fields, command as Readonly<Record<string, unknown>>)
    .filter(({ mayBeBarred }) => !mayBeBarred)
    .map(({ party }) => ({ holder: party }));

interface Asked extends DossierCommand {
  readonly registrationId: RegistrationId;
  readonly unfit?: Unfit;
  readonly activity?: unknown;
  readonly request?: unknown;
  readonly form?: unknown;
}

/** The same questions in the same order for every command about one registration, before its decision is asked. */
export const onRegistration = <F extends Fields, Found extends object = object>(
  slice: RegistrationSlice<F, Found>,
): OneRegistration<F, Found> => {
  const { name, input, operation, who } = slice;
  const { handling } = onDossier<Asked>({
    name,
    dossierId: ({ registrationId }) => dossierOf(registrationId),
    // What a slice is given besides its command was read by itself, a few lines further down.
    form: slice.form as never,
    binds: slice.binds as never,
    look: async (reader, command, state, secret) => ({
      ...command,
      unfit: await unfitParties(reader, input, command, state.facts),
      ...(await slice.look?.(reader, command as never, state, secret)),
    }),
    decide: (on, command) => {
      const registration = on.dossier.registrations.get(command.registrationId);
      const barred = refuseWith([
        // Of which class it is, is told to those alone whom it is for.
        ...mayAct(on.facts, operation, { ...actingOn(on.facts, registration), class: undefined }),
        ...(slice.hasHappened === true ? notInFuture(on.facts) : []),
      ]);
      if (barred !== undefined) return barred;
      // What every party may do, it may do to its own claims: of another's it hears what it hears of none.
      if (registration === undefined || !isFor(on.facts, operation, registration))
        return refuse({ reason: 'RegistrationUnknown', field: 'registrationId' });
      const named = actOf(operation, command);
      const act: GatedAct = {
        act: named,
        class: registration.class,
        values: valuesAt(on.facts.inForce, { act: named, details: registration.details, form: formOf(command) }),
        who: { roles: on.facts.roles, relations: relationsTo(on.facts, registration) },
        facts: conditionFacts(on.facts, [on.dossier], registration),
      };
      const gates = gatesBefore(on.facts.inForce, act);
      const refused = refuseWith([
        ...mayAct(on.facts, operation, actingOn(on.facts, registration)),
        ...gates.closed,
        ...(who === 'authority' ? inOwnCause(on.facts, on.dossier, [registration]) : []),
        ...seenByTwo(on.facts, operation, [registration, ...getting(input, command)]),
        ...(command.unfit ?? []),
        ...(slice.hasHappened === true ? notTooEarly(on.facts, registration, slice.isPayment === true) : []),
      ]);
      if (refused !== undefined) return refused;
      const decision = slice.decide({ ...on, registration }, command as never);
      if (!decision.accepted || decision.events.length === 0) return decision;
      const favour = refuseWith(who === 'authority' ? inOwnFavour(on.facts, decision.events) : []);
      if (favour !== undefined) return favour;
      const used = usingGrants({ facts: on.facts, registration, act });
      const done = { partyId: doneFor(on.facts, registration), about: act.act, registrationId: registration.id };
      return accept(
        ...decision.events,
        ...used,
        ...flagged(on.dossier, on.facts, gates.raised, done),
        ...countedWork(on.facts, { operation, act: named, partyId: done.partyId }),
      );
    },
  });
  return { ...slice, about: 'registration', handling };
};
