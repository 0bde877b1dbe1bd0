import { recentlyUsed } from '#event-sourcing/recently-used.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';

/** So many at once, and so many an hour from then on. */
export interface Budget {
  readonly burst: number;
  readonly perHour: number;
}

/**
 * Refused commands are kept for ever, so nobody may send without end what is refused. Far beyond what anybody types or
 * imports row by row; who is not enrolled has nothing to import.
 */
export const refusalBudgets = {
  enrolled: { burst: 1_000, perHour: 3_600 },
  stranger: { burst: 20, perHour: 60 },
} as const satisfies Readonly<Record<string, Budget>>;

/** Parties whose budget is remembered; one that was forgotten has its whole budget again. */
const partiesMax = 20_000;
const hour = 60 * 60 * 1_000;

/** What each party has left. */
export class Budgets {
  readonly #left = recentlyUsed<PartyId, { left: number; at: number }>(partiesMax);

  constructor(private readonly clock: Clock) {}

  has(party: PartyId, budget: Budget): boolean {
    return this.#filled(party, budget).left >= 1;
  }

  spend(party: PartyId, budget: Budget): void {
    const filled = this.#filled(party, budget);
    this.#left.set(party, { ...filled, left: Math.max(0, filled.left - 1) });
  }

  #filled(party: PartyId, { burst, perHour }: Budget): { readonly left: number; readonly at: number } {
    const at = Date.parse(this.clock.now());
    const before = this.#left.get(party);
    if (before === undefined) return { left: burst, at };
    return { left: Math.min(burst, before.left + (Math.max(0, at - before.at) * perHour) / hour), at };
  }
}
