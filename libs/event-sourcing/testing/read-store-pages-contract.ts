import fc from 'fast-check';
import { compareScalars, matches } from '../projection/page-plan.js';
import {
  CursorError,
  IndexMissingError,
  type Collection,
  type Comparison,
  type Filter,
  type Order,
  type PageRequest,
  type ReadStore,
  type Scalar,
} from '../ports/read-store.js';
import { claims, put, type Claim } from './claims-model.js';

const by = (field: string, direction: Order['direction'] = 'ascending'): Order => ({ field, direction });

/** Walks all pages. */
const walk = async (
  live: Collection<Claim>,
  request: PageRequest,
  between: (page: number) => Promise<unknown> = async () => {},
): Promise<string[]> => {
  const ids: string[] = [];
  let after: { after?: string } = {};
  for (let number = 1; number <= 1_000; number += 1) {
    const page = await live.page({ ...request, ...after });
    ids.push(...page.rows.map(({ id }) => id));
    expect(page.rows.length <= request.first && (!page.hasNext || page.rows.length === request.first)).toBe(true);
    if (!page.hasNext) return ids;
    after = { after: page.rows.at(-1)?.cursor as string };
    await between(number);
  }
  throw new Error('The pages have no end');
};

const valueOf = (claim: Claim, field: string): Scalar =>
  (field === 'nested.city' ? claim.nested?.city : claim[field as 'owner' | 'endsAt' | 'stage']) ?? null;

/** The answer by filtering and sorting a list. */
const expected = (
  rows: ReadonlyMap<string, Claim>,
  { where, order }: Pick<PageRequest, 'where' | 'order'>,
): string[] => {
  const sign = (direction?: Order['direction']): number => (direction === 'descending' ? -1 : 1);
  return [...rows]
    .filter(([, claim]) =>
      Object.entries(where).every(([field, comparison]) => matches(comparison, valueOf(claim, field))),
    )
    .toSorted(([a, one], [b, other]) => {
      for (const { field, direction } of order) {
        const difference = compareScalars(valueOf(one, field), valueOf(other, field));
        if (difference !== 0) return difference * sign(direction);
      }
      return Buffer.compare(Buffer.from(a), Buffer.from(b)) * sign(order.at(-1)?.direction);
    })
    .map(([id]) => id);
};

