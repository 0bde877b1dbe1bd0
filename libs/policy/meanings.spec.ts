import { code, type CalendarDate } from '#event-sourcing/vocabulary.js';
import { protectionOn } from './clauses/protection.js';
import { banAfter } from './clauses/bans.js';
import { meaningCodes } from './meanings.js';
import { loadPolicy, type Policy } from './policy.js';
import { at } from './testing/evaluations.js';
import { inventedText, shippedPolicies, shippedPolicy, shippedText } from './testing/shipped.js';

/** R06 in its other reading: three months of which the day of approval is the first. */
const text = (more = ''): string =>
  shippedText('data-dept-three-month')
    .replace(
      'lasts: { months: 3, counting: corresponding } # R06.14',
      'lasts: { months: 3, counting: inclusive } # R06.14',
    )
    .replace('subject:', `${more}subject:`);
const under = (source: string, published?: readonly string[]): Policy => {
  const loaded = loadPolicy(source, published?.map(code));
  if (!loaded.ok) throw new Error(loaded.problems[0].message.en);
  return loaded.policy;
};
const protectedOn = (policy: Policy, date: string) => {
  const window = protectionOn({ policy }, { class: 'project', event: 'approved', at: at(`${date} 10:00`) })!;
  return { lastDay: window.lastDay, meaning: window.because.meaning };
};

describe('months that are counted inclusively lost a day at month ends: the mend is a second meaning', () => {
  it('a document that nobody has published means what is right', () =>
    expect(['2026-11-28', '2026-11-29', '2026-11-30'].map((date) => protectedOn(under(text()), date))).toEqual([
      { lastDay: '2027-02-27' as CalendarDate, meaning: 'protection/2' },
      { lastDay: '2027-02-28' as CalendarDate, meaning: 'protection/2' },
      { lastDay: '2027-02-28' as CalendarDate, meaning: 'protection/2' },
    ]));
  it('what was published before the mend means for ever what it meant, and says so', () =>
    expect(protectedOn(under(text(), []), '2026-11-30')).toEqual({ lastDay: '2027-02-27', meaning: 'protection/1' }));
  it('what is published with the mend keeps it, and a document may quote either', () => {
    const published = meaningCodes(under(text()).meanings);
    expect(published).toEqual(['protection/2']);
    expect(protectedOn(under(text(), published), '2026-11-30').meaning).toBe('protection/2');
    const quoted = text('meanings: { protection: 1 }\n');
    expect(protectedOn(under(quoted), '2026-11-30')).toEqual({ lastDay: '2027-02-27', meaning: 'protection/1' });
    expect(protectedOn(under(text('meanings: { protection: 2 }\n'), []), '2026-11-30').lastDay).toBe('2027-02-28');
  });
  it('only the clause that counts so is touched: every regime we ship stays what it was, to the byte', () => {
    expect(shippedPolicies.flatMap((id) => meaningCodes(shippedPolicy(id).meanings))).toEqual([]);
    const bans = under(
      inventedText().replace('lasts: { days: 90, counting: exclusive }', 'lasts: { months: 3, counting: inclusive }'),
    );
    expect(meaningCodes(bans.meanings)).toEqual(['bans/2']);
    const ban = banAfter({ policy: bans }, { cause: 'falseInformation', at: at('2026-11-30 10:00') });
    expect([ban?.until, ban?.because.meaning]).toEqual([at('2027-03-01'), 'bans/2']);
  });
});
