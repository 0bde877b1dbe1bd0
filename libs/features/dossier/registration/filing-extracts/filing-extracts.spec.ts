import fc from 'fast-check';
import type { Collection, PageRequest } from '#event-sourcing/ports/read-store.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { loadPolicy } from '#policy/policy.js';
import { shippedText } from '#policy/testing/shipped.js';
import type { RegistrationCard } from '../registration-card/registration-card.js';
import { extractsFor, extractsMax, valuesShown } from './filing-extracts.js';

const loaded = loadPolicy(shippedText('business-information-board'));
if (!loaded.ok) throw new Error('The shipped policy does not load');
const e = { policy: loaded.policy };

interface Filing {
  readonly secrecy: 'ordinary' | 'high';
  readonly category: string;
  readonly holder: string;
  readonly matter: string;
}
const cardOf = ({ holder, ...details }: Filing, index: number): RegistrationCard =>
  ({
    registrationId: `d${index}.1`,
    dossierId: `d${index}`,
    holder,
    class: 'internal',
    state: 'effective',
    filedAt: new Date(index * 1_000).toISOString(),
    details,
  }) as unknown as RegistrationCard;
/** As the store gives it: in order of filing, a page at a time. */
const collectionOf = (filings: readonly Filing[]): Collection<RegistrationCard> =>
  ({
    page: async ({ first, after }: PageRequest) => {
      const rest = filings.map(cardOf).slice(after === undefined ? 0 : Number(after));
      return {
        rows: rest
          .slice(0, first)
          .map((document, index) => ({
            id: document.registrationId,
            document,
            cursor: String(Number(after ?? 0) + index + 1),
          })),
        hasNext: rest.length > first,
        position: 0,
      };
    },
  }) as unknown as Collection<RegistrationCard>;
const read = async (filings: readonly Filing[], roles: readonly string[]): Promise<readonly object[]> =>
  (
    await extractsFor(collectionOf(filings), e, {
      programId: 'p' as ProgramId,
      roles,
      isOwn: ({ holder }) => holder === 'me',
    })
  ).map((extract) => ({ class: extract.card.class, ...valuesShown(extract, []) }));

const filing = fc.record({
  secrecy: fc.constantFrom('ordinary' as const, 'high' as const),
  category: fc.constantFrom('finance', 'operations'),
  holder: fc.constantFrom('a', 'b', 'me'),
  matter: fc.constantFrom('ordinary', 'risk'),
});
/** The other world: whose it is and what is hidden of it are others, and secret filings stand between the rest. */
const elsewhere = (filings: readonly Filing[], more: readonly Filing[]): readonly Filing[] =>
  filings.flatMap((one, index) => [
    ...more.slice(index, index + 1).map((hidden) => ({ ...hidden, secrecy: 'high' as const })),
    ...(one.secrecy === 'high' ? [] : [{ ...one, matter: 'risk', holder: one.holder === 'me' ? 'me' : 'c' }]),
  ]);

describe('extracts of others’ filings', () => {
  it('R20.10 two worlds that differ only in what a role may not see give it the same answer', async () => {
    let shown = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(filing, { maxLength: 260, size: 'max' }),
        fc.array(filing, { maxLength: 260, size: 'max' }),
        async (filings, more) => {
          const answer = await read(filings, ['informationOfficer']);
          shown += answer.length;
          expect(await read(elsewhere(filings, more), ['informationOfficer'])).toEqual(answer);
        },
      ),
      { numRuns: 60, seed: 20 },
    );
    expect(shown).toBeGreaterThan(100);
  });

  it('shows nothing to a role without an item, and to nobody their own', async () => {
    const filings: readonly Filing[] = [
      { secrecy: 'ordinary', category: 'finance', holder: 'a', matter: 'risk' },
      { secrecy: 'ordinary', category: 'operations', holder: 'me', matter: 'risk' },
    ];
    expect(await read(filings, ['informationOfficer'])).toEqual([{ class: 'internal', category: 'finance' }]);
    for (const roles of [[], ['party'], ['departmentHead'], ['administrator']])
      expect(await read(filings, roles)).toEqual([]);
  });

  it('goes on to what is shown, however much stands before it, and stops at a hundred', async () => {
    const hidden = Array.from({ length: 350 }, (): Filing => ({
      secrecy: 'high',
      category: 'finance',
      holder: 'a',
      matter: 'risk',
    }));
    const open = hidden.slice(0, 150).map((one): Filing => ({ ...one, secrecy: 'ordinary' }));
    expect(await read([...hidden, ...open], ['informationOfficer'])).toHaveLength(extractsMax);
  });
});

describe('what the document may show', () => {
  it.each(['customerName', 'phone'])('never %s: it would say who the customer is', (field) => {
    const text = shippedText('zhaodu-intent-customer').replace(
      /^visibility:\n/m,
      `visibility:\n  sight: [{ to: party, shows: ${field} }]\n`,
    );
    const policy = loadPolicy(text);
    expect(policy.ok ? [] : policy.problems.map(({ code }) => code)).toContain('SightTooWide');
  });
});
