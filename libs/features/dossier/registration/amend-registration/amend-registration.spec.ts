import { amending } from '../../testing/asks.js';
import { because, mayOnlyHolder } from '../../testing/follows.js';
import { held, registered, terminated } from '../../testing/past.js';
import { given } from '../../testing/rehearsal.js';

const changed = {
  type: 'Amended',
  registrationId: 'd1.1',
  by: 'dealer-a',
  fields: ['name', 'budget'],
  form: { name: { value: '王方' } },
  details: { budget: '200000' },
  because: [because('amendments.budget'), because('amendments.name')],
};

describe('amend a registration', () => {
  it('keeps what changed, and that alone', () => given(held()).when(amending()).then(changed));
  it('of a claim that waits too', () =>
    given(registered({ class: 'reviewed' }))
      .when(amending())
      .then(changed));
  it('never changes who the customer is, and says what may be changed', () =>
    given(held())
      .when(amending({ form: { phone: '13900000000', budget: '1.00' } }))
      .thenRefused('FieldNotAmendable', { fields: ['budget', 'name'] }));
  it('says all at once that is wrong with it; a field is not emptied', async () => {
    await given(held())
      .when(amending({ form: { budget: 'much', colour: '红', name: '' } }))
      .thenRefused(['FieldUnknown', 'FieldInvalid', 'FieldMissing'], {
        fields: ['name', 'phone', 'account', 'budget'],
      });
    await given(held())
      .when(amending({ form: {} }))
      .thenRefused('NothingAmended');
  });
  it('is refused of what is over, and to others, alike for a claim nobody filed', async () => {
    await given(held(), terminated())
      .when(amending({ at: '2026-03-05' }))
      .thenRefused('NotProtected');
    await given(held())
      .when(amending({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder);
    await given(held())
      .when(amending({ n: 7 }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder);
  });
});
