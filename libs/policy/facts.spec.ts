import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { conditionsOver } from './condition.js';
import { facts, noFacts, type ConditionFacts, type FactNames, type Reach } from './facts.js';

const names: FactNames = {
  activity: new Set(['visit', 'quote']),
  ladder: new Set(['category']),
  class: new Set(['guided']),
  flag: new Set(['late']),
  role: new Set(['finance']),
  request: new Set(['specialPrice']),
  table: new Set(['prices']),
  partyKind: new Set(['agent']),
};
const known: ConditionFacts = {
  state: 'protected',
  class: 'project',
  kind: 'sales',
  registered: true,
  counts: new Map([['quote', 2]]),
  daysSince: (activity) => (activity === 'quote' ? 7 : undefined),
  isOfThisQuarter: (activity) => activity === 'quote',
  granted: new Set(['specialPrice']),
  stages: new Map([['category', 'quoted']]),
  everProtected: new Set(['guided']),
  flags: new Set(['late']),
  roles: ['finance'],
  party: { id: 'dealer-a', kind: 'agent', roles: ['party'] },
  tables: {
    version: () => 3,
    lists: (_, value) => value === 'pump',
    price: (_, value) => (value === 'pump' ? 100n : undefined),
    figure: (_, value) => (value === 'pump' ? 5n : undefined),
    entry: (_, value) => (value === 'pump' ? 'north' : ''),
  },
};
const conditions = conditionsOver(new Map([['state', 'string']]), names);
const holds = (source: string, given = known, values = {}): boolean => {
  const problem = conditions.compile(source, ['dossier', 'act', 'party', 'table']);
  if (problem !== undefined) throw new Error(problem.en);
  return conditions.over(values, given, false)(source);
};

describe('facts', () => {
  it.each([
    ['state() == "protected" && class() == "project" && kind() == "sales"', true, false],
    ['registered()', true, false],
    ['done("quote")', true, false],
    ['done("visit")', false, false],
    ['count("quote") >= 2', true, false],
    ['daysSince("quote") <= 7', true, false],
    ['doneThisQuarter("quote")', true, false],
    ['doneThisQuarter("visit")', false, false],
    ['daysSince("visit") == 36500', true, true], // as long as never
    ['stage("category") == "quoted"', true, false],
    ['ever("guided")', true, false],
    ['flagged("late")', true, false],
    ['hasRole("finance")', true, false],
    ['partyHas("finance")', false, false],
    ['partyIs("agent")', true, false],
    ['partyId() == "dealer-a"', true, false],
    ['listed("prices", "pump")', true, false],
    ['price("prices", "pump") == 100', true, false],
    ['price("prices", "hose") >= 0', false, false], // no price is no price of nothing
    ['figure("prices", "pump") == 5', true, false],
    ['entry("prices", "pump") == "north"', true, false],
  ])('%s is %s; of nobody and nothing it is %s', (source, expected, ofNothing) =>
    expect([holds(source), holds(source, noFacts)]).toEqual([expected, ofNothing]),
  );
  it('a form field may be called like one', () =>
    expect(holds('state == "draft" && state() == "protected"', known, { state: 'draft' })).toBe(true));

  const problem = (source: string, ...reach: readonly Reach[]): string | undefined =>
    conditionsOver(new Map(), names).compile(source, reach)?.en;
  it.each(Object.entries(facts).filter(([, { takes }]) => takes !== undefined))(
    '%s is asked by a name that is declared, written out',
    (fact) => {
      const wanted = /^In brackets stands one of the policy's own names/;
      const compared = facts[fact]!.gives === 'bool' ? '' : facts[fact]!.gives === 'int' ? ' > 0' : ' == ""';
      expect(problem(`${fact}("nobodyKnows")${compared}`, 'dossier', 'act', 'party', 'table')).toMatch(wanted);
      expect(problem(`${fact}("a" + "b")${compared}`, 'dossier', 'act', 'party', 'table')).toMatch(wanted);
    },
  );
  it('where none are at hand none is asked', () =>
    expect(problem('registered()')).toBe('registered() is not allowed in a condition.'));
  it('what time decides asks about the dossier, never about whoever acts', () => {
    expect(problem('done("quote") && daysSince("visit") > 3 && ever("guided")', 'dossier')).toBeUndefined();
    for (const source of ['hasRole("finance")', 'partyHas("finance")', 'partyIs("agent")'])
      expect(problem(`registered() && ${source}`, 'dossier')).toMatch(/may look at the dossier alone/);
  });
  it('what a form asks for looks at whoever fills it in, never at the dossier', () => {
    expect(problem('partyIs("agent") || hasRole("finance")', 'party')).toBeUndefined();
    expect(problem('registered()', 'party')).toMatch(/may look at whoever fills it in alone/);
  });
  it('each stands in the reference page', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/reference/policy.md'), 'utf8');
    expect(Object.keys(facts).filter((fact) => !page.includes(`\`${fact}(`))).toEqual([]);
  });
});
