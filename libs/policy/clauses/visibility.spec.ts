import fc from 'fast-check';
import type { CalendarDate, Instant } from '#event-sourcing/vocabulary.js';
import { inventedBut, under, underInvented } from '../testing/evaluations.js';
import { noticesOn } from './notices.js';
import { availabilityAnswer, judgeAsk } from './visibility.js';

const zhaodu = under('zhaodu-intent-customer');
const invented = underInvented();
const lastDay = '2026-03-08' as CalendarDate;

describe('visibility', () => {
  it("R04.10 another's customer is protected, until when, and never whose", () => {
    const answer = availabilityAnswer(zhaodu, { state: 'protected', lastDay, own: false });
    expect(answer).toMatchObject({
      answer: 'protected',
      lastDay,
      because: { rules: ['R04.10'], inputs: { own: false, answer: 'protected' } },
    });
    expect(availabilityAnswer(zhaodu, { state: 'free', own: false }).answer).toBe('free');
  });
  it('tells only what the policy tells', () => {
    expect(availabilityAnswer(invented, { state: 'protected', lastDay, own: false })).not.toHaveProperty('lastDay');
    expect(availabilityAnswer(zhaodu, { state: 'pending', own: false }).answer).toBe('free');
    expect(availabilityAnswer(invented, { state: 'pending', own: false }).answer).toBe('pending');
  });
  it('hides nothing from the holder', () => {
    fc.assert(
      fc.property(fc.constantFrom('free', 'protected', 'pending', 'inCase', 'banned'), (state) => {
        expect(availabilityAnswer(invented, { state, lastDay, own: true })).toMatchObject({ answer: state, lastDay });
      }),
    );
  });
  it('never says that rivals argue', () =>
    expect(availabilityAnswer(zhaodu, { state: 'inCase', lastDay, own: false }).answer).toBe('protected'));
});

describe('how often a party may ask', () => {
  const now = '2026-03-02T04:00:00.000Z' as Instant;
  const at = (minutes: number): Instant => new Date(Date.parse(now) + minutes * 60_000).toISOString() as Instant;
  const asked = (count: number, each = 0): readonly Instant[] =>
    Array.from({ length: count }, (_, n) => at((n - count) * each));

  it('ten at once and thirty an hour where the policy says nothing, and says from when again', () => {
    expect(judgeAsk(zhaodu, asked(9), now)).toMatchObject({ allowed: true });
    expect(judgeAsk(zhaodu, asked(10), now)).toMatchObject({
      allowed: false,
      rejections: [{ reason: 'AvailabilityQuotaUsed', accepted: { burst: 10, perHour: 30, from: at(2) } }],
    });
    expect(judgeAsk(zhaodu, asked(10), at(2))).toMatchObject({ allowed: true });
    expect(judgeAsk(zhaodu, asked(500, 2), now)).toMatchObject({ allowed: true });
  });

  it('lets through in any hour no more than the burst and the hour together', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 200 }), (gaps) => {
        const taken: number[] = [];
        let seconds = 0;
        for (const gap of gaps) {
          seconds += gap;
          const moment = at(seconds / 60);
          if (
            judgeAsk(
              zhaodu,
              taken.map((each) => at(each / 60)),
              moment,
            ).allowed
          )
            taken.push(seconds);
        }
        for (const from of taken)
          expect(taken.filter((each) => each >= from && each < from + 3_600).length).toBeLessThanOrEqual(40);
      }),
      { numRuns: 30 },
    );
  });
});

describe('notices and meanings', () => {
  const approval = { on: 'Approved', class: 'standard', values: {} };
  it('R06.10, R06.11 an approval is told to the filer and to the rivals', () =>
    expect(
      noticesOn(under('data-dept-three-month'), approval).map(({ to, channels, says }) => [to, channels, says]),
    ).toEqual([
      [['filer'], ['email', 'phone'], ['sellingRules', 'lastDay']],
      [['rivals'], ['email', 'phone'], ['doNotQuote', 'objectionWindow']],
    ]));
  it('an event without a notice tells nobody', () => expect(noticesOn(zhaodu, approval)).toEqual([]));
  it('a meaning stays the first one where no mend has touched it', () => {
    expect(availabilityAnswer(invented, { state: 'free', own: false }).because.meaning).toBe('visibility/1');
    expect(
      availabilityAnswer(inventedBut('bindings:', 'meanings: { visibility: 1 }\nbindings:'), {
        state: 'free',
        own: false,
      }).because.meaning,
    ).toBe('visibility/1');
  });
});
