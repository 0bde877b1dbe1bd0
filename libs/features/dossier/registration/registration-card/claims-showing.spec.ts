import type { Collection, Page, PageRequest } from '#event-sourcing/ports/read-store.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { claimsShowing, RegistrationsArguments } from './claims-page.graphql.js';
import { stateAt, type RegistrationCard } from './registration-card.js';

const now = '2026-03-10T00:00:00.000Z' as Instant;
/** Every third clock has run out and nobody has recorded it; some stand still and some were recorded. */
const cards = Array.from({ length: 50 }, (_, n) => ({
  registrationId: `d${n}.1`,
  state: n % 7 === 0 ? 'expired' : 'protected',
  endsAt: n % 3 === 0 ? '2026-03-09T00:00:00.000Z' : '2026-03-20T00:00:00.000Z',
  ...(n % 5 === 0 ? { suspendedSince: '2026-03-01T00:00:00.000Z' } : {}),
})) as unknown as readonly RegistrationCard[];
/** Answers as a read store does, in the order of the list. */
const collection = {
  page: ({ where, first, after }: PageRequest): Promise<Page<RegistrationCard>> => {
    const { in: states } = where['state'] as { readonly in: readonly string[] };
    const from = after === undefined ? 0 : Number(after) + 1;
    const fit = cards.flatMap((document, n) => (n >= from && states.includes(document.state) ? [{ n, document }] : []));
    return Promise.resolve({
      rows: fit.slice(0, first).map(({ n, document }) => ({ id: String(n), document, cursor: String(n) })),
      hasNext: fit.length > first,
      position: 0,
    });
  },
} as unknown as Collection<RegistrationCard>;

it.each(['expired', 'protected'] as const)(
  'claims that show %s are listed, all of them and no other, page by page',
  async (state) => {
    const found: string[] = [];
    let after: string | undefined;
    for (;;) {
      const asked = Object.assign(new RegistrationsArguments(), { programId: 'p', state, first: 3, after });
      const page = await claimsShowing(collection, asked, { holder: undefined, now });
      found.push(...page.rows.map(({ document }) => document.registrationId));
      if (!page.hasNext) break;
      after = page.endCursor;
    }
    expect(found).toEqual(
      cards.filter((card) => stateAt(card, now) === state).map(({ registrationId }) => registrationId),
    );
    expect(found.length).toBeGreaterThan(10);
  },
);
