import type { Reader } from '#event-sourcing/command/handle-command.js';
import type { Code, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { dossierFolding } from './dossier.js';
import type { Details, RegistrationId } from './events.js';
import { dossierOf, dossierStream } from './on-dossier.js';

export { answersItselfAt, type DeadlineKind, type Owner } from './deadlines.js';
export { dossierOf, dossierStream };

/** Who filed one subject, as other features may know it. */
export interface Claims {
  readonly claims: readonly {
    readonly id: RegistrationId;
    readonly holder: PartyId;
    readonly class: Code;
    readonly details: Details;
    readonly waits: boolean;
    /** When it was answered with another's approval. */ readonly lostAt?: Instant;
  }[];
}

const waiting: ReadonlySet<string> = new Set(['underReview', 'returned', 'inCase']);
const lost: ReadonlySet<string> = new Set(['anotherClaimApproved', 'verdict']);

export const claimsOn = async (reader: Reader, registrationId: RegistrationId): Promise<Claims> => {
  const { registrations } = await reader.fold(dossierStream(dossierOf(registrationId)), dossierFolding);
  return {
    claims: [...registrations.values()].map(({ id, holder, class: name, details, state, closedFor, closedAt }) => ({
      id,
      holder,
      class: name,
      details,
      waits: waiting.has(state),
      ...(state === 'rejected' && lost.has(closedFor ?? '') ? { lostAt: closedAt } : {}),
    })),
  };
};
export { keyringFolding, keyringStream } from './keyring.js';
