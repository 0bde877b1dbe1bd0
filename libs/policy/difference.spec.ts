import { citingItems } from './coverage.js';
import { policyDifference, type Difference } from './difference.js';
import type { PolicyDocument } from './document.js';
import type { Path } from './reading.js';
import { loaded, shippedPolicies, shippedText } from './testing/shipped.js';

const told = (differences: readonly Difference[]): readonly unknown[] =>
  differences.map(({ label, change, fields, binds, rules }) => ({ label, change, fields, binds, rules }));

describe('what a later version changes', () => {
  const walkIn = shippedText('zhaodu-intent-customer');

  it('is told item by item, with what stood, what stands, from when it holds and the rules of the paper', () => {
    const later = walkIn.replace('days: 7', 'days: 10').replace('fine: 500', 'fine: 700');
    const differences = policyDifference(loaded(walkIn), loaded(later));
    expect(told(differences)).toEqual([
      {
        label: 'protection.walkIn',
        change: 'changed',
        fields: [{ path: 'lasts.days', before: '7', after: '10' }],
        binds: 'filing',
        rules: ['R04.04', 'R04.06', 'R04.08'],
      },
      {
        label: expect.stringMatching(/^offences\./),
        change: 'changed',
        fields: [{ path: 'perCustomer.1.fine', before: 'CNY 500.00', after: 'CNY 700.00' }],
        binds: 'event',
        rules: ['R04.19'],
      },
    ]);
    expect(differences[0]!.text).toEqual({
      zh: '保护期·到店咨询意向客户：lasts.days 由 7 改为 10；此前的报备不变。',
      en: 'Protection, Walk-in inquiring customer: lasts.days was 7 and is 10; what was filed before keeps its own.',
    });
  });

  it('is nothing where only layout, comments or the order of keys differ', () => {
    const later = walkIn.replace(/^version: .*$/m, 'version: "later"').replace(/\n/g, '\n\n');
    expect(loaded(later).digest).not.toBe(loaded(walkIn).digest);
    expect(policyDifference(loaded(walkIn), loaded(later))).toEqual([]);
  });

  it('names every item of every shipped regime that is taken out, and nothing else of that clause', () => {
    let items = 0;
    for (const text of shippedPolicies.map(shippedText)) {
      const { document, titles } = loaded(text);
      expect(policyDifference({ document, titles }, { document, titles })).toEqual([]);
      for (const { path, rules } of citingItems(document)) {
        if (path.length !== 2 || typeof path[1] !== 'number') continue;
        items += 1;
        const differences = policyDifference({ document, titles }, { document: without(document, path), titles });
        expect(differences.length).toBeGreaterThan(0);
        expect(new Set(differences.map(({ clause, change }) => `${clause} ${change}`))).toEqual(
          new Set([`${String(path[0])} removed`]),
        );
        expect(differences.flatMap((each) => each.rules)).toEqual(expect.arrayContaining([...rules]));
      }
    }
    expect(items).toBeGreaterThan(400);
  });
});

const without = (document: PolicyDocument, [clause, index]: Path): PolicyDocument => {
  const list = (document as unknown as Readonly<Record<string, readonly unknown[]>>)[String(clause)]!;
  return { ...document, [String(clause)]: list.filter((_, at) => at !== index) };
};
