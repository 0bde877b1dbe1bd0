import type { Happening } from '#event-sourcing/event.js';
import type { Code, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import type {
  Arbitrated,
  CaseId,
  ConflictCause,
  ConflictRaised,
  RegistrationId,
  Share,
  VerdictOutcome,
} from './events.js';

interface Raised {
  readonly id: CaseId;
  /** Of the collision that opened it: a claim that joins changes neither cause, beginning nor deadline. */
  readonly cause: ConflictCause;
  readonly raisedAt: Instant;
  readonly dueAt?: Instant;
  readonly claims: readonly RegistrationId[];
  readonly arbiters: readonly Code[];
  /** The same question in the other dossiers that may be the same subject. */
  readonly elsewhere: readonly CaseId[];
  /** The claim whose keys led to several dossiers, where it was filed here. */
  readonly crossed?: RegistrationId;
  /** Whose clock has stood still for it: once each, so that no later claim freezes a customer anew. */
  readonly stoodStill: readonly RegistrationId[];
}
export interface OpenCase extends Raised {
  readonly state: 'open';
  readonly verdict?: undefined;
  readonly winner?: undefined;
  readonly shares?: undefined;
  readonly decidedAt?: undefined;
  readonly decidedBy?: undefined;
}
export interface DecidedCase extends Raised {
  readonly state: 'decided';
  readonly verdict: VerdictOutcome;
  readonly winner?: RegistrationId;
  readonly shares?: readonly Share[];
  readonly decidedAt: Instant;
  readonly decidedBy: PartyId;
}
export type Case = OpenCase | DecidedCase;
type Known = Case | undefined;

export const raised = (now: Known, { event, at }: Happening<ConflictRaised>): OpenCase => ({
  id: event.caseId,
  cause: now?.cause ?? event.cause,
  raisedAt: now?.raisedAt ?? at,
  // One whose verdict was taken back is asked anew, with the whole time for it.
  dueAt: now === undefined || now.state === 'decided' ? event.dueAt : now.dueAt,
  claims: event.claims,
  arbiters: event.arbiters,
  elsewhere: now?.elsewhere ?? event.elsewhere ?? [],
  crossed: now?.crossed ?? event.crossed,
  stoodStill: [
    ...new Set([
      ...(now?.stoodStill ?? []),
      ...(event.suspended === undefined ? [] : [event.suspended.registrationId]),
    ]),
  ],
  state: 'open',
});

export const decided = (now: Known, { event, at, by }: Happening<Arbitrated>): Known =>
  now && {
    ...now,
    state: 'decided',
    verdict: event.outcome,
    winner: event.winner,
    shares: event.shares,
    decidedAt: at,
    decidedBy: by.party,
  };
