import { readScenarios } from './document.js';

const problems = (text: string): readonly string[] => {
  const read = readScenarios(text);
  return read.ok ? [] : read.problems.map(({ line, message }) => `${line} ${message.en}`);
};
const scenario = (more: string): string =>
  `- scenario: one\n  when: { at: 2026-03-02 10:00, who: S1, does: register, customer: C1 }\n  then: accepted\n${more}`;

describe('a scenario file', () => {
  it('is read with its lines', () => {
    const read = readScenarios(
      scenario('  and:\n    - when: { does: wait, at: 2026-03-03 }\n      then:\n        - { state: under review }\n'),
    );
    expect(
      read.ok &&
        read.scenarios.map(({ line, rounds }) => [
          line,
          rounds.map(({ when, checks }) => [when.line, ...checks.map((check) => check.line)]),
        ]),
    ).toEqual([
      [
        1,
        [
          [2, 3],
          [5, 7],
        ],
      ],
    ]);
    expect(read.ok && read.scenarios[0]!.rounds[1]!.checks[0]!.state).toBe('underReview');
  });
  it('gives every scenario what is said for everywhere, unless it says otherwise', () => {
    const read = readScenarios(
      `- everywhere: { policy: small, program: riverside, parties: { R1: reviewer } }\n${scenario('')}\n- scenario: two\n  program: hillside\n  then: { owner: nobody }\n`,
    );
    expect(
      read.ok && read.scenarios.map(({ policy, program, parties }) => [policy, program, Object.keys(parties)]),
    ).toEqual([
      ['small', 'riverside', ['R1']],
      ['small', 'hillside', ['R1']],
    ]);
  });
  it.each([
    ['is a list', 'scenario: one', ['1 A scenario file is a list; each item begins with "- scenario:".']],
    ['is YAML', '- [', [expect.stringContaining('1 Not valid YAML')]],
    ['has no two scenarios of one title', `${scenario('')}${scenario('')}`, ['4 The scenario "one" stands twice.']],
    [
      'knows its acts',
      scenario('').replace('register', 'regsiter'),
      [expect.stringMatching(/^2 There is no such act: regsiter\. There are: wait, (?:[a-z -]+, )*register, /)],
    ],
    ['knows its words', scenario('').replace('then: accepted', 'then: { sttae: expired }'), ['3 Unknown word: sttae.']],
    [
      'knows the words of a step without a form',
      scenario('').replace('register', 'recall').replace('customer: C1', 'custmer: C1'),
      ['2 Unknown word: custmer.'],
    ],
    ['knows its keys', scenario('  whne: {}\n'), ['4 Unknown word: whne.']],
    [
      'has times that are times',
      scenario('').replace('2026-03-02 10:00', '2 March'),
      ['2 at: A time is written 2026-03-01 10:00.'],
    ],
    [
      'has states that are states',
      scenario('').replace('then: accepted', 'then: { state: mine }'),
      [expect.stringContaining('3 state:')],
    ],
    [
      'has amounts that are amounts',
      scenario('').replace('does: register, customer: C1', 'does: record deposit, amount: 1.234'),
      [expect.stringContaining('2 amount:')],
    ],
    [
      'expects something',
      '- scenario: one\n  when: { at: 2026-03-02 10:00, who: S1, does: register }\n',
      [expect.stringContaining('1 then:')],
    ],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });
});
