import { underInvented } from '../testing/evaluations.js';
import { inventedText } from '../testing/shipped.js';
import { loadPolicy } from '../policy.js';
import { judgeAmendment, type AmendmentGiven } from './amendments.js';

const invented = underInvented();
const judged = (given: Partial<AmendmentGiven>) =>
  judgeAmendment(invented, {
    class: 'field',
    values: { amount: '2000.50' },
    who: { roles: ['party'], relations: ['holder'] },
    ...given,
  });
const codesOf = (given: Partial<AmendmentGiven>): readonly string[] => {
  const judgement = judged(given);
  return judgement.allowed ? [] : judgement.rejections.map(({ reason, field }) => `${reason} ${field}`);
};

describe('amendments', () => {
  it('change the fields that an item names for whoever it names, and say which item of each', () => {
    const judgement = judged({ values: { amount: '2000.50', building: '三号楼' } });
    expect(judgement).toMatchObject({
      allowed: true,
      because: [{ clause: 'amendments.amount' }, { clause: 'amendments.building' }],
      filled: { clearValues: { amount: '200050' }, personalValues: { building: '三号楼' } },
    });
  });
  it('leave all other fields as they were filed', () => {
    expect(codesOf({ values: { phone: '13800000000' } })).toEqual(['FieldNotAmendable phone']);
    expect(codesOf({ values: { signing: '2026-03-01' } })).toEqual(['FieldNotAmendable signing']);
    expect(codesOf({ values: { signing: '2026-03-01' }, who: { roles: ['clerk'], relations: [] } })).toEqual([]);
    expect(codesOf({ who: { roles: ['party'], relations: [] } })).toEqual(['FieldNotAmendable amount']);
  });
  it('empty nothing, and change something', () => {
    expect(codesOf({ values: { building: '' } })).toEqual(['FieldMissing building']);
    expect(codesOf({ values: {} })).toEqual(['NothingAmended form']);
  });
  it('never say who the customer is: a document that lets them does not load', () => {
    const loaded = loadPolicy(
      inventedText().replace('fields: [amount, building,', 'fields: [amount, phone, building,'),
    );
    expect(loaded.ok ? [] : loaded.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'KeyAmended amendments[0].fields',
    ]);
  });
});
