import { at, refusals, under, underInvented } from '../testing/evaluations.js';
import { caseDeadline, caseRules, collisionRule, type Situation } from './collision.js';
import { judgeObjection, objectionEnds } from './objections.js';
import { suspensionRule } from './suspension.js';

const zhaodu = under('zhaodu-intent-customer');
const dataDepartment = under('data-dept-three-month');
const administration = under('two-month-admin-filing');
const invented = underInvented();
const situations: readonly Situation[] = ['secondClaim', 'pendingSecondClaim', 'lateArrival', 'ownRepeat'];
const outcomes = (e: typeof zhaodu) => situations.map((situation) => collisionRule(e, situation).outcome);

describe('collision', () => {
  it('every situation has an answer of the policy', () => {
    expect(outcomes(zhaodu)).toEqual(['refuse', 'refuse', 'refuse', 'refuse']);
    expect(outcomes(dataDepartment)).toEqual(['refuse', 'case', 'case', 'refuse']);
    expect(outcomes(administration)).toEqual(['refuse', 'queue', 'case', 'refuse']);
    expect(outcomes(invented)).toEqual(['case', 'refuse', 'overturn', 'renew']);
  });
  it("R06.04 several filers are assessed by five criteria, in the paper's order", () => {
    expect(caseRules(dataDepartment)).toMatchObject({
      arbiters: ['reviewer', 'arbiter'],
      outcomes: ['assign', 'split', 'release', 'bothVoid'],
      criteria: ['filingTime', 'contractAmount', 'unitPrice', 'signingTime', 'meetingFeedback'],
      because: { rules: ['R06.04', 'R06.05'] },
    });
    expect(collisionRule(dataDepartment, 'pendingSecondClaim').because).toMatchObject({
      clause: 'collision.pendingSecondClaim',
      rules: ['R06.04'],
      inputs: { outcome: 'case' },
    });
  });
  it('a policy that opens no case names no arbiter', () =>
    expect(caseRules(zhaodu)).toMatchObject({ arbiters: [], outcomes: [] }));
  it('a case may have a deadline', () => {
    expect(caseDeadline(invented, at('2026-03-06 10:00'))).toMatchObject({
      at: at('2026-03-12'),
      because: { rules: ['R99.24'] },
    }); // Friday; Mon, Tue, Wed
    expect(caseDeadline(administration, at('2026-03-06 10:00')).at).toBeUndefined();
  });
  it('the clock stands still as the policy says, and as little as possible is lost where it says nothing', () => {
    expect(suspensionRule(invented)).toMatchObject({
      unit: 'instants',
      partialDay: 'used',
      daysMax: 15,
      because: { rules: ['R99.25'] },
    });
    expect(suspensionRule(zhaodu)).toMatchObject({ unit: 'days', partialDay: 'unused' });
    expect(suspensionRule(zhaodu)).not.toHaveProperty('daysMax');
  });
});

describe('objections', () => {
  const object = (now: string, evidence = ['proof']) =>
    judgeObjection(dataDepartment, { noticedAt: at('2026-03-13 10:00'), now: at(now), evidence });
  it('R06.12 two working days after the notice, which came on a Friday: Monday and Tuesday', () => {
    expect(objectionEnds(dataDepartment, at('2026-03-13 10:00'))).toBe(at('2026-03-18'));
    expect(refusals(object('2026-03-17 23:59'))).toEqual([]);
    expect(refusals(object('2026-03-18 00:00'))).toEqual(['ObjectionTooLate']);
  });
  it('R06.12 with evidence', () => expect(refusals(object('2026-03-16', []))).toEqual(['EvidenceMissing']));
  it('a policy without objections refuses them', () => {
    expect(
      refusals(judgeObjection(zhaodu, { noticedAt: at('2026-03-13'), now: at('2026-03-13'), evidence: [] })),
    ).toEqual(['ObjectionUnavailable']);
    expect(objectionEnds(zhaodu, at('2026-03-13'))).toBeUndefined();
  });
});
