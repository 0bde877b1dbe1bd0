import fc from 'fast-check';
import type { Happening } from '#event-sourcing/event.js';
import type { Code, EventId, Instant } from '#event-sourcing/vocabulary.js';
import type { DossierEvent } from './events.js';
import { counted, countsAs, recordedMax, remembered, without } from './recorded-acts.js';
import type { Filed, Registration, Stood } from './registration-states.js';

const day = (n: number): Instant => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString() as Instant;
const contact = (n: number): Happening<DossierEvent> =>
  ({
    event: { type: 'FollowUpRecorded', registrationId: 'd1.1' },
    id: `e${n}`,
    at: day(n),
    by: { party: 'dealer' },
  }) as unknown as Happening<DossierEvent>;
type Acts = Pick<Filed, 'acts' | 'recorded'>;
const none: Acts = { acts: new Map(), recorded: [] };
const after = (now: Acts, happened: Happening<DossierEvent>): Acts => {
  const standing = { ...now, rulings: [] } as unknown as Registration;
  const next = { ...standing, acts: counted(now.acts, countsAs(happened)) };
  return remembered(standing, next, happened, () => ({}) as Stood);
};
const daily = (days: number): Acts => Array.from({ length: days }, (_, n) => contact(n)).reduce(after, none);
const followUps = ({ acts }: Acts) => acts.get('followUp' as Code);

describe('what was recorded, and may be taken back', () => {
  it('a contact a day over three years is counted, and the latest hundred are remembered', () => {
    const years = daily(1_096);
    expect(followUps(years)).toEqual({ count: 1_096, lastAt: day(1_095), settledAt: day(1_096 - recordedMax - 1) });
    expect(years.recorded.map(({ id }) => id)).toEqual(
      Array.from({ length: recordedMax }, (_, n) => `e${1_096 - recordedMax + n}`),
    );
  });
  it('taking back whichever of the latest leaves the count and the last day of the others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 130 }), fc.array(fc.nat(140), { maxLength: 60 }), (days, slips) => {
        const kept = slips.filter((n) => n < days && n >= days - recordedMax);
        const left = slips.reduce((now, n) => without(now, `e${n}` as EventId), daily(days));
        const standing = Array.from({ length: days }, (_, n) => n).filter((n) => !kept.includes(n));
        const last = standing.at(-1);
        expect([followUps(left)?.count ?? 0, followUps(left)?.lastAt]).toEqual([
          standing.length,
          last === undefined ? undefined : day(last),
        ]);
      }),
      {
        examples: [
          [3, [0, 1, 2]],
          [2, [1, 1]],
        ],
      },
    );
  });
});
