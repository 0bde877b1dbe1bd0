import fc from 'fast-check';
import { contractNumber, contractNumberMax } from './contract-number.js';

describe('contract number', () => {
  it('is one number in every spelling that people give it', () => {
    const keys = ['HT-2026-001', 'ht-2026-001', 'ＨＴ－２０２６－００１', ' HT – 2026 – 001 ', 'HT\u200b-2026-001'].map(
      (text) => contractNumber(text)?.key,
    );
    expect(new Set(keys)).toEqual(new Set(['ht-2026-001']));
  });
  it('tells numbers apart that differ in a digit or in a hyphen', () => {
    expect(contractNumber('HT-20261')?.key).not.toBe(contractNumber('HT-2026-1')?.key);
    expect(contractNumber('合同字第12号')?.key).not.toBe(contractNumber('合同字第13号')?.key);
  });
  it('is not read where it says nothing, is too long, or could be taken for another', () => {
    for (const text of ['', ' ', '---', '\u200b', 'НТ-1', 'H\u0422-1', '\ud800', 'x'.repeat(contractNumberMax + 1)])
      expect(contractNumber(text)).toBeUndefined();
  });
  it('a number that was read is read again as the same', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const once = contractNumber(text);
        if (once === undefined) return;
        expect(contractNumber(once.shown)).toEqual(once);
        expect(contractNumber(once.key)?.key).toBe(once.key);
      }),
      { numRuns: 2_000 },
    ));
});
