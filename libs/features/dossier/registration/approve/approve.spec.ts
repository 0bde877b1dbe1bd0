import { approving } from '../../testing/asks.js';
import { because, byReviewers, loses, mayOnly, protects, terminates } from '../../testing/follows.js';
import { approved, held, recalled, registered } from '../../testing/past.js';
import { endOfLastDay, given, under } from '../../testing/rehearsal.js';

describe('approve', () => {
  const filed = [registered({ class: 'reviewed' })];

  it('protects from the yes on, for as long as the policy says where nothing is chosen', () =>
    given(filed)
      .when(approving({ at: '2026-03-03 09:59' }))
      .then(
        protects('d1.1', { class: 'reviewed', from: '2026-03-03 09:59', until: '2026-03-23', after: byReviewers }),
      ));

  it('protects for the length that was chosen', () =>
    given(filed)
      .when(approving({ chosen: { days: 10, counting: 'exclusive' } }))
      .then(protects('d1.1', { class: 'reviewed', until: '2026-03-12', days: 10, after: byReviewers })));

  it('answers the other claims that wait with it', () =>
    given(filed, registered({ n: 2, by: 'dealer-b', class: 'reviewed' }))
      .when(approving({ n: 2 }))
      .then(
        protects('d1.2', { of: 'dealer-b', class: 'reviewed', until: '2026-03-22', after: byReviewers }),
        loses('d1.1'),
      ));

  it('refuses a length outside the range and says what the range is', () =>
    given(filed)
      .when(approving({ chosen: { days: 31, counting: 'exclusive' } }))
      .thenRefused('LengthOutOfRange', { counting: ['exclusive'], max: 30, min: 10, unit: 'days' }));
  it('is refused to whom the policy does not let', () =>
    given(filed)
      .when(approving({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer', 'director')));
  it('is refused to a reviewer of another step', () =>
    under({
      'may: [approve, reject, returnForMore], roles: [reviewer, director]':
        'may: [approve, reject, returnForMore], roles: [reviewer, director, finance]',
    })
      .given(filed)
      .when(approving({ by: 'finance' }))
      .thenRefused('NotYourStep', { roles: ['reviewer'] }));
  it('is refused for a claim that was recalled', () =>
    given(filed, recalled()).when(approving()).thenRefused('NotUnderReview'));
  it('is refused for a claim nobody filed', () =>
    given(filed)
      .when(approving({ n: 7 }))
      .thenRefused('RegistrationUnknown'));
  it('is refused while another claim is protected', () =>
    given(held(), registered({ n: 2, by: 'dealer-b', class: 'reviewed' }))
      .when(approving({ n: 2 }))
      .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-09') }));

  it('overturns a protection that ranks after the claim, where the policy says so, and not before', () =>
    given(
      held({ at: '2026-03-02 12:00' }),
      registered({ n: 2, by: 'dealer-b', class: 'reviewed', rankedAt: '2026-03-02 11:00' }),
    )
      .when(approving({ n: 2, at: '2026-03-03 09:00' }))
      .then(
        terminates(
          'd1.1',
          'earlierClaim',
          '2026-03-03 09:00',
          because('collision.lateArrival', { outcome: 'overturn' }),
        ),
        protects('d1.2', {
          of: 'dealer-b',
          class: 'reviewed',
          from: '2026-03-03 09:00',
          until: '2026-03-23',
          after: byReviewers,
        }),
      ));
  it('records nothing when somebody said yes before', () =>
    given(filed, approved({ class: 'reviewed', until: '2026-03-22' }))
      .when(approving())
      .thenNothing());
});
