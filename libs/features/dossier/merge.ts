import type { Code, Instant, Reasons } from '#event-sourcing/vocabulary.js';
import { sameSubject } from '#policy/clauses/identity.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import { pending, protecting, type Dossier } from './dossier.js';
import type { Registration } from './registration.js';
import type { DossierEvent, DossierMerged } from './events.js';
import { inDossier, type PlacedEvent } from './placed.js';

/** What a merge would end: the claim that protects, and those that wait. */
export const liveClaims = (dossier: Dossier, now: Instant): readonly Registration[] => {
  const holder = protecting(dossier, now);
  return [...new Set([...(holder === undefined ? [] : [holder]), ...pending(dossier)])];
};

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
  `${protecting(dossier, now)?.rankedAt ?? (pending(dossier).length > 0 ? '~' : '~~')} ${dossier.id}`;

/**
 * A strong key showed that these dossiers are one subject: the others are closed into the main one in the same append,
 * so that never two
 * protections stand. A claim that loses its protection keeps its history where it is; the merge is written in both.
 */
export const mergeInto = (
  dossiers: readonly Dossier[],
  keys: readonly Code[],
  facts: FactsInForce,
): readonly PlacedEvent[] => {
  const main = mainOf(dossiers, facts.now);
  const because: Reasons = [sameSubject(facts.inForce, keys)];
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

const closingOf = (dossier: Dossier, because: Reasons, facts: FactsInForce): readonly DossierEvent[] => {
  const holder = protecting(dossier, facts.now);
  const cause = 'sameSubject' as Code;
  return [
    ...(holder === undefined
      ? []
      : [
          {
            type: 'Terminated',
            registrationId: holder.id,
            cause,
            effect: 'terminate',
            endedAt: facts.now,
            because,
          } as const,
        ]),
    ...pending(dossier)
      .filter((registration) => registration !== holder)
      .map(({ id }) => ({ type: 'Rejected', registrationId: id, cause, because }) as const),
  ];
};
