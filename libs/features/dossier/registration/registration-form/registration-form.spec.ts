import { rehearsalText } from '../../testing/rehearsal.js';
import { claimsText, loaded, shippedPolicy } from '#policy/testing/shipped.js';
import { toActivityForm, toForm, toRecordables } from './registration-form.resolver.js';

describe('what a client lays out', () => {
  const fleet = toForm(shippedPolicy('fleet-unit-customer-filing'), 'fleet')!;
  it('R01.05 a table comes with its bounds, and its columns name it', () => {
    expect(fleet.tables.find(({ name }) => name === 'contacts')).toEqual({
      name: 'contacts',
      label: { zh: '客户联系人', en: 'Contacts' },
      min: 0,
      max: 2,
    });
    expect(fleet.fields.filter(({ table }) => table === 'fleet').map(({ name, type }) => [name, type])).toEqual([
      ['model', 'text'],
      ['quantity', 'number'],
      ['bought', 'text'],
      ['evaluation', 'text'],
      ['joinedTender', 'flag'],
    ]);
    expect(fleet.fields.find(({ name }) => name === 'mainBusiness')?.table).toBeUndefined();
  });
  it('R01.07 the choices of a column name its table', () => {
    expect(
      fleet.choices.filter(({ table }) => table === 'competitors').map(({ field, value }) => [field, value]),
    ).toEqual([
      ['bidder', 'dealer'],
      ['bidder', 'manufacturer'],
    ]);
  });
  it('says how the class claims, and of which kind', () => {
    const policy = loaded(claimsText());
    expect(['sales', 'design', 'partner', 'note'].map((name) => toForm(policy, name))).toMatchObject([
      { claims: 'exclusive' },
      { claims: 'exclusive', kind: 'design' },
      { claims: 'several', kind: 'partners' },
      { claims: 'none' },
    ]);
    expect(toForm(policy, 'nothing')).toBeUndefined();
  });
  it('names what may be recorded, steps of a ladder too, and what is filled in for it', () => {
    const policy = loaded(rehearsalText());
    expect(toRecordables(policy, 'walkIn')).toEqual([
      { name: 'sample', title: { zh: '送样', en: 'Sample sent' }, roles: [], relations: ['holder', 'filer'] },
    ]);
    expect(toActivityForm(policy, 'walkIn', 'sample')).toMatchObject({
      class: 'walkIn',
      activity: 'sample',
      fields: [
        { name: 'what', required: true },
        { name: 'pieces', required: false },
      ],
      tables: [],
    });
    expect(toActivityForm(policy, 'walkIn', 'quote')).toBeUndefined();
  });
});
