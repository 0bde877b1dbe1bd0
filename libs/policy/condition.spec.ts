import fc from 'fast-check';
import { conditionsOver, type VariableType } from './condition.js';

const variables = new Map<string, VariableType>([
  ['kind', 'string'],
  ['area', 'number'],
  ['amount', 'money'],
  ['consent', 'flag'],
]);
const holds = (source: string, values: Record<string, unknown>): boolean => {
  const conditions = conditionsOver(variables);
  const problem = conditions.compile(source);
  if (problem !== undefined) throw new Error(problem.en);
  return conditions.over(values)(source);
};
const problem = (source: string): string | undefined => conditionsOver(variables).compile(source)?.en;

describe('conditions over a form', () => {
  it.each<[string, Record<string, unknown>, boolean]>([
    ['kind == "villa" && area >= 100', { kind: 'villa', area: 100.5 }, true],
    ['kind in ["villa", "flat"]', { kind: 'office' }, false],
    ['amount >= 10000000', { amount: '10000000' }, true],
    ['amount >= 10000000', { amount: '9999999' }, false],
    ['!given("area") || area < 5.5', {}, true],
    ['given("kind")', { kind: '' }, false],
    ['consent ? area > 1 : kind.startsWith("v")', { kind: 'villa' }, true],
    ['size(kind) > 3 && kind.contains("ill") && kind.endsWith("a")', { kind: 'villa' }, true],
    ['amount * 9000000000000000000 > 1', { amount: '3' }, true], // more than a machine holds: the stricter answer
  ])('%s of %j is %s', (source, values, expected) => expect(holds(source, values)).toBe(expected));

  it.each([
    ['kind.matches("(a+)+$")', 'matches() is not allowed in a condition.'],
    ['[1, 2].exists(x, x > amount)', 'exists() is not allowed in a condition.'],
    ['[[1]].all(x, x.all(y, y > 0))', 'all() is not allowed in a condition.'],
    ['amount / 0 > 1', '"/" is not allowed in a condition.'],
    ['{"a": 1}["a"] > 0', 'The condition is wrong: Exceeded maxMapEntries (0)'],
    ['given(kind)', 'given() takes the name of a form field, in quotes.'],
    ['given("other")', 'given() takes the name of a form field, in quotes.'],
    ['kind > 3', 'The condition is wrong: no such overload: string > int'],
    ['amount', 'The condition is wrong: it is int, not true or false'],
    ['other == 1', 'The condition is wrong: Unknown variable: other'],
    [
      'timestamp("2026-01-01T00:00:00Z") == timestamp("2026-01-01T00:00:00Z")',
      'timestamp() is not allowed in a condition.',
    ],
    ['kind ==', 'The condition is wrong: Unexpected token: EOF'],
    ['consent '.repeat(200), 'A condition has at most 500 characters.'],
    [Array(61).fill('1==1').join('&&'), 'The condition is wrong: Exceeded maxAstNodes (120)'],
    [`${'('.repeat(40)}consent${')'.repeat(40)}`, 'The condition is wrong: Exceeded maxDepth (24)'],
    [`area in [${Array(51).fill('1.0').join(',')}]`, 'The condition is wrong: Exceeded maxListElements (50)'],
  ])('%s is refused', (source, expected) => expect(problem(source)).toBe(expected));

  it('two forms that are asked about in turn are not mixed up', () => {
    const conditions = conditionsOver(variables);
    const source = 'given("kind") && kind == "villa"';
    expect(conditions.compile(source)).toBeUndefined();
    const [villa, nothing] = [conditions.over({ kind: 'villa' }), conditions.over({})];
    expect([villa(source), nothing(source), villa(source)]).toEqual([true, false, true]);
  });

  it('I5 never takes longer than a moment, whatever the form holds', () => {
    const source = Array(12).fill('kind.contains(kind + kind + "x")').join(' || ');
    const started = process.cpuUsage().user;
    holds(source, { kind: 'a'.repeat(2_000) });
    expect((process.cpuUsage().user - started) / 1_000).toBeLessThan(50); // milliseconds of this process
  });

  it('answers every text with a problem or a condition, and never throws', () => {
    const word = fc.constantFrom(
      'kind',
      'area',
      'amount',
      'consent',
      '&&',
      '||',
      '!',
      '(',
      ')',
      '==',
      '>',
      '"v"',
      '1',
      '1.5',
      'in',
      '[',
      ']',
      ',',
      'given(',
      'matches',
      '.',
      '?',
      ':',
      '{',
      '}',
      '__proto__',
      'constructor',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const [source, conditions] = [words.join(' '), conditionsOver(variables)];
        return conditions.compile(source) !== undefined || typeof conditions.over({ kind: 'x' })(source) === 'boolean';
      }),
      { numRuns: 500 },
    );
  });
});
