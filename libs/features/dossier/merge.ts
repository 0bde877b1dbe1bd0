import type { Code, Instant } from '#event-sourcing/vocabulary.js';
import type { DecisionFacts } from '../deciding/decision-facts.js';
import { pending, protecting, type Dossier } from './dossier.js';
import type { DossierEvent } from './events.js';

/**
 * Of several dossiers that turn out to be one subject the one goes on whose protection ranks first; without any, the
 * oldest.
 */
export const mainOf = (dossiers: readonly Dossier[], now?: Instant): Dossier | undefined =>
  dossiers.toSorted((a, b) => (rank(a, now) < rank(b, now) ? -1 : 1))[0];
/**
 * Compared by character codes: to a locale's order `~` comes before every digit, and an unprotected dossier would go
 * before a protected one.
 */
const rank = (dossier: Dossier, now: Instant | undefined): string =>
  `${(now === undefined ? undefined : protecting(dossier, now)?.rankedAt) ?? '~'} ${dossier.id}`;

/**
 * A strong key showed that these dossiers are one subject: the others are closed into the main one in the same append,
 * so that never two
 * protections stand. A claim that loses its protection keeps its history where it is.
 */
export const mergeInto = (dossiers: readonly Dossier[], facts: DecisionFacts): readonly DossierEvent[] => {
  const main = mainOf(dossiers, facts.now);
  return dossiers
    .filter((dossier) => dossier !== main)
    .flatMap((other): readonly DossierEvent[] => [
      ...closingOf(other, facts),
      { type: 'DossierMerged', from: other.id!, into: main!.id!, because: [] },
    ]);
};

const closingOf = (dossier: Dossier, facts: DecisionFacts): readonly DossierEvent[] => {
  const holder = protecting(dossier, facts.now);
  const waiting = pending(dossier).filter((registration) => registration !== holder);
  return [
    ...(holder === undefined
      ? []
      : [
          {
            type: 'Terminated',
            registrationId: holder.id,
            cause: 'sameSubject' as Code,
            effect: 'terminate',
            endedAt: facts.now,
            because: [],
          } as const,
        ]),
    ...waiting.map(
      ({ id }) => ({ type: 'Rejected', registrationId: id, cause: 'sameSubject' as Code, because: [] }) as const,
    ),
  ];
};
