import fc from 'fast-check';
import { addMilliseconds, FOREVER, isBefore, lastDay } from '#time/instant.js';
import { at, inventedBut, refusals, under, underInvented } from '../testing/evaluations.js';
import { chosenLength, judgeChosenLength, protectionOn, type ClockEvent } from './protection.js';
import { PolicyMisuse } from '../evaluation.js';
import { upgradeOn } from './upgrades.js';

const zhaodu = under('zhaodu-intent-customer');
const dataDepartment = under('data-dept-three-month');
const administration = under('two-month-admin-filing');
const invented = underInvented();

describe('protection', () => {
  it('R04.06 seven days from the day of registration, which is not counted', () => {
    const window = protectionOn(zhaodu, { class: 'walkIn', event: 'registered', at: at('2026-03-01 10:00') });
    expect(window).toMatchObject({ startsAt: at('2026-03-01 10:00'), endsAt: at('2026-03-09'), lastDay: '2026-03-08' });
    expect(window?.because).toEqual({
      policy: zhaodu.policy.reference,
      clause: 'protection.walkIn',
      meaning: 'protection/1',
      rules: ['R04.04', 'R04.06', 'R04.08'],
      inputs: {
        event: 'registered',
        from: at('2026-03-01 10:00'),
        days: 7,
        counting: 'exclusive',
        endsAt: at('2026-03-09'),
      },
    });
  });

  it('R04.04 has run out on 12 March', () => {
    const window = protectionOn(zhaodu, { class: 'walkIn', event: 'registered', at: at('2026-03-01 10:00') });
    expect(isBefore(at('2026-03-12 10:00'), window!.endsAt)).toBe(false);
  });

  it('R04.07 a deposit lifts a walk-in to 90 days from the day of the deposit', () => {
    expect(upgradeOn(zhaodu, { class: 'walkIn', event: 'deposit' })).toMatchObject({
      class: 'depositPaid',
      because: { rules: ['R04.07'] },
    });
    const current = { startsAt: at('2026-03-01 10:00'), endsAt: at('2026-03-09') };
    const window = protectionOn(zhaodu, {
      class: 'depositPaid',
      event: 'deposit',
      at: at('2026-03-05 15:00'),
      current,
      currentClass: 'walkIn',
    });
    expect(window).toMatchObject({ startsAt: current.startsAt, endsAt: at('2026-06-04'), lastDay: '2026-06-03' });
    expect(isBefore(at('2026-05-20 10:00'), window!.endsAt)).toBe(true);
    expect(window?.because.rules).toEqual(['R04.04', 'R04.07', 'R04.08']);
  });

  it('R04.07 a second deposit lifts nobody again, and a visit nobody at all', () => {
    const current = { startsAt: at('2026-03-01'), endsAt: at('2026-06-04') };
    expect(upgradeOn(zhaodu, { class: 'depositPaid', event: 'deposit' })).toBeUndefined();
    expect(
      protectionOn(zhaodu, {
        class: 'depositPaid',
        event: 'deposit',
        at: at('2026-04-01'),
        current,
        currentClass: 'depositPaid',
      }),
    ).toBeUndefined();
    expect(protectionOn(zhaodu, { class: 'walkIn', event: 'visit', at: at('2026-03-02'), current })).toBeUndefined();
  });

  it('R06.14 three months from the entry of the approval, through the corresponding date', () => {
    expect(
      protectionOn(dataDepartment, { class: 'project', event: 'registered', at: at('2026-03-02 09:00') }),
    ).toBeUndefined();
    expect(
      protectionOn(dataDepartment, { class: 'project', event: 'approved', at: at('2026-03-11 16:00') }),
    ).toMatchObject({ startsAt: at('2026-03-11 16:00'), endsAt: at('2026-06-12'), lastDay: '2026-06-11' });
  });

  it('R06.14 the other reading is one changed word', () => {
    const other = inventedBut(
      '{ class: field, starts: approved, lasts: { days: 30, counting: inclusive }',
      '{ class: field, starts: approved, lasts: { months: 3, counting: inclusive }',
    );
    expect(protectionOn(other, { class: 'field', event: 'approved', at: at('2026-03-11 16:00') })).toMatchObject({
      lastDay: '2026-06-10',
    });
  });

  it('R09.02, R09.05 two months from the moment the office finds no duplicate', () => {
    const window = protectionOn(administration, { class: 'purchase', event: 'approved', at: at('2026-03-02 11:00') });
    expect(window).toMatchObject({ startsAt: at('2026-03-02 11:00'), lastDay: '2026-05-02' });
    expect(isBefore(at('2026-05-10'), window!.endsAt)).toBe(false);
  });

  it('R09.02 ends on the last day of a shorter month', () => {
    expect(
      protectionOn(administration, { class: 'purchase', event: 'approved', at: at('2026-12-31 11:00') })?.lastDay,
    ).toBe('2027-02-28');
  });

  it('R29.20 a clock may end at a time of day, and start only with a visit', () => {
    expect(protectionOn(invented, { class: 'visited', event: 'approved', at: at('2026-03-01 10:00') })).toBeUndefined();
    expect(protectionOn(invented, { class: 'visited', event: 'visit', at: at('2026-03-01 10:00') })).toMatchObject({
      endsAt: at('2026-03-07 10:30'),
      lastDay: '2026-03-07',
    });
  });

  it("R29.21 the holder's visit rolls the clock on by its length; R29.22 another's does not", () => {
    const current = { startsAt: at('2026-03-01 10:00'), endsAt: at('2026-03-07 10:30') };
    const rolled = protectionOn(invented, {
      class: 'visited',
      event: 'visit',
      at: at('2026-03-05 15:00'),
      current,
      relations: ['holder', 'party'],
    });
    expect(rolled).toMatchObject({ startsAt: current.startsAt, endsAt: at('2026-03-14 10:30') });
    expect(
      protectionOn(invented, {
        class: 'visited',
        event: 'visit',
        at: at('2026-03-05 15:00'),
        current,
        relations: ['party'],
      }),
    ).toBeUndefined();
    expect(
      protectionOn(invented, { class: 'visited', event: 'visit', at: at('2026-03-05 15:00'), current }),
    ).toBeUndefined();
  });

  it('R26.10 counted from the visit, it is a new length from that day', () => {
    const current = { startsAt: at('2026-03-01'), endsAt: at('2026-03-31') };
    expect(
      protectionOn(invented, {
        class: 'field',
        event: 'followUp',
        at: at('2026-03-15 09:00'),
        current,
        relations: ['designated'],
      })?.lastDay,
    ).toBe('2026-04-13');
  });

  it('a clock that has run out does not roll', () => {
    const current = { startsAt: at('2026-03-01'), endsAt: at('2026-03-31') };
    expect(
      protectionOn(invented, { class: 'field', event: 'visit', at: at('2026-03-31'), current, relations: ['holder'] }),
    ).toBeUndefined();
  });

  it('a class that counts from the registration counts from there when its review takes long', () => {
    const long = protectionOn(zhaodu, {
      class: 'walkIn',
      event: 'approved',
      at: at('2026-03-04 10:00'),
      registeredAt: at('2026-03-01 10:00'),
    });
    expect(long).toMatchObject({ startsAt: at('2026-03-04 10:00'), endsAt: at('2026-03-09') });
    const tooLong = protectionOn(zhaodu, {
      class: 'walkIn',
      event: 'approved',
      at: at('2026-03-20 10:00'),
      registeredAt: at('2026-03-01 10:00'),
    });
    expect(tooLong).toMatchObject({ startsAt: at('2026-03-20 10:00'), endsAt: at('2026-03-20 10:00') });
  });

  it('R28.05 the approver chooses within the range; without a choice the policy does', () => {
    const given = { class: 'company', event: 'approved', at: at('2026-03-02 10:00') } as const;
    expect(protectionOn(invented, given)?.lastDay).toBe('2026-09-02');
    expect(protectionOn(invented, { ...given, chosen: { months: 9, counting: 'corresponding' } })?.lastDay).toBe(
      '2026-12-02',
    );
    expect(
      refusals(judgeChosenLength(invented, { class: 'company', chosen: { months: 13, counting: 'corresponding' } })),
    ).toEqual(['LengthOutOfRange']);
    expect(
      refusals(judgeChosenLength(invented, { class: 'company', chosen: { months: 5, counting: 'corresponding' } })),
    ).toEqual(['LengthOutOfRange']);
    expect(
      refusals(judgeChosenLength(invented, { class: 'company', chosen: { days: 200, counting: 'exclusive' } })),
    ).toEqual(['LengthOutOfRange']);
    expect(
      refusals(judgeChosenLength(invented, { class: 'field', chosen: { days: 20, counting: 'inclusive' } })),
    ).toEqual(['LengthNotChoosable']);
    expect(() => protectionOn(invented, { ...given, chosen: { months: 13, counting: 'corresponding' } })).toThrow(
      PolicyMisuse,
    );
  });

  it('a last day on a holiday moves to the next working day, and the reason names the calendars', () => {
    const window = protectionOn(invented, { class: 'company', event: 'approved', at: at('2026-04-04 10:00') });
    expect(window?.lastDay).toBe('2026-10-08'); // 4 October is in the National Day holidays, which end on the 7th
    expect(window?.because.calendars).toEqual(['china-2026@chinese-days-1.5.7']);
  });

  it('never shortens, never moves its start, and always ends on the last day that it shows', () => {
    const day = fc
      .integer({ min: 0, max: 200 })
      .map((days) => addMilliseconds(at('2026-01-05 09:30'), days * 86_400_000));
    const event = fc.constantFrom<ClockEvent>('registered', 'approved', 'deposit', 'visit', 'followUp');
    fc.assert(
      fc.property(
        fc.constantFrom('field', 'designer', 'preFiling', 'visited'),
        fc.constantFrom('field', 'designer', 'preFiling', 'visited'),
        event,
        day,
        fc.integer({ min: 1, max: 90 }),
        (name, currentClass, happened, start, days) => {
          const current = { startsAt: start, endsAt: addMilliseconds(start, days * 86_400_000) };
          const window = protectionOn(invented, {
            class: name,
            currentClass,
            event: happened,
            at: addMilliseconds(start, 3_600_000),
            current,
            relations: ['holder'],
          });
          if (window === undefined) return;
          expect(window.startsAt).toBe(current.startsAt);
          expect(window.endsAt >= current.endsAt).toBe(true);
          expect(window.lastDay).toBe(lastDay(window.endsAt, 'Asia/Shanghai'));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('permanent stays permanent', () => {
    const forever = inventedBut('lasts: { days: 90, counting: rolling }', 'lasts: { permanent: true }');
    expect(protectionOn(forever, { class: 'designer', event: 'registered', at: at('2026-03-01') })?.endsAt).toBe(
      FOREVER,
    );
    expect(chosenLength({ permanent: true }, undefined)).toEqual({ permanent: true });
  });
});
