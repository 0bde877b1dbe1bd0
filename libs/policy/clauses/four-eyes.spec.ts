import fc from 'fast-check';
import { checkPolicy } from '../check.js';
import { underInvented } from '../testing/evaluations.js';
import { inventedText, loaded } from '../testing/shipped.js';
import { judgeFourEyes, type Part } from './four-eyes.js';

const has = fc.uniqueArray(fc.constantFrom<Part>('filer', 'holder', 'previousActor'));

describe('fourEyes', () => {
  it('keeps an act from every part that it names, and from no other', () =>
    fc.assert(
      fc.property(has, (parts) => {
        expect(judgeFourEyes(underInvented(), 'transfer', parts).allowed).toBe(!parts.includes('previousActor'));
        expect(judgeFourEyes(underInvented(), 'recordDeal', parts).allowed).toBe(
          !parts.includes('holder') && !parts.includes('filer'),
        );
      }),
    ));
  it('keeps from nobody what it does not name', () =>
    fc.assert(
      fc.property(has, (parts) => expect(judgeFourEyes(underInvented(), 'approve', parts).allowed).toBe(true)),
    ));
  it('says which parts they are, and cites the item', () =>
    expect(judgeFourEyes(underInvented(), 'recordDeal', ['filer', 'previousActor'])).toMatchObject({
      rejections: [{ reason: 'FourEyes', accepted: { not: ['filer'] }, because: [{ clause: 'fourEyes.recordDeal' }] }],
    }));
  it('check warns of an act that nobody may do', () => {
    const text = inventedText().replace(', recordDeposit], roles: administrator', '], roles: administrator');
    const { document } = loaded(text.replace('{ act: recordDeal,', '{ act: recordDeposit,'));
    expect(checkPolicy(document).filter(({ path }) => path.startsWith('fourEyes'))).toMatchObject([
      { code: 'NeverFires', severity: 'warning' },
    ]);
  });
});
