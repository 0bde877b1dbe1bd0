import type { Personal } from '#event-sourcing/event.js';
import type { Brand, CalendarDate, Code, DerivedFact, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import type { registrationStates } from '#policy/selection.js';

export type DossierId = Brand<string, 'DossierId'>;
/** `<dossier id>.<n>`: routing never asks a read model. */
export type RegistrationId = Brand<string, 'RegistrationId'>;
/** `<dossier id>.c<n>` */
export type CaseId = Brand<string, 'CaseId'>;
/** `<dossier id>.d<n>` */
export type DealId = Brand<string, 'DealId'>;
/** `<dossier id>.f<n>` */
export type FlagId = Brand<string, 'FlagId'>;
/**
 * Dates as computed when it was ruled; never recomputed. `endsAt` is exclusive, `lastDay` is the date a person reads.
 */
export interface ProtectionWindow {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly lastDay: CalendarDate;
}
/** Where a review stands: the step that is waited for, who may take it, by when, and what the clock will do. */
export interface ReviewStage {
  readonly step: Code;
  /** 0-based place in `chain`, the steps that applied when it was filed. */
  readonly index: number;
  readonly chain: readonly Code[];
  readonly roles: readonly Code[];
  readonly dueAt?: Instant;
  readonly onTimeout: 'approve' | 'reject' | 'escalate' | 'none';
  /** Steps that stand open side by side, `step` the first of them: each must still say yes. `index` is their last's. */
  readonly open?: readonly Code[];
}
export interface Attachment {
  readonly kind: Code;
  readonly sha256: Code;
}
/** Integer weights: 1 of 3 is exactly a third. */
export interface Share {
  readonly partyId: PartyId;
  readonly weight: number;
}
export type Claiming = 'exclusive' | 'several' | 'none';
/** As its class says. Absent: the kind of all classes that name none, and exclusive. */
export interface Claim {
  readonly kind?: Code;
  readonly claims?: Claiming;
}
export interface RefilingBan {
  readonly scope: 'filerAndCustomer' | 'customer';
  readonly partyId?: PartyId;
  readonly until?: Instant;
}
export type FormFields = Readonly<Record<string, Personal<string | number | boolean>>>;
export type Details = Readonly<Record<string, DerivedFact>>;
export type RegistrationState = (typeof registrationStates)[number];
