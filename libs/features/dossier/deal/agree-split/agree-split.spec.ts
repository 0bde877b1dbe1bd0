import type { PartyId } from '#event-sourcing/vocabulary.js';
import { agreeingSplit } from '../../testing/asks.js';
import { mayOnly } from '../../testing/follows.js';
import { held } from '../../testing/past.js';
import { given, under } from '../../testing/rehearsal.js';

describe('agree on a split', () => {
  const share = (party: string, weight: number) => ({ partyId: party as PartyId, weight });
  it('keeps the weights that all agreed to', () =>
    given(held())
      .when(agreeingSplit())
      .then({
        type: 'SplitAgreed',
        agreedBy: ['dealer-a', 'dealer-b'],
        registrationId: 'd1.1',
        shares: [
          { partyId: 'dealer-a', weight: 2 },
          { partyId: 'dealer-b', weight: 1 },
        ],
      }));
  it('is refused where the policy wants none', () =>
    under({ 'agreedSplits: allowed': 'agreedSplits: refused' })
      .given(held())
      .when(agreeingSplit())
      .thenRefused('AgreedSplitsRefused'));
  it('is refused while somebody has not agreed, the holder included', async () => {
    await given(held())
      .when(agreeingSplit({ agreedBy: ['dealer-a'] }))
      .thenRefused('NotAgreedByAll');
    await given(held())
      .when(agreeingSplit({ shares: [share('dealer-b', 1)], agreedBy: ['dealer-b'] }))
      .thenRefused('NotAgreedByAll');
  });
  it('is refused for shares that are none', async () => {
    for (const shares of [
      [],
      [share('dealer-a', 0)],
      [share('dealer-a', 1.5)],
      [share('dealer-a', 1), share('dealer-a', 1)],
    ])
      await given(held()).when(agreeingSplit({ shares })).thenRefused('SharesInvalid');
  });
  it('is refused to whom the policy does not let', () =>
    given(held())
      .when(agreeingSplit({ by: 'dealer-a' }))
      .thenRefused('OperationNotPermitted', mayOnly('finance')));
  it('is refused for a claim nobody filed', () =>
    given(held())
      .when(agreeingSplit({ n: 7 }))
      .thenRefused('RegistrationUnknown'));
});
