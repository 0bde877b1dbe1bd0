import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { Fen, PartyId } from '#event-sourcing/vocabulary.js';
import type { FieldValue } from '#policy/field.js';
import type { ProgramCommand } from '../deciding/decision-facts.js';
import type { Attachment, RegistrationId } from '../dossier/events.js';

/** A claim that names its subject as the form does. */
export interface OnForm extends ProgramCommand {
  readonly class: string;
  readonly form: Readonly<Record<string, FieldValue>>;
}
export interface FilePermission extends OnForm {
  readonly partyId: PartyId;
}
export interface FileRegistration extends OnForm {
  readonly channel: string;
  readonly attachments: readonly Attachment[];
  readonly receiptAttested?: boolean;
}
export interface FileDeposit extends ProgramCommand {
  readonly registrationId: RegistrationId;
  readonly amount: Fen;
}

/** The three commands that an entry can need, sent the way everybody's commands go. */
export interface FilingDesk {
  grantPermission(command: FilePermission): Promise<Outcome>;
  register(command: FileRegistration): Promise<Outcome>;
  recordDeposit(command: FileDeposit): Promise<Outcome>;
}
