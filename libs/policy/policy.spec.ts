import { createHash } from 'node:crypto';
import { loadPolicy } from './policy.js';
import { claimsText, inventedText, loaded, shippedPolicies, shippedPolicy, shippedText } from './testing/shipped.js';

const problems = (from: string | RegExp, to: string): string[] => {
  const text = inventedText();
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  const result = loadPolicy(changed);
  return result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`);
};

describe('a policy', () => {
  for (const id of shippedPolicies) {
    it(`${id} loads, and is cited by the digest of its exact bytes`, () => {
      const text = shippedText(id);
      const { reference, digest } = shippedPolicy(id);
      expect(digest).toBe(createHash('sha256').update(text).digest('hex'));
      expect(reference).toBe(`${id}@2026-01#${digest.slice(0, 12)}`);
    });
  }

  it('is another policy when one space is added', () => {
    const text = shippedText('two-month-admin-filing');
    expect(loaded(`${text} `).reference).not.toBe(loaded(text).reference);
  });
});

describe('a document that cannot be evaluated is refused', () => {
  it.each([
    [
      'an unknown class',
      'class: [field, company], rule: R99.11',
      'class: [field, firm], rule: R99.11',
      ['ClassUnknown review.steps[0].class'],
    ],
    [
      'an unknown role',
      'roles: regionManager, within',
      'roles: regionBoss, within',
      ['RoleUnknown review.steps[0].roles'],
    ],
    [
      'an unknown field in a key',
      '[{ field: company, as: companyName }]',
      '[{ field: firm, as: companyName }]',
      ['FieldUnknown identity.strongKeys[1].parts[0].field'],
    ],
    [
      'an unknown field in a condition',
      'given("designer")',
      'given("architect")',
      ['ConditionInvalid form[0].fields[6].requiredWhen'],
    ],
    [
      'an unknown variable in a condition',
      'amount >= 10000000',
      'sum >= 10000000',
      ['ConditionInvalid review.steps[1].when'],
    ],
    ['a lead time before a text', 'before: visitAt', 'before: building', ['FieldNotDated intake.leadTimes[0].before']],
    [
      'a class with two clocks',
      '{ class: designer, starts',
      '{ class: [designer, field], starts',
      ['ProtectionTwice protection'],
    ],
    ['a class without a clock', / {2}- \{ class: preFiling, starts.*\n/, '', ['ClassWithoutProtection classes[2]']],
    ['a ban after no cause', 'after: falseInformation', 'after: badLuck', ['CauseUnknown bans[0].after']],
    ['a case nobody arbitrates', /\n {2}case: .*\n/, '\n', ['CaseMissing collision']],
    ['a case that stops a clock nobody described', /suspension: .*\n/, '', ['SuspensionMissing collision']],
    [
      'working days without a calendar',
      'calendar: china',
      '',
      [
        'CalendarMissing intake.latestAfter[0].within.workingDays',
        'CalendarMissing review.steps[0].within.workingDays',
        'CalendarMissing protection[4].rollToWorkingDay',
        'CalendarMissing collision.case.within.workingDays',
      ],
    ],
    [
      'a range that runs backwards',
      'from: { months: 6, counting: corresponding }, to: { months: 12',
      'from: { months: 13, counting: corresponding }, to: { months: 12',
      ['RangeUnordered protection[4].lasts'],
    ],
    [
      'an offence with two forms of penalty',
      'choice: [warning, { fine',
      'each: warning, choice: [warning, { fine',
      ['ShapeWrong offences[1]'],
    ],
    ['an offence without a penalty', 'each: { fine: 500 }, vicarious', 'vicarious', ['ShapeWrong offences[2]']],
    [
      'a time-out without a deadline',
      'within: { workingDays: 2, counting: exclusive }, onTimeout',
      'onTimeout',
      ['TimeoutWithoutDeadline review.steps[0]'],
    ],
    ['an escalation to nobody', 'escalatesTo: administrator, ', '', ['EscalationUnclear review.steps[0]']],
    [
      'a text that is not personal',
      '{ name: building, type: text,',
      '{ name: building, type: text, personal: false,',
      ['TextIsPersonal form[0].fields[6].personal'],
    ],
    [
      'a field with two types',
      '{ name: visitAt, type: instant, required: true',
      '{ name: area, type: instant, required: true',
      ['FieldUnknown intake.leadTimes[0].before', 'FieldTypeDiffers form[1].fields[0].type', 'FieldTwice form'],
    ],
    [
      'a bound that means nothing',
      'name: consent, type: flag,',
      'name: consent, type: flag, min: 1,',
      ['BoundMeaningless form[0].fields[8].min'],
    ],
    [
      'a choice without choices',
      'name: consent, type: flag',
      'name: consent, type: choice',
      ['ChoicesMissing form[0].fields[8]'],
    ],
    ['a zone that does not exist', 'Asia/Shanghai', 'Asia/Chongqing2', ['TimeZoneUnknown timeZone']],
    [
      'a length that does not say how it counts',
      'lasts: { days: 30, counting: inclusive }, rolls',
      'lasts: { days: 30 }, rolls',
      ['ShapeWrong protection[0].lasts'],
    ],
    ['money as a decimal number', 'fine: "500.50"', 'fine: 500.5', ['ShapeWrong offences[3].perCustomer[0]']],
    [
      'a field named after what objects have by birth',
      'name: area',
      'name: constructor',
      ['ShapeWrong form[0].fields[4].name'],
    ],
    ['a version that YAML reads as a number', 'version: "1.0"', 'version: 1.0', ['ShapeWrong version']],
    [
      'a binding that nobody keeps',
      'protection: filing, offences',
      'protection: approval, offences',
      ['ShapeWrong bindings.protection'],
    ],
    [
      'objections that nobody could decide',
      /collision:\n(?: {2}.*\n)+suspension: .*\n/,
      'collision: { secondClaim: refuse, pendingSecondClaim: refuse, lateArrival: refuse, ownRepeat: refuse }\nobjections: { within: { hours: 48 } }\n',
      ['CaseMissing collision', 'SuspensionMissing collision'],
    ],
    [
      'a meaning nobody has written',
      'bindings:',
      'meanings: { protection: 3 }\nbindings:',
      ['MeaningUnknown meanings.protection'],
    ],
    [
      'a misspelt key deep in a list',
      '{ kind: phone, parts: [{ field: phone, as: phone }] }',
      '{ kind: phone, parts: [{ feld: phone, as: phone }] }',
      ['Missing identity.strongKeys[0].parts[0].field'],
    ],
    ['a name that stands twice', 'name: lostByQuarrel', 'name: falseFiling', ['NameTwice offences']],
  ])('%s', (_, from, to, expected) => {
    const found = problems(from, to);
    expect(found.toSorted()).toEqual(expected.toSorted());
  });
});

describe('ways of claiming', () => {
  const problemsOf = (from: string, to: string): readonly string[] => {
    const text = claimsText();
    expect(text).toContain(from);
    const result = loadPolicy(text.replace(from, to));
    return result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`);
  };
  it.each([
    [
      'a record with a clock',
      'class: partner, starts',
      'class: [partner, note], starts',
      ['RecordWithProtection classes[3]'],
    ],
    [
      'a claim without a clock',
      '  - { class: partner, starts: approved, lasts: { days: 10, counting: exclusive } }\n',
      '',
      ['ClassWithoutProtection classes[2]'],
    ],
    [
      'a class of records with a key it cannot form',
      'claims: none, identity: own',
      'claims: none',
      ['ClassWithoutKey identity.strongKeys'],
    ],
    [
      'two ways of claiming in one kind',
      'kind: partners',
      'kind: design',
      ['KindClaimsDiffer classes[1].claims', 'KindClaimsDiffer classes[2].claims'],
    ],
    [
      'an upgrade into another kind',
      'collision:',
      'upgrades: [{ from: sales, on: visit, to: design, clock: event }]\ncollision:',
      ['UpgradeChangesClaim upgrades[0]'],
    ],
    [
      'claims that nothing says how to decide between',
      /^collision:[^]*?\n(?=suspension)/m.exec(claimsText())![0],
      '',
      ['CollisionMissing collision'],
    ],
    [
      'deals that nobody is credited for',
      'terminate, transfer',
      'recordDeal, terminate, transfer',
      ['AttributionMissing attribution'],
    ],
  ])('%s is refused', (_, from, to, problems) => expect(problemsOf(from, to)).toEqual(problems));
});
