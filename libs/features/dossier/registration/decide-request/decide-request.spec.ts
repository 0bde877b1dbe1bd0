import { partly } from '#event-sourcing/testing/given-when-then.js';
import { decidingRequest, meetingDeadlines, releasing, terminating } from '../../testing/asks.js';
import { because, mayOnly } from '../../testing/follows.js';
import { held, registered, transferred } from '../../testing/past.js';
import { requested } from '../../testing/past-requests.js';
import { endOfLastDay, given, on } from '../../testing/rehearsal.js';

const decided = { type: 'RequestDecided', registrationId: 'd1.1', request: 'specialPrice' };
const closed = partly({ ...decided, outcome: 'closed', because: [because('requests.specialPrice')] });

describe('decide a request', () => {
  it('grants at the last step, so long and for one act as the policy says', () =>
    given(held(), requested())
      .when(decidingRequest())
      .then(
        partly({
          ...decided,
          outcome: 'granted',
          once: true,
          until: endOfLastDay('2026-03-12'),
          because: [
            because('permissions.decideRequest', { roles: ['reviewer'], relations: [] }),
            because('requests.specialPrice.superior', { roles: ['reviewer'] }),
            because('requests.specialPrice', { grantedAt: on('2026-03-02 15:00'), days: 10, counting: 'exclusive' }),
          ],
        }),
      ));
  it('refuses with one no, and the reason may be said', () =>
    given(held(), requested())
      .when(decidingRequest({ grant: false, opinion: '已有报价' }))
      .then(partly({ ...decided, outcome: 'refused', opinion: { value: '已有报价' } })));
  it('goes to the next step, which wants a word, and then does what the policy lets follow', async () => {
    await given(held(), requested({ request: 'ending' }))
      .when(decidingRequest())
      .then(
        partly({
          type: 'RequestAdvanced',
          step: 'head',
          review: {
            step: 'board',
            index: 1,
            chain: ['head', 'board'],
            roles: ['reviewer', 'director'],
            onTimeout: 'none',
          },
        }),
      );
  });
  it('is for whom the step names, never for whoever asked or holds the claim', async () => {
    await given(held(), requested())
      .when(decidingRequest({ by: 'finance' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer', 'director'));
    await given(held({ by: 'reviewer' }), requested({ by: 'dealer-b' }))
      .when(decidingRequest())
      .thenRefused('OwnCause');
    await given(held(), requested({ by: 'reviewer' }))
      .when(decidingRequest())
      .thenRefused('OwnCause');
  });
  it('is refused where nothing waits', () => given(held()).when(decidingRequest()).thenRefused('RequestNotWaiting'));
  it('goes on after the registration was handed to another', () =>
    given(held(), requested(), transferred({ to: 'dealer-b' }))
      .when(decidingRequest())
      .then(partly({ ...decided, outcome: 'granted' })));
});

describe('what nobody decides', () => {
  it('is answered by time as the policy says', async () => {
    await given(held(), requested())
      .when(meetingDeadlines({ at: '2026-03-04 10:00' }))
      .then(
        partly({
          ...decided,
          outcome: 'refused',
          because: [because('requests.specialPrice.superior', { roles: ['reviewer'] })],
        }),
      );
    await given(held(), requested({ request: 'ending' }))
      .when(meetingDeadlines({ at: '2026-03-04 10:00' }))
      .then(
        partly({
          type: 'RequestAdvanced',
          step: 'head',
          review: { step: 'head', index: 0, chain: ['head', 'board'], roles: ['director'], onTimeout: 'none' },
        }),
      );
  });
  it('ends with the registration, whoever or whatever ends it', async () => {
    await given(held(), requested())
      .when(releasing())
      .then(partly({ type: 'Released' }), closed);
    await given(held(), requested())
      .when(terminating())
      .then(partly({ type: 'Terminated' }), closed);
    await given(held({ until: '2026-03-03' }), requested())
      .when(meetingDeadlines({ at: '2026-03-04 01:00' }))
      .then(partly({ type: 'Abandoned' }), closed);
    await given(registered({ class: 'reviewed' }), requested(), registered({ n: 2, by: 'dealer-b', class: 'reviewed' }))
      .when(meetingDeadlines({ at: '2026-03-03 10:00' }))
      .then(partly({ type: 'Approved' }), partly({ type: 'Rejected' }));
  });
});
