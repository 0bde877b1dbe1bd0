import fc from 'fast-check';
import type { Fen } from '#event-sourcing/vocabulary.js';
import { under, underInvented } from '../testing/evaluations.js';
import { agreedSplitsAllowed, attributionShares } from './attribution.js';
import { commissionOf } from './commission.js';

const zhaodu = under('zhaodu-intent-customer');
const dataDepartment = under('data-dept-three-month');
const invented = underInvented();
const S1 = { party: 'S1', part: 'holder' };
const S2 = { party: 'S2', part: 'assistant' };

describe('attribution', () => {
  it('R04.16 the owner stays the owner; R04.05 the registration is the basis', () => {
    expect(attributionShares(zhaodu, { basis: 'holder', parties: [S1, S2] })).toMatchObject({
      weights: [{ party: 'S1', weight: 1 }],
      because: { clause: 'attribution.holder', rules: ['R04.18', 'R04.05', 'R04.16'], inputs: { basis: 'holder' } },
    });
  });
  it("R04.18 an agreed split goes before the policy's own weights", () => {
    expect(agreedSplitsAllowed(zhaodu)).toBe(true);
    expect(
      attributionShares(zhaodu, {
        basis: 'agreed',
        parties: [S1, S2],
        agreed: [
          { party: 'S1', weight: 80 },
          { party: 'S2', weight: 20 },
        ],
      }).weights,
    ).toEqual([
      { party: 'S1', weight: 80 },
      { party: 'S2', weight: 20 },
    ]);
    expect(agreedSplitsAllowed(under('two-month-admin-filing'))).toBe(false);
  });
  it('R06.05 a third is exactly a third', () =>
    expect(
      attributionShares(dataDepartment, {
        basis: 'verdict',
        parties: [S1],
        agreed: [
          { party: 'S1', weight: 1 },
          { party: 'S2', weight: 2 },
        ],
      }).weights,
    ).toEqual([
      { party: 'S1', weight: 1 },
      { party: 'S2', weight: 2 },
    ]));
  it('R04.03, R06.01 an unregistered deal credits nobody', () => {
    for (const e of [zhaodu, dataDepartment])
      expect(
        attributionShares(e, { basis: 'unregistered', parties: [{ party: 'S2', part: 'closer' }] }).weights,
      ).toEqual([]);
    expect(
      attributionShares(invented, { basis: 'unregistered', parties: [{ party: 'S2', part: 'closer' }] }).weights,
    ).toEqual([{ party: 'S2', weight: 1 }]);
  });
  it('each helper has the weight of a helper, and whoever stands twice has both', () => {
    expect(
      attributionShares(invented, { basis: 'holder', parties: [S1, S2, { party: 'S3', part: 'assistant' }] }).weights,
    ).toEqual([
      { party: 'S1', weight: 2 },
      { party: 'S2', weight: 1 },
      { party: 'S3', weight: 1 },
    ]);
    expect(
      attributionShares(invented, { basis: 'holder', parties: [S1, { party: 'S1', part: 'assistant' }] }).weights,
    ).toEqual([{ party: 'S1', weight: 3 }]);
    expect(
      attributionShares(invented, { basis: 'holder', parties: [S1, { party: 'S4', part: 'toString' }] }).weights,
    ).toEqual([{ party: 'S1', weight: 2 }]);
  });
  it('credits only who took part, each once, each above zero', () => {
    const party = fc.record({
      party: fc.constantFrom('S1', 'S2', 'S3'),
      part: fc.constantFrom('holder', 'assistant', 'closer', 'driver'),
    });
    fc.assert(
      fc.property(
        fc.array(party, { maxLength: 8 }),
        fc.constantFrom('holder', 'verdict', 'agreed', 'unregistered'),
        (parties, basis) => {
          const { weights } = attributionShares(invented, { basis, parties });
          expect(new Set(weights.map((share) => share.party)).size).toBe(weights.length);
          for (const share of weights)
            expect(share.weight > 0 && parties.some((each) => each.party === share.party)).toBe(true);
        },
      ),
    );
  });
});

describe('commission', () => {
  it('is absent where the regime names none', () =>
    expect(commissionOf(zhaodu, { amount: '100000000' as Fen, class: 'walkIn' })).toBeUndefined());
  it('is a fraction in whole numbers, rounded as the policy says', () => {
    expect(commissionOf(invented, { amount: '100000020' as Fen, class: 'field' })).toMatchObject({
      commission: '2500000',
      because: {
        clause: 'commission',
        rules: ['R99.29'],
        inputs: { amount: '100000020', commission: '2500000', numerator: 25, denominator: 1000 },
      },
    });
    expect(commissionOf(invented, { amount: '100000060' as Fen, class: 'field' })?.commission).toBe('2500002');
    expect(commissionOf(invented, { amount: '-100000060' as Fen, class: 'field' })?.commission).toBe('-2500002');
  });
  it('or a fixed sum for each deal', () =>
    expect(commissionOf(invented, { amount: '1' as Fen, class: 'designer' })?.commission).toBe('30000'));
});
