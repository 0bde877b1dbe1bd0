import type { Code, Instant, Reasons } from '#event-sourcing/vocabulary.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import { liveClaims, type Dossier } from './dossier.js';
import { isProtecting, type Registration } from './registration.js';
import type { DossierEvent, DossierMerged, Rejected, Terminated } from './events.js';
import { inDossier, type PlacedEvent } from './placed.js';

/**
 * Of several dossiers that turn out to be one subject the one goes on whose protection ranks first; without any, the
 * one in which somebody waits; else the oldest.
 */
export const mainOf = (dossiers: readonly Dossier[], now: Instant): Dossier | undefined =>
  dossiers.toSorted((a, b) => (rank(a, now) < rank(b, now) ? -1 : 1))[0];
/**
 * Compared by character codes: to a locale's order `~` comes before every digit, and an unprotected dossier would go
 * before a protected one.
 */
const rank = (dossier: Dossier, now: Instant): string =>
  `${protectedFirst(dossier, now)?.rankedAt ?? (liveClaims(dossier, now).length > 0 ? '~' : '~~')} ${dossier.id}`;
const protectedFirst = (dossier: Dossier, now: Instant): Registration | undefined =>
  liveClaims(dossier, now)
    .filter((claim) => isProtecting(claim, now))
    .toSorted((a, b) => (a.rankedAt < b.rankedAt ? -1 : 1))[0];

/**
 * A strong key showed that these dossiers are one subject: the others are closed into the main one in the same append,
 * so that never two protections stand. A claim that loses its protection keeps its history where it is; the merge is
 * written in both.
 */
export const mergeInto = (
  dossiers: readonly Dossier[],
  because: Reasons,
  facts: FactsInForce,
): readonly PlacedEvent[] => {
  const main = mainOf(dossiers, facts.now);
  return dossiers
    .filter((dossier) => dossier !== main)
    .flatMap((other) => {
      const merged: DossierMerged = { type: 'DossierMerged', from: other.id!, into: main!.id!, because };
      return [
        ...inDossier(other, facts, ...closingOf(other, because, facts), merged),
        ...inDossier(main!, facts, merged),
      ];
    });
};

/** Records live on where they are: they protect nothing. */
export const closingOf = (dossier: Dossier, because: Reasons, { now }: FactsInForce): readonly DossierEvent[] =>
  liveClaims(dossier, now).map((claim) => endOf(claim, 'sameSubject' as Code, now, because));

/** A claim that is alive ends: a protection is terminated, what waits is rejected. */
export const endOf = (
  { id, state }: Registration,
  cause: Code,
  endedAt: Instant,
  because: Reasons,
): Rejected | Terminated =>
  state === 'protected'
    ? { type: 'Terminated', registrationId: id, cause, effect: 'terminate', endedAt, because }
    : { type: 'Rejected', registrationId: id, cause, because };
