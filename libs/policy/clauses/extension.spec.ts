import fc from 'fast-check';
import { addMilliseconds, daysBetween, endOfDay, lastDay } from '#time/instant.js';
import { accepted, at, inventedBut, refusals, rulesOf, under, underInvented } from '../testing/evaluations.js';
import { endOutcome, extendedEnd, judgeExtensionLength, judgeExtensionRequest } from './extension.js';

const dataDepartment = under('data-dept-three-month');
const administration = under('two-month-admin-filing');
const zhaodu = under('zhaodu-intent-customer');
const invented = underInvented();
const until = (date: string) => ({ startsAt: at('2026-03-11 16:00'), endsAt: at(date) });

describe('extension', () => {
  const asked = (now: string, evidence = ['latestInformation']) =>
    judgeExtensionRequest(dataDepartment, {
      class: 'project',
      protection: until('2026-06-12'),
      now: at(now),
      timesGranted: 0,
      evidence,
    });

  it('R06.18 is in time on the twentieth day before the last one', () => {
    expect(refusals(asked('2026-05-22 23:59:59'))).toEqual([]);
    expect(rulesOf(asked('2026-05-22 10:00'))).toEqual(['R06.18']);
  });
  it('R06.18 is too late one day after, and says what the last moment was', () => {
    expect(refusals(asked('2026-05-23 00:00'))).toEqual(['ExtensionTooLate']);
    expect(accepted(asked('2026-05-23 00:00'))).toEqual({ latest: addMilliseconds(at('2026-05-23'), -1) });
  });
  it('R06.18 wants the latest information', () =>
    expect(refusals(asked('2026-05-01 10:00', []))).toEqual(['EvidenceMissing']));
  it('all that is wrong is said at once', () =>
    expect(refusals(asked('2026-06-12 00:00', []))).toEqual([
      'ProtectionRunOut',
      'ExtensionTooLate',
      'EvidenceMissing',
    ]));
  it('R06.18 adds the months to the old end', () =>
    expect(
      extendedEnd(dataDepartment, {
        class: 'project',
        protection: until('2026-06-12'),
        decidedAt: at('2026-05-25 10:00'),
      }),
    ).toMatchObject({ endsAt: at('2026-09-12'), lastDay: '2026-09-11' }));

  it('R09.07 may be asked at any time before the end, as often as one likes', () => {
    const judge = (now: string, timesGranted: number) =>
      judgeExtensionRequest(administration, {
        class: 'purchase',
        protection: until('2026-05-03'),
        now: at(now),
        timesGranted,
        evidence: [],
      });
    expect(refusals(judge('2026-05-02 23:59', 12))).toEqual([]);
    expect(refusals(judge('2026-05-03 00:00', 0))).toEqual(['ProtectionRunOut']);
  });
  it('R09.07 without the application it is abandoned, with it merely expired', () => {
    expect(endOutcome(administration, { class: 'purchase', extensionAsked: false })).toMatchObject({
      outcome: 'abandon',
      because: { rules: ['R09.07'], clause: 'extension' },
    });
    expect(endOutcome(administration, { class: 'purchase', extensionAsked: true }).outcome).toBe('expire');
  });
  it('a policy without extensions refuses them, and its ends are expiries', () => {
    expect(
      refusals(
        judgeExtensionRequest(zhaodu, {
          class: 'walkIn',
          protection: until('2026-03-09'),
          now: at('2026-03-08'),
          timesGranted: 0,
          evidence: [],
        }),
      ),
    ).toEqual(['ExtensionUnavailable']);
    expect(endOutcome(zhaodu, { class: 'walkIn', extensionAsked: false })).toMatchObject({
      outcome: 'expire',
      because: { rules: ['R04.04', 'R04.06', 'R04.08'] },
    });
    expect(
      extendedEnd(zhaodu, { class: 'walkIn', protection: until('2026-03-09'), decidedAt: at('2026-03-08') }).endsAt,
    ).toBe(at('2026-03-09'));
  });

  it('may be limited to the last days and to a number of times', () => {
    const judge = (now: string, timesGranted: number) =>
      judgeExtensionRequest(invented, {
        class: 'field',
        protection: until('2026-04-10'),
        now: at(now),
        timesGranted,
        evidence: ['followUps'],
      });
    expect(refusals(judge('2026-03-30 23:59', 0))).toEqual(['ExtensionTooEarly']);
    // 31 March is the tenth day from the end, 9 April the last
    expect(refusals(judge('2026-03-31 00:00', 0))).toEqual([]);
    expect(refusals(judge('2026-04-05', 2))).toEqual(['ExtensionTimesUsed']);
  });
  it('may be counted from the decision, and chosen within a range', () => {
    const given = { class: 'company', protection: until('2026-09-03'), decidedAt: at('2026-08-20 10:00') };
    // a Sunday that is worked before the National Day holidays
    expect(extendedEnd(invented, given).lastDay).toBe('2026-09-20');
    expect(extendedEnd(invented, { ...given, chosen: { months: 3, counting: 'corresponding' } }).lastDay).toBe(
      '2026-11-20',
    );
    expect(
      refusals(judgeExtensionLength(invented, { class: 'company', chosen: { months: 4, counting: 'corresponding' } })),
    ).toEqual(['LengthOutOfRange']);
    expect(
      refusals(judgeExtensionLength(invented, { class: 'company', chosen: { months: 3, counting: 'corresponding' } })),
    ).toEqual([]);
  });
  it('counted from an early decision it never takes days away', () =>
    expect(
      extendedEnd(invented, { class: 'company', protection: until('2026-12-31'), decidedAt: at('2026-08-20') }).endsAt,
    ).toBe(at('2026-12-31')));

  it('added to the end, n days are n days, however they are counted', () => {
    const counted = Object.fromEntries(
      (['inclusive', 'exclusive', 'rolling'] as const).map((counting) => [
        counting,
        inventedBut(
          'lasts: { days: 30, counting: inclusive }, timesMax',
          `lasts: {  days: 30, counting: ${counting} }, timesMax`,
        ),
      ]),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('inclusive', 'exclusive', 'rolling'),
        fc.integer({ min: 0, max: 400 }),
        (counting, days) => {
          const endsAt = endOfDay(
            lastDay(addMilliseconds(at('2026-01-01 12:00'), days * 86_400_000), 'Asia/Shanghai'),
            'Asia/Shanghai',
          );
          const extended = extendedEnd(counted[counting]!, {
            class: 'field',
            protection: { startsAt: at('2025-12-01'), endsAt },
            decidedAt: at('2025-12-02'),
          });
          expect(daysBetween(lastDay(endsAt, 'Asia/Shanghai'), extended.lastDay)).toBe(30);
        },
      ),
    );
  });
});
