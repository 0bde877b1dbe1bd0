import { at, under, underInvented } from '../testing/evaluations.js';
import { PolicyMisuse } from '../evaluation.js';
import { effectiveAtOnce, reviewChain, reviewDeadline, reviewStep } from './review.js';

const dataDepartment = under('data-dept-three-month');
const invented = underInvented();

describe('review', () => {
  it('R04.11 a regime that checks beforehand reviews nothing afterwards', () => {
    const zhaodu = under('zhaodu-intent-customer');
    expect(reviewChain(zhaodu, { class: 'walkIn', values: {} })).toEqual([]);
    expect(effectiveAtOnce(zhaodu, 'walkIn')).toMatchObject({
      clause: 'review',
      inputs: { class: 'walkIn', steps: 0 },
    });
  });
  it('R06.09 the data department has seven working days, the day of receipt not counted', () => {
    const [step, ...more] = reviewChain(dataDepartment, { class: 'project', values: {} });
    expect(more).toEqual([]);
    expect(step).toMatchObject({
      name: 'dataDepartment',
      index: 0,
      of: 1,
      roles: ['reviewer'],
      onTimeout: 'escalate',
      escalatesTo: ['administrator'],
    });
    const deadline = reviewDeadline(dataDepartment, step!, at('2026-03-02 10:00'));
    expect(deadline.at).toBe(at('2026-03-12')); // Wednesday the 11th is the seventh
    expect(deadline.because).toMatchObject({
      clause: 'review.dataDepartment',
      rules: ['R06.09'],
      calendars: ['china-2026@chinese-days-1.5.7'],
      inputs: { workingDays: 7, counting: 'exclusive', onTimeout: 'escalate' },
    });
  });
  it('R06.09 the spring festival is not worked, its make-up days are', () => {
    const step = reviewStep(dataDepartment, 'dataDepartment');
    // 11, 12, 13, Saturday 14 worked, 15 to 23 off, 24, 25, 26
    expect(reviewDeadline(dataDepartment, step, at('2026-02-10 10:00')).at).toBe(at('2026-02-27'));
  });
  it("R09.05 the office's check has no deadline", () => {
    const administration = under('two-month-admin-filing');
    const [step] = reviewChain(administration, { class: 'purchase', values: {} });
    expect(step).toMatchObject({ name: 'duplicateCheck', roles: ['administrator'], onTimeout: 'none' });
    expect(reviewDeadline(administration, step!, at('2026-03-02')).at).toBeUndefined();
  });
  it('R15.04 a step may depend on the form and on the class', () => {
    const names = (name: string, amount?: string) =>
      reviewChain(invented, { class: name, values: amount === undefined ? {} : { amount } }).map(
        (step) => `${step.index + 1}/${step.of} ${step.name}`,
      );
    expect(names('field', '9999999')).toEqual(['1/1 manager']);
    expect(names('field', '10000000')).toEqual(['1/2 manager', '2/2 director']);
    expect(names('field')).toEqual(['1/1 manager']);
    expect(names('designer', '10000000')).toEqual([]);
  });
  it('a step is found again by its name, whatever the form says now', () => {
    expect(reviewStep(invented, 'director').roles).toEqual(['reviewer']);
    expect(() => reviewStep(invented, 'nobody')).toThrow(PolicyMisuse);
  });
});
