import { join } from 'node:path';
import { expectationSchema } from './expectation.js';
import { play } from './play.js';
import { readScenarios } from './document.js';
import { failureText, type Failure } from './report.js';

const file = join(import.meta.dirname, 'own.scenarios.yaml');
const played = async (text: string): Promise<readonly Failure[]> => {
  const read = readScenarios(text);
  if (!read.ok) throw new Error(read.problems.map(({ line, message }) => `${line} ${message.en}`).join('\n'));
  return (await Promise.all(read.scenarios.map((scenario) => play(scenario, file)))).flat();
};

/** S1 holds the customer, S2's claim on another was refused, a deal was made, somebody was fined. */
const story = (then: string): string => `
- scenario: a story
  policy: data-dept-three-month
  parties: { S3: { enrolled: true } }
  given:
    - { at: 2026-03-02 10:00, who: S1, does: register, customer: C1, expectedAmount: 500000, as: first }
    - { at: 2026-03-03 10:00, who: S2, does: register, customer: C1 }
    - { at: 2026-03-06 10:00, who: reviewer, does: arbitrate, customer: C1, outcome: assign, winner: S1, because: 先报备 }
    - { at: 2026-03-10 10:00, who: finance, does: record deal, customer: C1, amount: 1000, closedBy: S2 }
    - { at: 2026-03-10 11:00, who: S3, does: register, customer: C2 }
  when: { at: 2026-03-10 12:00, who: S2, does: register, customer: C1, without: businessCard }
  then: ${then}
`;
/** One false statement for each key that an expectation may have; each must be noticed. */
const lies: Readonly<Record<string, string>> = {
  accepted: '{ accepted: true }',
  refused: '{ refused: RefilingBanned }',
  only: '{ refused: AttachmentMissing, only: true, accepted: { attachment: signature } }',
  field: '{ refused: AttachmentMissing, field: project }',
  nothing: '{ nothing: true }',
  recorded: '{ recorded: Registered }',
  cites: '{ cites: R06.18 }',
  state: '{ customer: C1, of: S1, state: expired }',
  class: '{ customer: C1, of: S1, class: other }',
  startsAt: '{ customer: C1, of: S1, startsAt: 2026-03-06 10:01 }',
  endsAt: '{ customer: C1, of: S1, endsAt: 2026-06-06 00:00 }',
  lastDay: '{ customer: C1, of: S1, lastDay: 2026-06-05 }',
  endedAt: '{ customer: C1, of: S2, endedAt: 2026-03-07 }',
  suspended: '{ customer: C1, of: S1, suspended: true }',
  cause: '{ customer: C1, of: S2, cause: byReviewer }',
  holder: '{ customer: C1, registration: first, holder: S2 }',
  extensionAsked: '{ customer: C1, of: S1, extensionAsked: true }',
  waitsFor: '{ customer: C2, of: S3, waitsFor: administrator }',
  step: '{ customer: C2, of: S3, step: director }',
  duties: '{ customer: C2, of: S3, duties: { sampling: open } }',
  missed: '{ customer: C2, of: S3, missed: report }',
  missedPeriods: '{ of: S1, missedPeriods: { lists: 1 } }',
  parts: '{ customer: C2, of: S3, parts: { assignee: S1 } }',
  told: '{ customer: C1, told: S4 }',
  untold: '{ customer: C1, untold: S1 }',
  shown: '{ customer: C1, who: S3, shown: [expectedAmount] }',
  list: '{ who: S1, list: register, rows: none }',
  rows: '{ who: S1, list: register, rows: [S1] }',
  statistics: '{ who: S1, statistics: byMonth, cells: none }',
  cells: '{ who: S1, statistics: byMonth, cells: { protected: 1 } }',
  stages: '{ customer: C2, of: S3, stages: { progress: met } }',
  flags: '{ customer: C2, flags: [late] }',
  due: '{ customer: C2, of: S3, due: 2026-03-19 00:00 }',
  details: '{ customer: C1, of: S1, details: { expectedAmount: 500001 } }',
  owner: '{ customer: C1, owner: nobody }',
  case: '{ customer: C1, case: open }',
  collision: '{ customer: C1, collision: lateArrival }',
  claims: '{ customer: C1, claims: [S1] }',
  outcome: '{ customer: C1, outcome: split }',
  winner: '{ customer: C1, winner: S2 }',
  arbiters: '{ customer: C1, arbiters: auditor }',
  penalties: '{ of: S1, penalties: [warning] }',
  occurrence: '{ of: S1, occurrence: 1 }',
  offences: '{ of: S1, offences: 1 }',
  standing: '{ of: S1, standing: banned }',
  basis: '{ customer: C1, basis: holder }',
  credited: '{ customer: C1, credited: { S1: 999 } }',
  commission: '{ customer: C1, commission: { S1: 1 } }',
  weights: '{ customer: C1, weights: { S1: 2 } }',
  assistants: '{ customer: C1, assistants: [] }',
  basedOn: '{ customer: C1, basedOn: S2 }',
  history: '{ customer: C1, history: [Approved, Registered, Registered] }',
  never: '{ customer: C1, never: ConflictRaised }',
  sees: '{ customer: C1, who: S3, sees: free }',
  answer: '{ answer: free }',
  queue: '{ queue: reviewer, holds: [S1, S3] }',
  may: '{ who: S3, may: approve }',
  mayNot: '{ who: reviewer, mayNot: approve }',
  kind: '{ customer: C1, kind: design, owner: S1 }',
  asOf: '{ customer: C1, asOf: 2026-03-06 09:59, owner: S1 }',
  at: '{ customer: C1, at: 2026-06-07 00:00, owner: S1 }',
};
const selectors = ['customer', 'of', 'registration', 'who', 'holds', 'about'];

