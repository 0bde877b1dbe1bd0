import { checkPolicy } from './check.js';
import { declaredRules, ruleCoverage } from './coverage.js';
import { inventedText, loaded, paperRules, shippedPolicies, shippedPolicy } from './testing/shipped.js';

const findings = (from: string | RegExp, to: string): string[] => {
  const text = inventedText();
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  const known = new Set(checkPolicy(loaded(text).document).map(({ code, path }) => `${code} ${path}`));
  return checkPolicy(loaded(changed).document)
    .map(({ code, path }) => `${code} ${path}`)
    .filter((each) => !known.has(each));
};

describe('coverage', () => {
  for (const id of shippedPolicies) {
    it(`${id}: every rule of the paper is enforced by an item or honestly not`, () => {
      const policy = shippedPolicy(id);
      const rules = declaredRules(policy.document);
      const coverage = ruleCoverage(policy);
      expect([...coverage.keys()]).toEqual(rules);
      for (const [rule, entry] of coverage)
        expect({ rule, answered: entry.enforcedBy.length > 0 !== 'unenforced' in entry }).toEqual({
          rule,
          answered: true,
        });
    });
  }
  it.each([...shippedPolicies])('%s declares as many rules as its paper has', (id) => {
    const { rules } = shippedPolicy(id).document;
    expect(declaredRules({ rules })).toEqual(paperRules(rules!.prefix).map(({ rule }) => rule));
  });
  it('names the items as reasons do', () => {
    const coverage = ruleCoverage(shippedPolicy('zhaodu-intent-customer'));
    expect(coverage.get('R04.07')).toEqual({ enforcedBy: ['protection.depositPaid', 'upgrades.walkIn'] });
    expect(coverage.get('R04.02')).toEqual({
      enforcedBy: ['form.customerName', 'form.phone', 'form.address', 'form', 'ends.falseContent'],
    });
    expect(coverage.get('R04.12')).toMatchObject({ enforcedBy: [], unenforced: expect.stringContaining('form') });
  });
});

describe('lint', () => {
  it('finds no error in what we ship', () => {
    for (const id of shippedPolicies)
      expect(checkPolicy(shippedPolicy(id).document).filter(({ severity }) => severity === 'error')).toEqual([]);
  });
  it.each([
    ['a rule that nobody accounts for', 'count: 30', 'count: 31', ['RuleUnaccounted rules']],
    ['a rule that the paper does not have', 'count: 30', 'count: 29', ['RuleForeign rules']],
    [
      'a rule that is enforced and is not',
      'rule: R99.30, why',
      'rule: R99.29, why',
      ['RuleBothWays unenforced', 'RuleUnaccounted rules'],
    ],
    [
      'an approval nobody may give',
      'may: [approve, reject, returnForMore,',
      'may: [reject, returnForMore,',
      ['NobodyMay review', 'RoleCannotAct review.steps[1]'],
    ],
    [
      'a case nobody may arbitrate',
      '{ may: arbitrate, roles: arbiter }',
      '{ may: ask, roles: arbiter }',
      ['NobodyMay collision.case', 'RoleCannotAct collision.case.arbiters'],
    ],
    [
      'an arbiter who may not arbitrate',
      'case: { arbiters: arbiter,',
      'case: { arbiters: [arbiter, reviewer],',
      ['RoleCannotAct collision.case.arbiters'],
    ],
    ['a late arrival that cannot come', 'ranks: receivedAt', 'ranks: recordedAt', ['NeverFires collision.lateArrival']],
    [
      'a case that nothing opens',
      'secondClaim: { outcome: case,',
      'secondClaim: { outcome: refuse,',
      ['NeverFires collision.case', 'NeverFires suspension'],
    ],
    [
      'a class that nobody reaches',
      '{ name: designer, title: { zh: 设计师, en: Designer } }',
      '{ name: designer, filed: false, title: { zh: 设计师, en: Designer } }',
      ['NeverFires classes[1]'],
    ],
    [
      'an exemption that is refused, where there is no flag to lift',
      /exemption: allowed([^]*?)\n {2}- \{ name: unfiledSale.*\n/,
      'exemption: refused$1\n',
      ['NeverFires permissions'],
    ],
    ['a split that may not be agreed', 'agreedSplits: allowed', 'agreedSplits: refused', ['NeverFires permissions']],
    [
      'no sanction',
      /offences:\n(?: {2}-.*\n)+/,
      '',
      ['RuleUnaccounted rules', 'RuleUnaccounted rules', 'SanctionMissing offences'],
    ],
    [
      'a misspelt event of a notice',
      'on: Approved, to: [filer, rivals]',
      'on: Aproved, to: [filer, rivals]',
      ['NoticeNeverIssued notices[0].on'],
    ],
    ['a misspelt channel of a notice', 'channels: email', 'channels: emial', ['ChannelUnknown notices[0].channels']],
    ['a misspelt text of a notice', 'says: lastDay', 'says: lastDya', ['TextUnknown notices[0].says']],
    ['a notice to everybody', 'to: [filer, rivals]', 'to: [filer, party]', ['AddresseeUnreached notices[0].to']],
    [
      'a misspelt channel of intake',
      'accepts: [system, email]',
      'accepts: [system, emal]',
      ['ChannelUnknown intake.channels[0].accepts'],
    ],
    ['a misspelt part', 'weights: { closer: 1 }', 'weights: { closr: 1 }', ['PartUnknown attribution.by[3].weights']],
    ['a calendar that somebody else must publish', 'calendar: china', 'calendar: chnia', ['CalendarForeign calendar']],
    [
      'an upgrade that leads back',
      '- { from: field, on: deposit, to: company, clock: start }',
      '- { from: field, on: deposit, to: company, clock: start }\n  - { from: company, on: followUp, to: field, clock: start }',
      ['UpgradeCircle upgrades[1]', 'UpgradeCircle upgrades[2]'],
    ],
    [
      'an extension that can never be asked for',
      'ask: { withinLast: { days: 10 } }',
      'ask: { notLaterThan: { days: 30 } }',
      ['NeverFires extension[0].ask'],
    ],
    [
      'an extension whose days do not meet',
      'ask: { withinLast: { days: 10 } }',
      'ask: { withinLast: { days: 10 }, notLaterThan: { days: 10 } }',
      ['NeverFires extension[0].ask'],
    ],
    [
      'claims that anybody may date back',
      /ranks: receivedAt([\s\S]*?)occurredAt: \{ minutesMax: 60 \}, /,
      'ranks: occurredAt$1',
      ['BackdatingOpen intake.backdating', 'BackdatingOpen protection[3]'],
    ],
    ['no declared rules', 'rules: { prefix: R99, count: 30 }', '', ['RulesUndeclared rules']],
    [
      'an ask that misleads',
      'tells: [protected, pending]',
      'tells: [protected]',
      ['AnswerMisleads visibility.availability'],
    ],
    [
      'no word about unregistered deals',
      '    - { basis: unregistered, weights: { closer: 1 } }\n',
      '',
      ['UnregisteredUnclear attribution.by'],
    ],
    [
      'no word about verdicts',
      '    - { basis: verdict, weights: { holder: 1, assistant: 1 } }\n',
      '',
      ['VerdictUnclear attribution.by'],
    ],
  ])('%s', (_, from, to, expected) => expect(findings(from, to).toSorted()).toEqual(expected.toSorted()));

  it('speaks both languages', () => {
    for (const { message } of checkPolicy(loaded(inventedText()).document))
      expect(message).toEqual({
        zh: expect.stringMatching(/\p{Script=Han}/u),
        en: expect.stringMatching(/^["A-Z].*\.$/),
      });
  });
});
