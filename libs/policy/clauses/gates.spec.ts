import fc from 'fast-check';
import { gatedOperations, gatesBefore } from './gates.js';
import { noFacts } from '../facts.js';
import { checkPolicy } from '../check.js';
import { loadPolicy } from '../policy.js';
import { inventedBut, underInvented } from '../testing/evaluations.js';
import { inventedText } from '../testing/shipped.js';

const gates = (item: string) => inventedBut('gates:\n', `gates:\n  - ${item}\n`);
const says = 'says: { zh: 过早, en: Too early }';
const before = (act: string, name = 'company', facts = noFacts, e = underInvented()) =>
  gatesBefore(e, { act, class: name, values: {}, who: { roles: ['party'], relations: [] }, facts });
const problems = (item: string): readonly string[] => {
  const result = loadPolicy(inventedText().replace('gates:\n', `gates:\n  - ${item}\n`));
  return result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`);
};

describe('gates', () => {
  it('refuse an act whose condition is not met, with the words of the policy', () => {
    const { closed, raised } = before('recordVisit');
    expect([closed.map(({ reason, accepted }) => [reason, accepted]), raised]).toEqual([
      [['GateClosed', { gate: 'acceptedFirst' }]],
      [],
    ]);
    expect(before('recordVisit', 'company', { ...noFacts, state: 'protected' }).closed).toEqual([]);
    expect(before('recordVisit', 'field').closed).toEqual([]); // of another class
  });
  it('flag an act that is taken all the same, and cite the gate', () => {
    const { closed, raised } = before('recordDeal', '');
    expect(closed).toEqual([]);
    expect(raised).toMatchObject([{ flag: 'unfiledSale', because: { clause: 'gates.unfiledSale' } }]);
    expect(before('recordDeal', '', { ...noFacts, registered: true }).raised).toEqual([]);
  });
  it('stand before those alone whom they are for', () => {
    const e = gates(`{ name: clerksLater, before: transfer, for: { roles: clerk }, needs: 'done("visit")', ${says} }`);
    const met = (roles: string[]) =>
      gatesBefore(e, { act: 'transfer', class: 'field', values: {}, who: { roles, relations: [] }, facts: noFacts });
    expect([met(['clerk']).closed.length, met(['reviewer']).closed.length]).toEqual([1, 0]);
  });
  it('a condition whose computing fails is not met: it refuses, or flags', () => {
    const tooMuch = `'amount * 9000000000000000000 > 0'`;
    const e = gates(`{ name: counted, before: [register, recordDeal], needs: ${tooMuch}, otherwise: flag, ${says} }`);
    const met = gatesBefore(e, {
      act: 'register',
      class: 'field',
      values: { amount: '999999999999999999' },
      who: { roles: [], relations: [] },
      facts: noFacts,
    });
    expect(met.raised.map(({ flag }) => flag)).toEqual(['counted']);
  });
});

describe('a fact of money is never refused', () => {
  it('neither is a gate loaded that would, nor does any gate of a document that loads', () => {
    for (const act of ['recordDeal', 'recordDeposit'])
      expect(problems(`{ name: paid, before: ${act}, needs: registered(), ${says} }`)).toEqual([
        'MoneyRefused gates[0].before',
      ]);
    fc.assert(
      fc.property(
        fc.constantFrom('register', ...gatedOperations),
        fc.constantFrom('refuse', 'flag'),
        fc.boolean(),
        (act, otherwise, fulfilled) => {
          const item = `{ name: any, before: ${act}, needs: '${String(fulfilled)}', otherwise: ${otherwise}, ${says} }`;
          if (problems(item).length > 0) return true;
          const { closed } = before(act, 'field', noFacts, gates(item));
          return closed.length === 0 || (act !== 'recordDeal' && act !== 'recordDeposit');
        },
      ),
      { numRuns: 30 },
    );
  });
  it('a ruling is refused or made: it is not flagged', () =>
    expect(
      ['approve', 'transfer'].map((act) =>
        problems(`{ name: a, before: ${act}, needs: registered(), otherwise: flag, ${says} }`),
      ),
    ).toEqual([['RulingFlagged gates[0].before'], ['RulingFlagged gates[0].before']]));
});

describe('a gate reads what the act fills in, then what was filed', () => {
  const activity = (...fields: string[]): string =>
    `activities:\n  - { name: quote, title: { zh: 报价, en: Quotation }, by: { relations: holder }, fields: [${fields.join(', ')}] }\n`;
  const found = (needs: string, fields: readonly string[], act = 'quote'): readonly string[] => {
    const text = inventedText().replace(
      'gates:\n',
      `${activity(...fields)}gates:\n  - { name: priced, before: ${act}, needs: '${needs}', ${says} }\n`,
    );
    const result = loadPolicy(text);
    if (!result.ok) return result.problems.map(({ code }) => code);
    return checkPolicy(result.policy.document)
      .filter(({ severity }) => severity === 'error')
      .map(({ code, path }) => `${code} ${path}`);
  };
  const price = '{ name: quoted, type: money, label: { zh: 报价, en: Quoted } }';
  it('so a field of its own may be asked, and one that was filed', () =>
    expect(found('quoted >= amount', [price])).toEqual([]));
  it('a name that may be either of two is an error of check', () =>
    expect(found('amount > 0', ['{ name: amount, type: money, label: { zh: 金额, en: Amount } }'])).toEqual([
      'FieldAmbiguous gates[0].needs',
    ]));
  it('so is one that nobody has filled in by then, also where only given() asks for it', () =>
    expect([found('quoted > 0', [price], 'recordVisit'), found('given("quoted")', [price], 'approve')]).toEqual([
      ['FieldNotFilled gates[0].needs'],
      ['FieldNotFilled gates[0].needs'],
    ]));
  it('and one that is sealed after the filing', () =>
    expect([found('given("customerName")', [price]), found('given("customerName")', [price], 'register')]).toEqual([
      ['FieldSealed gates[0].needs'],
      [],
    ]));
});
