import fc from 'fast-check';
import { inOrder } from './in-order.js';

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};
const collect = async <T>(answers: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const answer of answers) found.push(answer);
  return found;
};

describe('several rows at once', () => {
  const item = fc.record({ name: fc.constantFrom('a', 'b', 'c'), turns: fc.nat(20) });

  it('answers in order, never works on two of one name, and never on more than it may', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        async (items, inFlightMax) => {
          const busy = new Map<string, number>();
          let underWay = 0;
          const begun: string[] = [];
          const answers = inOrder(
            from(items.map((each, index) => ({ ...each, index }))),
            async (each) => {
              underWay += 1;
              busy.set(each.name, (busy.get(each.name) ?? 0) + 1);
              expect(busy.get(each.name)).toBe(1);
              expect(underWay).toBeLessThanOrEqual(inFlightMax);
              begun.push(`${each.name}${each.index}`);
              await turns(each.turns);
              busy.set(each.name, 0);
              underWay -= 1;
              return each.index;
            },
            { inFlightMax, namesOf: ({ name }) => [name] },
          );
          expect(await collect(answers)).toEqual(items.map((_, index) => index));
          for (const name of ['a', 'b', 'c']) {
            const order = begun.filter((each) => each.startsWith(name)).map((each) => Number(each.slice(1)));
            expect(order).toEqual(order.toSorted((one, other) => one - other));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('begins nothing after a failure and gives every answer in front of it', async () => {
    const begun: number[] = [];
    const found: number[] = [];
    const run = async (): Promise<void> => {
      for await (const answer of inOrder(
        from([0, 1, 2, 3, 4, 5, 6, 7]),
        async (index) => {
          begun.push(index);
          await turns(index === 0 ? 30 : 5);
          if (index === 2) throw new Error('the disk is full');
          return index;
        },
        { inFlightMax: 3, namesOf: () => [] },
      ))
        found.push(answer);
    };
    await expect(run()).rejects.toThrow('the disk is full');
    expect(found).toEqual([0, 1]);
    expect(begun).toEqual([0, 1, 2]);
  });
});
