import { personal } from '#event-sourcing/event.js';
import { terminating } from '../../testing/asks.js';
import { because, mayOnly } from '../../testing/follows.js';
import { conflictRaised, held, registered, released, terminated } from '../../testing/past.js';
import { endOfLastDay, given, on } from '../../testing/rehearsal.js';

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
