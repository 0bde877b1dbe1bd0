import { loadPolicy, type LoadedPolicy } from './policy.js';
import { bytesMax } from './reading.js';
import { shippedText } from './testing/shipped.js';

const good = shippedText('data-dept-three-month');
/** The line of the good document where a passage begins. */
const lineOf = (passage: string): number => good.slice(0, good.indexOf(passage)).split('\n').length;
/** Of this process alone: the machine may be busy with others. */
const cpuMilliseconds = (): number => process.cpuUsage().user / 1_000;
const problem = (loaded: LoadedPolicy) => (loaded.ok ? undefined : loaded.problems[0]);
const doubled = (levels: number): string =>
  [
    'a0: &a0 [x,x,x,x,x,x,x,x,x]',
    ...Array.from(
      { length: levels },
      (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(',')}]`,
    ),
  ].join('\n');

describe('I6 policy documents as input', () => {
  const millisecondsMax = 1_000;
  const hostile: readonly (readonly [name: string, text: string, code: string, line: number, column: number])[] = [
    ['an alias bomb', doubled(6), 'TooManyValues', 1, 14],
    ['an alias of what contains it', 'a: &a [1, *a]\n', 'CyclicAlias', 1, 11],
    ['more aliases than anybody writes', `a: &a 1\nb: [${'*a, '.repeat(65)}]`, 'TooManyAliases', 2, 261],
    ['a key that stands twice', good.replace('version:', 'policy: other\nversion:'), 'DuplicateKey', 3, 1],
    ['a key twice in an inner map', 'a:\n  b: 1\n  "b": 2\n', 'DuplicateKey', 3, 3],
    ['a tag that asks for code', 'a: !!js/function "x"', 'NotYaml', 1, 4],
    ['a tag of YAML 1.1', 'a: !!binary aGk=', 'TagRefused', 1, 13],
    ['brackets that never close', `a: ${'['.repeat(100)}`, 'TooDeep', 1, 36],
    ['dashes in a row', `${'- '.repeat(40)}x`, 'TooDeep', 1, 1],
    [
      'a stair of keys',
      Array.from({ length: 1_400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      'TooDeep',
      33,
      33,
    ],
    [
      'a megabyte of keys',
      Array.from({ length: 80_000 }, (_, index) => `k${index}: 1`).join('\n'),
      'TooManyValues',
      1,
      1,
    ],
    ['a megabyte of quotation marks', '"'.repeat(bytesMax - 1), 'TooManyValues', 1, 1],
    ['a megabyte of brackets', '[]'.repeat(bytesMax / 2 - 1), 'TooManyValues', 1, 1],
    ['a megabyte in one text', `policy: "${'x'.repeat(bytesMax - 20)}"`, 'ShapeWrong', 1, 9],
    ['one byte too much', 'x'.repeat(bytesMax + 1), 'TooLarge', 1, 1],
    ['question marks in a row', `a: [${'? '.repeat(5_000)}`, 'NotYaml', 1, 7],
    ['ten thousand empty texts in a row', '"'.repeat(20_000), 'NotYaml', 1, 3],
    [
      'a number too large for a machine',
      good.replace('{ days: 20 }', '{ days: 1e400 }'),
      'ShapeWrong',
      lineOf('{ days: 20 }'),
      26,
    ],
    [
      'a number that would be rounded',
      good.replace('{ days: 20 }', '{ days: 9007199254740993 }'),
      'ShapeWrong',
      lineOf('{ days: 20 }'),
      34,
    ],
    ['a fraction of a day', good.replace('{ days: 20 }', '{ days: 20.5 }'), 'ShapeWrong', lineOf('{ days: 20 }'), 26],
    ['a NUL', 'a: "x\u0000"', 'NotText', 1, 6],
    ['half a surrogate pair', 'a: 1\nb: \ud800', 'NotText', 2, 4],
    ['a prototype', `__proto__: { policy: x }\n${good}`, 'KeyUnknown', 1, 12],
    ['nothing', '', 'ShapeWrong', 1, 1],
    ['a list', '- 1', 'ShapeWrong', 1, 1],
    ['two documents', `${good}\n---\n${good}`, 'NotYaml', good.split('\n').length + 1, 1],
    [
      'a regular expression in a condition',
      good.replace(
        'type: text, required: true, max: 1000',
        'type: text, requiredWhen: \'customerName.matches("(a+)+$")\', max: 1000',
      ),
      'ConditionInvalid',
      lineOf('name: feedback'),
      53,
    ],
    [
      'a condition that compares text with a number',
      good.replace('type: text, required: true, max: 1000', 'type: text, requiredWhen: "customerName > 3", max: 1000'),
      'ConditionInvalid',
      lineOf('name: feedback'),
      53,
    ],
  ];
  for (const [name, text, code, line, column] of hostile) {
    it(`refuses ${name} in time, with line and column`, () => {
      const started = cpuMilliseconds();
      const found = problem(loadPolicy(text));
      expect(cpuMilliseconds() - started).toBeLessThan(millisecondsMax);
      expect({ code: found?.code, line: found?.line, column: found?.column }).toEqual({ code, line, column });
      expect(found?.message.zh).toMatch(/\p{Script=Han}/u);
      expect(found?.message.en).toMatch(/[A-Za-z]{3}/);
    });
  }

  it('never throws, whatever is cut out of a good document', () => {
    for (let start = 0; start < good.length; start += 61) {
      const loaded = loadPolicy(good.slice(0, start) + good.slice(start + 17));
      expect(loaded.ok || loaded.problems.every(({ line, column }) => line >= 1 && column >= 1)).toBe(true);
    }
  });

  it('says all that is wrong, at most fifty times', () => {
    const loaded = loadPolicy(
      good
        .replace('ranks: receivedAt', 'ranks: never')
        .replaceAll('starts: approved', 'starts: [approved]')
        .replace('timeZone: Asia/Shanghai', 'timezone: Asia/Shanghai'),
    );
    expect(loaded.ok ? [] : loaded.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'Missing timeZone',
      'ShapeWrong intake.ranks',
      'ShapeWrong protection[0].starts',
      'KeyUnknown timezone',
    ]);
  });
});
