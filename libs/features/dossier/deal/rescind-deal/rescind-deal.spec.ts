import { personal } from '#event-sourcing/event.js';
import { partly } from '#event-sourcing/testing/given-when-then.js';
import { recordingDeal, rescindingDeal } from '../../testing/asks.js';
import { credits, deals, mayOnly, numbers, permits } from '../../testing/follows.js';
import { held, merged } from '../../testing/past.js';
import { dealTakenBack, dealt } from '../../testing/past-work.js';
import { given } from '../../testing/rehearsal.js';

const byReviewer = permits('rescindRuling', 'reviewer');
const back = {
  type: 'DealRescinded',
  dealId: 'd1.d1',
  registrationId: 'd1.1',
  grounds: personal('登错'),
  because: [byReviewer],
};
const line = (partyId: string, weight: number, performance: string, commission: string) => ({
  partyId,
  weight,
  performance,
  commission,
});
const mirror = partly({
  type: 'AttributionReversed',
  dealId: 'd1.d1',
  registrationId: 'd1.1',
  lines: [line('dealer-a', 2, '-67', '-2'), line('dealer-b', 1, '-33', '-1')],
  commission: '-3',
  currency: 'CNY',
  because: [byReviewer],
});

describe('take a deal back', () => {
  it('meets what was credited with its mirror', () => given(held(), dealt()).when(rescindingDeal()).then(mirror, back));
  it('frees the number of its contract, which the right deal then takes', () =>
    given(held(), dealt({ number: 'HT-1', key: 'ht-1' }))
      .when(rescindingDeal())
      .then(numbers('ContractNumberFreed', 'ht-1'), mirror, back));
  it('is refused the second time', () =>
    given(held(), dealt(), dealTakenBack()).when(rescindingDeal()).thenRefused('AlreadyRescinded'));
  it('is done where the deal stands, also when its dossier was merged away since', () =>
    given(held(), dealt(), held({ dossier: 'd2', phone: '13800000002' }), merged({ from: 'd1', into: 'd2' }))
      .when(rescindingDeal())
      .then(mirror, back));
  it('is refused for a deal that nobody recorded', () =>
    given(held()).when(rescindingDeal()).thenRefused('DealUnknown'));
  it('is refused to who may take no ruling back', () =>
    given(held(), dealt())
      .when(rescindingDeal({ by: 'finance' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer')));
  it('is refused to whoever has a part in it or claims the customer', async () => {
    await given(held(), dealt({ closedBy: 'reviewer' }))
      .when(rescindingDeal())
      .thenRefused('OwnCause');
    await given(held({ by: 'reviewer' }), dealt())
      .when(rescindingDeal())
      .thenRefused('OwnCause');
  });
});

describe('the number of a contract', () => {
  it("is the deal's from then on, as it was read", () =>
    given(held())
      .when(recordingDeal({ number: ' ＨＴ－2026 – 1 ' }))
      .then(
        numbers('ContractNumberTaken', 'ht-2026-1'),
        deals({ number: 'HT-2026 - 1' }),
        credits('holder', ['dealer-a', 2, '1000000', '30000']),
      ));
  it('is refused in any spelling while another deal of the program stands under it, whosever customer that is', () =>
    given(held(), held({ dossier: 'd2', phone: '13800000002' }), dealt({ dossier: 'd2', number: 'HT-1', key: 'ht-1' }))
      .when(recordingDeal({ number: 'ht - 1' }))
      .thenRefused('AlreadyRecorded'));
  it('is refused where it says nothing', () =>
    given(held())
      .when(recordingDeal({ number: '---' }))
      .thenRefused('ContractNumberUnreadable'));
  it('tells nobody that it is taken who may record no deal', () =>
    given(held(), dealt({ number: 'HT-1', key: 'ht-1' }))
      .when(recordingDeal({ by: 'dealer-c', number: 'HT-1' }))
      .thenRefused('OperationNotPermitted', mayOnly('finance')));
});