const text = fc.constantFrom('', 'a', 'Z', '王', '￥', '🀄', 'a\u0000');
const anyScalar: fc.Arbitrary<Scalar> = fc.oneof(
  text,
  fc.constantFrom(0, 1, -1.5, 2 ** 53, 2n ** 53n + 1n, -1n, 1n, true, false, null),
);
const aClaim: fc.Arbitrary<Claim> = fc.record(
  {
    owner: text,
    endsAt: anyScalar,
    stage: fc.integer({ min: 0, max: 2 }),
    nested: fc.record({ city: text }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const present = anyScalar.filter((value) => value !== null);
const sameKind = (a: Scalar, b: Scalar): boolean => matches({ atLeast: a }, b) || matches({ below: a }, b);
const fixed: fc.Arbitrary<Comparison> = fc.oneof(
  anyScalar.map((equals) => ({ equals })),
  fc.array(anyScalar, { maxLength: 3 }).map((list) => ({ in: list })),
);
const ranged: fc.Arbitrary<Comparison> = fc.oneof(
  present.map((atLeast) => ({ atLeast })),
  present.map((below) => ({ below })),
  fc
    .tuple(present, present)
    .filter(([a, b]) => sameKind(a, b))
    .map(([atLeast, below]) => ({ atLeast, below })),
);
const direction = fc.constantFrom('ascending' as const, 'descending' as const);

/**
 * Questions that one declared index serves: its first fields fixed, the next ones ordered, ranges over any of the rest.
 */
const question: fc.Arbitrary<Pick<PageRequest, 'where' | 'order'>> = fc.constantFrom(...claims.indexes).chain((index) =>
  fc.nat({ max: index.length }).chain((fixedCount) =>
    fc.nat({ max: index.length - fixedCount }).chain((orderCount) => {
      const orderFields = index.slice(fixedCount, fixedCount + orderCount);
      const restCount = index.length - fixedCount - orderCount;
      return fc
        .tuple(
          fc.array(fixed, { minLength: fixedCount, maxLength: fixedCount }),
          fc.array(direction, { minLength: orderCount, maxLength: orderCount }),
          fc.array(fc.option(ranged, { nil: undefined }), { minLength: orderCount, maxLength: orderCount }),
          fc.array(ranged, { minLength: restCount, maxLength: restCount }),
        )
        .map(([equal, directions, onOrder, onRest]) => ({
          where: Object.fromEntries([
            ...equal.map((comparison, place) => [index[place], comparison]),
            ...onOrder.flatMap((comparison, place) =>
              comparison === undefined ? [] : [[orderFields[place], comparison]],
            ),
            ...onRest.map((comparison, place) => [index[fixedCount + orderCount + place], comparison]),
          ]) as Filter,
          order: orderFields.map((field, place) => by(field, directions[place])),
        }));
    }),
  ),
);

/**
 * `byCodeUnit`: the server under test orders text as UTF-16 and not, as MongoDB does, by code point; text where that
 * differs is left out.
 */
export interface ReadStoreTraits {
  readonly byCodeUnit?: boolean;
}
const isBeyondBmp = (given: unknown): boolean =>
  JSON.stringify(given, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)).includes('🀄');

export const pageContract = (store: () => ReadStore, { byCodeUnit = false }: ReadStoreTraits = {}): void => {
  describe('pages', () => {
    let live: Collection<Claim>;
    let at = 0;
    const write = async (changes: readonly { id: string; document: Claim | null }[]): Promise<void> => {
      expect(await live.apply({ from: at, to: at + 1, changes })).toBe('applied');
      at += 1;
    };
    beforeEach(async () => {
      live = await store().live<Claim>(claims);
      at = 0;
    });

    it('give the same rows in the same order as filtering and sorting a list, whatever the question and the size of the page', async () => {
      let round = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(aClaim, { maxLength: 12 }),
          fc.array(fc.tuple(question, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 6 }),
          async (given, questions) => {
            fc.pre(!byCodeUnit || !isBeyondBmp([given, questions]));
            live = await store().live<Claim>({ ...claims, name: `claims-${(round += 1)}` });
            const rows = new Map(
              given.map((claim, number) => [
                `${['id', '￥', byCodeUnit ? '￦' : '🀄'][number % 3]}-${(number * 5) % 7}-${number}`,
                claim,
              ]),
            );
            await live.apply({ from: 0, to: 1, changes: [...rows].map(([id, claim]) => put(id, claim)) });
            for (const [asked, first] of questions) {
              const right = expected(rows, asked);
              expect(await walk(live, { ...asked, first })).toEqual(right);
              expect(await live.count(asked.where)).toBe(right.length);
            }
          },
        ),
        { numRuns: 100 },
      );
    });

    it('say which event they have seen', async () => {
      expect((await live.page({ where: {}, order: [], first: 1 })).position).toBe(-1);
      await live.apply({ from: 0, to: 8, changes: [] });
      expect((await live.page({ where: {}, order: [], first: 1 })).position).toBe(7);
    });

    it('miss no row that stays and repeat none, while others come, go and move', async () => {
      const staying = Array.from({ length: 30 }, (_, number) => `stays-${String(number).padStart(2, '0')}`);
      await write([
        ...staying.map((id, number) => put(id, { stage: number % 3 })),
        ...staying.map((id) => put(`goes-${id}`, { stage: 1 })),
      ]);
      for (const direct of ['ascending', 'descending'] as const) {
        const seen = await walk(live, { where: {}, order: [by('stage', direct)], first: 4 }, async (page) => {
          await write([
            put(`comes-${direct}-${page}`, { stage: page % 3 }),
            put(`goes-${staying[page]}`, page % 2 === 0 ? null : { stage: 2 }),
          ]);
        });
        const stayed = seen.filter((id) => id.startsWith('stays'));
        expect(stayed.toSorted()).toEqual(staying);
        expect(new Set(seen.filter((id) => !id.startsWith('goes'))).size).toBe(
          seen.filter((id) => !id.startsWith('goes')).length,
        );
      }
    });

    it('go on behind a row that has gone', async () => {
      await write(['a', 'b', 'c', 'd'].map((id) => put(id, { owner: 'wang', endsAt: 1 })));
      const request: PageRequest = { where: { owner: { equals: 'wang' } }, order: [by('endsAt')], first: 2 };
      const cursor = (await live.page(request)).rows[1]?.cursor as string;
      await write([put('b', null)]);
      expect((await live.page({ ...request, after: cursor })).rows.map(({ id }) => id)).toEqual(['c', 'd']);
    });

    it('refuse a cursor of another question, and one that was never theirs', async () => {
      await write(['a', 'b', 'c'].map((id) => put(id, { owner: 'wang', endsAt: 2n, stage: 1 })));
      const asked: PageRequest = { where: { owner: { equals: 'wang' } }, order: [by('endsAt')], first: 1 };
      const cursor = (await live.page(asked)).rows[0]?.cursor as string;
      expect(cursor).toMatch(/^[\w-]+$/);
      const others: PageRequest[] = [
        { ...asked, where: { owner: { equals: 'li' } } },
        { ...asked, where: { owner: { in: ['wang'] } } },
        { ...asked, order: [] },
        { ...asked, order: [by('endsAt', 'descending')] },
        { ...asked, where: {}, order: [by('endsAt')] },
      ];
      for (const other of others) await expect(live.page({ ...other, after: cursor })).rejects.toThrow(CursorError);
      const forged = Buffer.from(JSON.stringify([{ $ne: null }, 'a'])).toString('base64url');
      for (const after of ['', 'x', cursor.slice(0, -3), `${cursor}AA`, forged, 'W10', 'bnVsbA'])
        await expect(live.page({ ...asked, after })).rejects.toThrow(CursorError);
    });

    it("of a filter that is undefined anywhere throw: a forgotten party never means everybody's", async () => {
      await write([put('a', { owner: 'wang' }), put('b', {})]);
      const forgotten = [
        { owner: undefined },
        { owner: { equals: undefined } },
        { owner: { in: [undefined] } },
        { owner: { in: undefined } },
        { owner: { atLeast: undefined } },
        { owner: { below: undefined } },
        { owner: {} },
        { owner: null },
      ];
      const injected = [
        { owner: { equals: { $ne: null } } },
        { owner: { $ne: 'x' } },
        { owner: { equals: 'x', in: ['y'] } },
        { owner: { equals: ['wang'] } },
        { owner: { equals: Number.NaN } },
        { owner: { atLeast: null } },
        { owner: { atLeast: 1, below: 'x' } },
        { owner: { regex: '.*' } },
        { owner: 'wang' },
      ];
      for (const where of [...forgotten, ...injected]) {
        await expect(live.page({ where: where as unknown as Filter, order: [], first: 10 })).rejects.toThrow(TypeError);
        await expect(live.count(where as unknown as Filter)).rejects.toThrow(TypeError);
      }
    });

    it('need a declared index, and name the one that is missing', async () => {
      const refused: [Partial<PageRequest>, RegExp][] = [
        [{ where: { colour: { equals: 'red' } } }, /\['colour'\]/],
        [{ order: [by('owner')], where: { stage: { equals: 1 } } }, /\['stage', 'owner'\]/],
        [{ order: [by('nested')] }, /\['nested'\]/],
        [{ where: { owner: { atLeast: 'a' } }, order: [by('endsAt')] }, /\['endsAt', 'owner'\]/],
      ];
      for (const [request, message] of refused) {
        const asked = live.page({ where: {}, order: [], first: 1, ...request });
        await expect(asked).rejects.toThrow(IndexMissingError);
        await expect(asked).rejects.toThrow(message);
      }
      await expect(live.count({ colour: { equals: 'red' } })).rejects.toThrow(IndexMissingError);
    });

    it.each([0, -1, 101, 1.5, Number.NaN])('have 1 to 100 rows, not %d', async (first) => {
      await expect(live.page({ where: {}, order: [], first })).rejects.toThrow(RangeError);
    });

    it('have a limit on lists too', async () => {
      await expect(
        live.page({
          where: { owner: { in: Array.from({ length: 1_001 }, (_, number) => String(number)) } },
          order: [],
          first: 1,
        }),
      ).rejects.toThrow(RangeError);
      await write([put('a', { owner: '700' })]);
      expect(await live.count({ owner: { in: Array.from({ length: 1_000 }, (_, number) => String(number)) } })).toBe(1);
    });
  });
};