describe('an expectation that is not met', () => {
  it.each(Object.entries(lies))('%s: %s', async (_, lie) => {
    const failures = await played(story(`\n    - ${lie}`));
    expect(failures.map(({ line }) => line)).toEqual([13]);
  });
  it('every key of an expectation has its lie here', () => {
    expect(
      Object.keys(expectationSchema.shape).filter((key) => !selectors.includes(key) && !Object.hasOwn(lies, key)),
    ).toEqual([]);
  });
  it('says where, what was expected, what happened, and why, in both languages', async () => {
    const [failure] = await played(story('\n    - { customer: C1, of: S1, lastDay: 2026-06-05 }'));
    const english = failureText('own.scenarios.yaml', failure!, 'en');
    expect(english).toContain(
      'own.scenarios.yaml:13\n      expected: lastDay 2026-06-05\n      happened: lastDay 2026-06-06\n      because:\n',
    );
    expect(english).toMatch(
      /2026-03-06 10:00 Approved · reviewer\n[\s\S]*\(R06\.14\)\n\s+- protection\.project · protection\/1 · data-dept-three-month@2026-01#[0-9a-f]{12}\n\s+- .*endsAt: 2026-06-07 00:00/,
    );
    expect(failureText('own.scenarios.yaml', failure!, 'zh')).toContain(
      '预期: 最后一日 2026-06-05\n      实际: 最后一日 2026-06-06\n      缘由:\n',
    );
  });
  it('of a given step that is refused ends the scenario there', async () => {
    const failures = await played(story('accepted').replace('customer: C2 }', 'customer: C2, without: project }'));
    expect(failures.map(({ line, expected, happened }) => [line, expected.en, happened.en])).toEqual([
      [10, 'this given step is accepted', 'refused: FieldMissing'],
    ]);
  });
  it('of a given step that must be refused and is not', async () => {
    const failures = await played(story('refused').replace('customer: C2 }', 'customer: C2, refused: FieldMissing }'));
    expect(failures.map(({ line, happened }) => [line, happened.en.trim()])).toEqual([[10, 'accepted']]);
  });
});

describe('a scenario that cannot be played says at which line, and what to write', () => {
  it.each([
    [
      'steps out of order',
      '{ at: 2026-03-10 11:00, who: S3',
      '{ at: 2026-03-01 11:00, who: S3',
      10,
      'Steps stand in the order of time',
    ],
    ['nobody acts', 'who: S3, does', 'does', 10, 'Say who does it: who.'],
    [
      'a word that is none',
      'without: businessCard',
      'withuot: businessCard',
      11,
      '"withuot" is neither a word of scenarios nor a field of the form',
    ],
    [
      'a policy that is not there',
      'data-dept-three-month',
      'nobody-wrote-it',
      2,
      'No policy document "nobody-wrote-it"',
    ],
    [
      'a reading that leads nowhere',
      'parties:',
      'reading: { "extension.lasts.days": 3 }\n  parties:',
      2,
      'The policy has no extension.lasts',
    ],
    [
      'a reading that the policy does not allow',
      'parties:',
      'reading: { "protection[0].lasts.counting": backwards }\n  parties:',
      2,
      'The policy cannot be used',
    ],
    [
      'a name that no step gave',
      '{ at: 2026-03-10 12:00, who: S2, does: register, customer: C1, without: businessCard }',
      '{ at: 2026-03-10 12:00, who: S1, does: release, registration: second }',
      11,
      'No step before was called second',
    ],
  ])('%s', async (_, from, to, line, message) => {
    const [failure] = await played(story('refused').replace(from, to));
    expect(failure?.line).toBe(line);
    expect(failure?.happened.en).toContain(message);
    expect(failure?.happened.zh).toMatch(/[一-鿿]/);
  });
  it('a part of a customer that the form has no field for', async () => {
    const [failure] = await played(
      '- scenario: credit code\n  policy: two-month-admin-filing\n  when: { at: 2026-03-02 10:00, who: S1, does: ask, customer: 91350100M000100Y43 }\n  then: accepted\n',
    );
    expect(failure).toMatchObject({
      line: 3,
      happened: { en: 'The form has no field for every part of "91350100M000100Y43".' },
    });
  });
  it('several claims and no word whose', async () => {
    const [failure] = await played(`
- scenario: whose
  policy: two-month-admin-filing
  given:
    - { at: 2026-03-02 10:00, who: S1, does: register, customer: C1 }
    - { at: 2026-03-02 10:05, who: S2, does: register, customer: C1 }
  when: { at: 2026-03-02 11:00, who: administration, does: approve, customer: C1 }
  then: accepted
`);
    expect(failure).toMatchObject({ line: 7, happened: { en: 'S1, S2 all claim this customer: say whose with of.' } });
  });
});
