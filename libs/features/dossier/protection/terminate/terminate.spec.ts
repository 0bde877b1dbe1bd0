import { personal } from '#event-sourcing/event.js';
import { partly } from '#event-sourcing/testing/given-when-then.js';
import { terminating } from '../../testing/asks.js';
import { because, mayOnly } from '../../testing/follows.js';
import { conflictRaised, held, registered, released, terminated } from '../../testing/past.js';
import { endOfLastDay, given, on, under } from '../../testing/rehearsal.js';

describe('terminate', () => {
  it('ends a protection for a cause, with the ban that the policy attaches to it', () =>
    given(held())
      .when(terminating())
      .then({
        type: 'Terminated',
        ban: { partyId: 'dealer-a', scope: 'filerAndCustomer', until: endOfLastDay('2026-04-01') },
        cause: 'falseInformation',
        effect: 'void',
        endedAt: on('2026-03-02 15:00'),
        registrationId: 'd1.1',
        grounds: personal('查实'),
        because: [
          because('ends.falseInformation', { roles: ['party', 'reviewer'] }),
          because('bans.falseInformation', {
            cause: 'falseInformation',
            counting: 'exclusive',
            days: 30,
            from: on('2026-03-02 15:00'),
            scope: 'filerAndCustomer',
            until: endOfLastDay('2026-04-01'),
          }),
        ],
      }));
  const bannedSinceDiscovery = under({
    'scope: filerAndCustomer, lasts: { days: 30, counting: exclusive }':
      'scope: filerAndCustomer, lasts: { days: 30, counting: exclusive }, starts: discovery',
  });
  it('counts a ban from the day of discovery, where the policy does', async () => {
    const until = async (discovered?: string) => {
      const { events } = await bannedSinceDiscovery
        .given(held())
        .when(terminating({ at: '2026-03-06', discovered }))
        .then(partly({ type: 'Terminated' }));
      return (events[0]!.event as unknown as { readonly ban: { readonly until: string } }).ban.until;
    };
    expect(await until('2026-03-04')).toBe(endOfLastDay('2026-04-03'));
    expect(await until()).toBe(endOfLastDay('2026-04-05'));
  });
  it('is refused a discovery before the claim, one to come, and one from which nothing counts', async () => {
    const asked = (discovered: string) => terminating({ at: '2026-03-06', discovered });
    await bannedSinceDiscovery
      .given(held())
      .when(asked('2026-03-01'))
      .thenRefused('OccurredBeforeFiling', { earliest: on('2026-03-02') });
    await bannedSinceDiscovery
      .given(held())
      .when(asked('2026-03-07'))
      .thenRefused('NotYet', { until: on('2026-03-06') });
    await given(held()).when(asked('2026-03-04')).thenRefused('DiscoveryCountsNothing');
  });
  it('ends a claim that waits', () =>
    given(registered({ class: 'reviewed' }))
      .when(terminating())
      .then({
        type: 'Terminated',
        ban: { partyId: 'dealer-a', scope: 'filerAndCustomer', until: endOfLastDay('2026-04-01') },
        cause: 'falseInformation',
        effect: 'void',
        endedAt: on('2026-03-02 15:00'),
        registrationId: 'd1.1',
        grounds: personal('查实'),
        because: [
          because('ends.falseInformation', { roles: ['party', 'reviewer'] }),
          because('bans.falseInformation', {
            cause: 'falseInformation',
            counting: 'exclusive',
            days: 30,
            from: on('2026-03-02 15:00'),
            scope: 'filerAndCustomer',
            until: endOfLastDay('2026-04-01'),
          }),
        ],
      }));
  it('records nothing the second time, whatever the effect was', async () => {
    await given(held(), terminated()).when(terminating()).thenNothing();
    await given(held(), terminated({ effect: 'void' }))
      .when(terminating())
      .thenNothing();
  });
  it('is refused for a claim that is over', () =>
    given(held(), released()).when(terminating()).thenRefused('NotProtected'));
  it('is refused while a case is open', () =>
    given(held(), registered({ n: 2, by: 'dealer-b' }), conflictRaised())
      .when(terminating())
      .thenRefused('InCase'));
  it('is refused for a cause the policy does not know, and names those it does', () =>
    given(held())
      .when(terminating({ cause: 'mood' }))
      .thenRefused('CauseUnknown', { causes: ['falseInformation', 'signedElsewhere'] }));
  it('is refused to who may not find that cause', () =>
    given(held())
      .when(terminating({ cause: 'signedElsewhere' }))
      .thenRefused('FinderNotPermitted', mayOnly('director')));
  it('is refused to whom the policy does not let', () =>
    given(held())
      .when(terminating({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer')));
  it('is refused for a claim nobody filed', () =>
    given(held())
      .when(terminating({ n: 7 }))
      .thenRefused('RegistrationUnknown'));
});
