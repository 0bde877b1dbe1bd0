import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import type { CalendarDate } from '#event-sourcing/vocabulary.js';
import { loadPolicy } from '../policy.js';
import type { ListedRow } from '../selection.js';
import { inventedPolicy, inventedText } from '../testing/shipped.js';
import { listed, listNamed } from './lists.js';
import { statisticNamed, tallied } from './statistics.js';

const today = '2026-03-10' as CalendarDate;
const policy = inventedPolicy();
const manager = { roles: ['regionManager'], relations: [] };
const endingSoon = listNamed(policy, 'endingSoon', manager)!;
const byMonth = statisticNamed(policy, 'byMonth', manager)!;

const anyRow = fc.record({
  id: fc.uuid(),
  columns: fc.record(
    {
      state: fc.constantFrom('protected', 'expired', 'underReview'),
      class: fc.constantFrom('field', 'company', 'designer'),
      team: fc.constantFrom('T1', 'T2'),
      lastDay: fc.constantFrom('2026-03-09', '2026-03-10', '2026-03-17', '2026-03-18'),
    },
    { requiredKeys: ['state', 'class'] },
  ),
  fields: fc.record(
    {
      kind: fc.constantFrom('villa', 'flat'),
      signing: fc.constantFrom('2026-03-01', '2026-03-31', '2026-04-01'),
      amount: fc.bigInt({ min: 0n, max: 10n ** 12n }).map(String),
      area: fc.integer({ min: 1, max: 1000 }),
    },
    { requiredKeys: [] },
  ),
  stages: fc.constant({}),
  flags: fc.constant([]),
}) as unknown as fc.Arbitrary<ListedRow>;
const rows = fc.array(anyRow, { maxLength: 40 });
const seed = { seed: 7, numRuns: 300 };

describe('a list', () => {
  it('has the rows that are asked for and no others, the next to end first, the greater amount before the less', () => {
    let found = 0;
    fc.assert(
      fc.property(rows, (given) => {
        const shown = listed(policy, endingSoon, { rows: given, today });
        found += shown.length;
        const wanted = given.filter(
          ({ columns: { state, class: name, lastDay }, fields }) =>
            state === 'protected' &&
            name !== 'designer' &&
            fields['kind'] !== undefined &&
            lastDay !== undefined &&
            ['2026-03-10', '2026-03-17'].includes(lastDay),
        );
        expect(new Set(shown)).toEqual(new Set(wanted));
        const places = shown.map(({ columns: { lastDay }, fields: { amount } }): [string, bigint | undefined] => [
          lastDay!,
          amount === undefined ? undefined : BigInt(amount as string),
        ]);
        for (const [index, [day, amount]] of places.slice(1).entries()) {
          const [dayBefore, amountBefore] = places[index]!;
          expect(dayBefore <= day).toBe(true);
          if (dayBefore === day && amount !== undefined && amountBefore !== undefined)
            expect(amountBefore >= amount).toBe(true);
        }
      }),
      seed,
    );
    expect(found).toBeGreaterThan(60);
  });
  it('is not there for whoever it is not to', () =>
    expect(listNamed(policy, 'endingSoon', { roles: ['party'], relations: ['party'] })).toBeUndefined());
});

describe('a statistic', () => {
  it('its cells hold every row that is counted once, and their sums are exact', () => {
    let hidden = 0;
    fc.assert(
      fc.property(rows, (given) => {
        const counted = given.filter(({ columns: { state } }) => state !== 'underReview');
        const open = tallied(policy, byMonth, { rows: given, today, seesRows: true });
        expect(open.reduce((total, { count }) => total + count!, 0)).toBe(counted.length);
        expect(new Set(open.map(({ keys }) => keys.join('|'))).size).toBe(open.length);
        const fenOf = (yuan: string): bigint => BigInt(yuan.replace('.', ''));
        expect(open.reduce((total, { sums }) => total + fenOf(sums['amount']!), 0n)).toBe(
          counted.reduce((total, { fields }) => total + BigInt((fields['amount'] as string | undefined) ?? '0'), 0n),
        );
        // Whoever sees no rows reads the same cells, and of the small ones no number.
        const shut = tallied(policy, byMonth, { rows: given, today, seesRows: false });
        expect(shut.map(({ keys }) => keys)).toEqual(open.map(({ keys }) => keys));
        for (const [index, cell] of shut.entries())
          expect(cell).toEqual(
            open[index]!.count! < 3 ? { keys: cell.keys, sums: {}, hidden: true } : { ...open[index]!, hidden: false },
          );
        hidden += shut.filter((cell) => cell.hidden).length;
      }),
      seed,
    );
    expect(hidden).toBeGreaterThan(200);
  });
});

describe('what a list or a statistic cannot read is refused when the document is loaded', () => {
  const loads = (change: (document: { lists: Item[]; statistics: Item[] }) => void): readonly string[] => {
    const document = parse(inventedText()) as { lists: Item[]; statistics: Item[] };
    change(document);
    const result = loadPolicy(stringify(document));
    return result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`);
  };
  type Item = Record<string, unknown>;
  it.each<[string, string, (document: { lists: Item[]; statistics: Item[] }) => void]>([
    [
      'a sealed field',
      'FieldSealed lists[0].order[0]',
      ({ lists }) => (lists[0]!['order'] = [{ by: { field: 'phone' } }]),
    ],
    [
      'a sealed field as a filter',
      'FieldSealed lists[0].where[0]',
      ({ lists }) => (lists[0]!['where'] = [{ field: 'phone', is: 'x' }]),
    ],
    [
      'a field of no form',
      'FieldUnknown lists[0].order[0].by.field',
      ({ lists }) => (lists[0]!['order'] = [{ by: { field: 'none' } }]),
    ],
    ['a column of cases', 'ColumnUnknown lists[0].order[0]', ({ lists }) => (lists[0]!['order'] = [{ by: 'outcome' }])],
    [
      'a ladder that is not there',
      'LadderUnknown statistics[0].by[0]',
      ({ statistics }) => (statistics[0]!['by'] = [{ stage: 'none' }]),
    ],
    ['a flag that nothing raises', 'FlagUnknown lists[0].flagged', ({ lists }) => (lists[0]!['flagged'] = 'nobodys')],
    ['a sum of words', 'SumUnknown statistics[0].sums', ({ statistics }) => (statistics[0]!['sums'] = 'kind')],
    [
      'a form of flags',
      'ColumnUnknown statistics[1].by[0]',
      ({ statistics }) => (statistics[1]!['by'] = [{ field: 'kind' }]),
    ],
    [
      'states of flags',
      'SelectionMeansNothing statistics[1]',
      ({ statistics }) => (statistics[1]!['states'] = 'protected'),
    ],
  ])('%s', (_, problem, change) => expect(loads(change)).toContain(problem));
});
