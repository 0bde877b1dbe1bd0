import { partly } from '#event-sourcing/testing/given-when-then.js';
import { recordingActivity, requesting } from '../../testing/asks.js';
import { because, mayOnlyHolder } from '../../testing/follows.js';
import { held, registered, terminated } from '../../testing/past.js';
import { grantStands, requested } from '../../testing/past-requests.js';
import { given, on, under } from '../../testing/rehearsal.js';

const asked = {
  type: 'Requested',
  registrationId: 'd1.1',
  by: 'dealer-a',
  request: 'specialPrice',
  form: { why: { value: '竞争' } },
  details: { price: '90000' },
  attachments: [],
  review: {
    step: 'superior',
    index: 0,
    chain: ['superior'],
    roles: ['reviewer'],
    dueAt: on('2026-03-04 15:00'),
    onTimeout: 'reject',
  },
  because: [
    because('requests.specialPrice', {}),
    because('requests.specialPrice.superior', { startedAt: on('2026-03-02 15:00'), hours: 48, onTimeout: 'reject' }),
  ],
};
describe('request an approval', () => {
  it('waits for its own first step, with what was filled in', () => given(held()).when(requesting()).then(asked));
  it('of a claim that waits too', () =>
    given(registered({ class: 'reviewed' }))
      .when(requesting())
      .then(asked));
  it('says all at once that is wrong with it, and what there is', async () => {
    await given(held())
      .when(requesting({ form: { price: 'much', colour: '红' } }))
      .thenRefused(['FieldUnknown', 'FieldInvalid', 'FieldMissing'], { fields: ['why', 'price'] });
    await given(held())
      .when(requesting({ request: 'holiday' }))
      .thenRefused('RequestUnknown', { requests: ['specialPrice', 'ending'] });
  });
  it('is refused of what is over, to others, and alike for a claim nobody filed', async () => {
    await given(held(), terminated())
      .when(requesting({ at: '2026-03-05' }))
      .thenRefused('NotProtected');
    await given(held())
      .when(requesting({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder);
    await given(held())
      .when(requesting({ n: 7 }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder);
  });
  it('is refused while the same waits', () =>
    given(held(), requested()).when(requesting()).thenRefused('RequestWaiting'));
});

describe('a grant that is good for one act', () => {
  const gated = under({
    'commission:':
      'gates: [{ name: priceFirst, before: sample, needs: \'granted("specialPrice")\', says: { zh: 须先批特价, en: The price first } }]\ncommission:',
  });
  const asks = { gate: 'priceFirst' };
  it('opens the gate, and the act that came through has used it up', async () => {
    await gated.given(held()).when(recordingActivity()).thenRefused('GateClosed', asks);
    const { events } = await gated
      .given(held(), grantStands())
      .when({ ...recordingActivity(), again: 'nothing' })
      .then(partly({ type: 'ActivityRecorded' }), partly({ type: 'StageAdvanced' }), {
        type: 'GrantUsed',
        registrationId: 'd1.1',
        requestId: 'asked-before',
        request: 'specialPrice',
        because: [because('requests.specialPrice', { act: 'sample' })],
      });
    expect(events).toHaveLength(3);
  });
  it('is over at its end', async () => {
    const { events } = await gated
      .given(held(), grantStands({ until: '2026-03-02 15:00' }))
      .when(recordingActivity())
      .thenRefused('GateClosed', asks);
    expect(events.map(({ event }) => event.type)).toEqual(['CommandRefused']);
  });
  it('is not used by what would have been let through without it', () =>
    under({
      'commission:':
        'gates: [{ name: priceFirst, before: sample, needs: \'granted("specialPrice") || state() == "protected"\', says: { zh: 须先批特价, en: The price first } }]\ncommission:',
    })
      .given(held(), grantStands())
      .when(recordingActivity())
      .then(partly({ type: 'ActivityRecorded' }), partly({ type: 'StageAdvanced' })));
});
