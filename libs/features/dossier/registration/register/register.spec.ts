import { partly } from '#event-sourcing/testing/given-when-then.js';
import type { CommandRefused } from '../../../audit/events.js';
import { registering } from '../../testing/asks.js';
import {
  abandons,
  because,
  binds,
  files,
  maybeOne,
  merges,
  opens,
  protects,
  raises,
  terminates,
  mayOnly,
} from '../../testing/follows.js';
import {
  approved,
  arbitrated,
  conflictRaised,
  exempted,
  held,
  maybeOneRaised,
  merged,
  permissionGranted,
  recalled,
  registered,
  released,
  resumed,
  returned,
  terminated,
} from '../../testing/past.js';
import { endOfLastDay, given, on, under } from '../../testing/rehearsal.js';

describe('register', () => {
  it('opens a dossier, binds its key and protects at once where nobody reviews', () =>
    given()
      .when(registering({ at: '2026-03-02' }))
      .then(
        opens(),
        files('new-when.1', { at: '2026-03-02' }),
        protects('new-when.1', { from: '2026-03-02', until: '2026-03-09' }),
      ));

  it('waits for the check where the policy wants one, and for the director where the budget is high', () =>
    given()
      .when(registering({ class: 'reviewed', form: { name: '王芳', phone: '13800000001', budget: '100000' } }))
      .then(
        opens(),
        files('new-when.1', { class: 'reviewed', details: { budget: '10000000' }, chain: ['check', 'director'] }),
      ));

  it('finds the customer however the number is written, and opens a case beside the protected claim', () =>
    given(held())
      .when(registering({ by: 'dealer-b', phone: '+86 138-0000-0001' }))
      .then(
        files('d1.2', { by: 'dealer-b' }),
        raises('d1.c1', { claims: ['d1.1', 'd1.2'], stands: { left: 8, through: '2026-03-16' } }),
      ));

  it('joins the case that is open', () =>
    given(held(), registered({ n: 2, by: 'dealer-b' }), conflictRaised())
      .when(registering({ by: 'dealer-c' }))
      .then(files('d1.3', { by: 'dealer-c' }), raises('d1.c1', { claims: ['d1.1', 'd1.2', 'd1.3'] })));

  it('records first that the clock before it ran out', () =>
    given(held())
      .when(registering({ by: 'dealer-b', at: '2026-03-10 00:00' }))
      .then(
        abandons('d1.1', '2026-03-09'),
        files('d1.2', { by: 'dealer-b', at: '2026-03-10 00:00' }),
        protects('d1.2', { of: 'dealer-b', from: '2026-03-10 00:00', until: '2026-03-17' }),
      ));

  it('waits beside other claims that wait', () =>
    given(registered({ class: 'reviewed' }))
      .when(registering({ by: 'dealer-b', class: 'reviewed' }))
      .then(files('d1.2', { by: 'dealer-b', class: 'reviewed' })));

  it('overturns a protection that ranks after it', () =>
    given(held({ at: '2026-03-02 12:00' }))
      .when({ ...registering({ by: 'dealer-b', at: '2026-03-02 11:00' }), at: on('2026-03-02 13:00') })
      .then(
        terminates(
          'd1.1',
          'earlierClaim',
          '2026-03-02 13:00',
          because('collision.lateArrival', { outcome: 'overturn' }),
        ),
        files('d1.2', { by: 'dealer-b', at: '2026-03-02 11:00' }),
        protects('d1.2', { of: 'dealer-b', from: '2026-03-02 11:00', until: '2026-03-09' }),
      ));

  it('waits for its review beside the protection that it would overturn', () =>
    given(held({ at: '2026-03-02 12:00' }))
      .when({
        ...registering({ by: 'dealer-b', class: 'reviewed', at: '2026-03-02 11:00' }),
        at: on('2026-03-02 13:00'),
      })
      .then(partly({ type: 'Registered', registrationId: 'd1.2', rankedAt: on('2026-03-02 11:00') })));

  it('merges two dossiers that its keys show to be one customer, where nobody loses anything by it', () =>
    given(
      registered({ class: 'reviewed' }),
      recalled(),
      held({ dossier: 'd2', phone: '13800000002', account: 'wang', by: 'dealer-c' }),
    )
      .when(registering({ by: 'dealer-b', account: 'wang' }))
      .then(
        merges('d1', 'd2', 'd1'),
        merges('d1', 'd2', 'd2'),
        files('d2.2', { by: 'dealer-b', account: 'wang' }),
        raises('d2.c1', { claims: ['d2.1', 'd2.2'], stands: { left: 8, through: '2026-03-16' } }),
      ));
  it('merges into the dossier in which somebody waits, however old the other is', () =>
    given(
      registered({ class: 'reviewed', by: 'dealer-b' }),
      recalled(),
      registered({ dossier: 'd2', phone: '13800000002', account: 'wang', by: 'dealer-c', class: 'reviewed' }),
    )
      .when(registering({ by: 'dealer-b', account: 'wang', class: 'reviewed' }))
      .then(
        merges('d1', 'd2', 'd1'),
        merges('d1', 'd2', 'd2'),
        files('d2.2', { by: 'dealer-b', account: 'wang', class: 'reviewed' }),
      ));
  it('joins no two customers that others have claims on: each gets a case about its own, and every clock stands still', () =>
    given(
      held(),
      held({ dossier: 'd2', phone: '13800000002', account: 'wang', by: 'dealer-c', at: '2026-03-02 12:00' }),
    )
      .when(registering({ by: 'dealer-b', account: 'wang' }))
      .then(
        files('d1.2', { by: 'dealer-b', account: 'wang' }),
        raises('d1.c1', {
          ...maybeOne,
          claims: ['d1.1', 'd1.2'],
          elsewhere: ['d2.c1'],
          crossed: 'd1.2',
          stands: { left: 8, through: '2026-03-16' },
        }),
        raises('d2.c1', {
          ...maybeOne,
          claims: ['d2.1'],
          elsewhere: ['d1.c1'],
          stands: { left: 8, through: '2026-03-16' },
        }),
      ));
  it('takes no rival’s customer with an own claim and the rival’s key: a returned one too is heard, not rejected', () =>
    given(
      registered({ by: 'dealer-b', class: 'reviewed' }),
      recalled({ by: 'dealer-b' }),
      registered({ n: 2, by: 'dealer-b', class: 'reviewed', at: '2026-03-02 11:00' }),
      registered({ dossier: 'd2', phone: '13800000002', account: 'wang', by: 'dealer-c', class: 'reviewed' }),
      returned({ dossier: 'd2' }),
    )
      .when(registering({ by: 'dealer-b', account: 'wang' }))
      .then(
        files('d1.3', { by: 'dealer-b', account: 'wang' }),
        raises('d1.c1', { ...maybeOne, claims: ['d1.2', 'd1.3'], elsewhere: ['d2.c1'], crossed: 'd1.3' }),
        raises('d2.c1', { ...maybeOne, claims: ['d2.1'], elsewhere: ['d1.c1'] }),
      ));
  it('is refused where the policy hears no such case, and where one is open or was decided', async () => {
    const two = [
      held(),
      held({ dossier: 'd2', phone: '13800000002', account: 'wang', by: 'dealer-c', at: '2026-03-02 12:00' }),
    ];
    const crossed = registering({ by: 'dealer-b', account: 'wang' });
    await under({ 'ownRepeat: refuse': 'ownRepeat: refuse\n  possibleSameSubject: refuse' })
      .given(...two)
      .when(crossed)
      .thenRefused('KeysOfSeveral');
    const asked = [maybeOneRaised({ elsewhere: ['d2'] }), maybeOneRaised({ dossier: 'd2', elsewhere: ['d1'] })];
    await given(...two, asked)
      .when(crossed)
      .thenRefused('InCase');
    const ruled = (['d1', 'd2'] as const).map((dossier) => arbitrated({ dossier, outcome: 'distinct' }));
    await given(...two, asked, ruled)
      .when(crossed)
      .thenRefused('KeysOfSeveral');
  });
  it('joins what was ruled to be two no more, although nobody would lose anything by it', () =>
    given(
      held(),
      held({ dossier: 'd2', phone: '13800000002', account: 'wang', by: 'dealer-c' }),
      maybeOneRaised({ elsewhere: ['d2'] }),
      maybeOneRaised({ dossier: 'd2', elsewhere: ['d1'] }),
      arbitrated({ outcome: 'distinct' }),
      arbitrated({ dossier: 'd2', outcome: 'distinct' }),
      released({ dossier: 'd2', by: 'dealer-c' }),
    )
      .when(registering({ by: 'dealer-b', account: 'wang' }))
      .thenRefused('KeysOfSeveral'));
  it('a ban of a dossier that was merged away bars', () =>
    given(
      held(),
      held({ dossier: 'd2', phone: '13800000002', by: 'dealer-c' }),
      terminated({ dossier: 'd2', ban: { scope: 'customer' } }),
      merged({ from: 'd2', into: 'd1' }),
      released(),
    )
      .when(registering({ by: 'dealer-b' }))
      .thenRefused('RefilingBanned', { from: null }));
  it('follows a merge', () =>
    given(
      held(),
      registered({ dossier: 'd2', phone: '13800000002', by: 'dealer-c', class: 'reviewed' }),
      merged({ from: 'd2', into: 'd1' }),
    )
      .when(registering({ by: 'dealer-b', phone: '13800000002' }))
      .then(
        files('d1.2', { by: 'dealer-b', phone: '13800000002', keysOf: ['d2'] }),
        raises('d1.c1', { claims: ['d1.1', 'd1.2'], stands: { left: 8, through: '2026-03-16' } }),
      ));

  it('files through a desk for whom it records', () =>
    given()
      .when(registering({ by: 'desk', for: 'dealer-b' }))
      .then(
        opens(),
        files('new-when.1', { by: 'dealer-b' }),
        protects('new-when.1', { of: 'dealer-b', until: '2026-03-09' }),
      ));
  it('files with a permission, once granted', () =>
    given(permissionGranted({ to: 'dealer-a', until: '2026-03-03' }))
      .when(registering({ class: 'permitted' }))
      .then(
        binds('d1', { phone: '13800000001' }),
        files('d1.1', { class: 'permitted', permitted: '2026-03-02' }),
        protects('d1.1', { class: 'permitted', until: '2026-03-12' }),
      ));
  it('forgives the hour with an exemption', () =>
    given(permissionGranted({ to: 'dealer-a', until: '2026-03-03' }), exempted({ to: 'dealer-a' }).slice(1))
      .when(registering({ class: 'permitted', at: '2026-03-02 20:00' }))
      .then(
        binds('d1', { phone: '13800000001' }),
        files('d1.1', { at: '2026-03-02 20:00', class: 'permitted', exempted: true, permitted: '2026-03-02' }),
        protects('d1.1', { class: 'permitted', from: '2026-03-02 20:00', until: '2026-03-12' }),
      ));
  it('renews an own protection where the policy lets it', () =>
    under({ 'ownRepeat: refuse': 'ownRepeat: renew' })
      .given(held())
      .when({ ...registering({ at: '2026-03-05' }), again: 'records' })
      .then(
        {
          type: 'Released',
          endedAt: on('2026-03-05'),
          registrationId: 'd1.1',
          because: [because('collision.ownRepeat', { outcome: 'renew' })],
        },
        files('d1.2', { at: '2026-03-05' }),
        protects('d1.2', { from: '2026-03-05', until: '2026-03-12' }),
      ));

  describe('is refused', () => {
    it('while another is protected, and says until when, never whose', async () => {
      const { events } = await under({ 'secondClaim: case': 'secondClaim: refuse' })
        .given(held())
        .when(registering({ by: 'dealer-b' }))
        .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-09') });
      expect(JSON.stringify(events[0]!.event)).not.toContain('dealer-a');
    });
    it('while another waits, where the policy says so', () =>
      under({ 'pendingSecondClaim: queue': 'pendingSecondClaim: refuse' })
        .given(registered({ class: 'reviewed' }))
        .when(registering({ by: 'dealer-b' }))
        .thenRefused('ClaimedByAnother'));
    it('to who claims the customer already', () => given(held()).when(registering()).thenRefused('AlreadyYours'));
    it('without the keys that tell a customer', () =>
      given()
        .when(registering({ form: { name: '王芳' } }))
        .thenRefused('NoStrongKey', { fields: ['phone', 'account'] }));
    it('for every flaw of the form at once', () =>
      given()
        .when(registering({ form: { phone: '12', colour: 'red' } }))
        .thenRefused(['FieldUnknown', 'FieldInvalid', 'FieldMissing'], {
          fields: ['name', 'phone', 'account', 'budget'],
        }));
    it('in a class nobody files, or that there is none of', async () => {
      await given()
        .when(registering({ class: 'depositPaid' }))
        .thenRefused('ClassNotFiled', { classes: ['walkIn', 'reviewed', 'appointment', 'permitted'] });
      await given()
        .when(registering({ class: 'gold' }))
        .thenRefused('ClassUnknown', { classes: ['walkIn', 'reviewed', 'appointment', 'permitted'] });
    });
    it('by a channel the policy does not take', () =>
      given()
        .when(registering({ channel: 'fax' }))
        .thenRefused('ChannelNotAccepted', { channels: ['system', 'desk'] }));
    it('when it happens later than now', () =>
      given()
        .when(registering({ occurred: '2026-03-04' }))
        .thenRefused('OccurredInFuture', { latest: on('2026-03-02 15:00') }));
    it('without the permission, with one that ran out, and outside the hours', async () => {
      await given()
        .when(registering({ class: 'permitted' }))
        .thenRefused('PermissionMissing');
      await given(permissionGranted({ to: 'dealer-a', until: '2026-03-02 14:00' }))
        .when(registering({ class: 'permitted' }))
        .thenRefused('PermissionRunOut', { until: on('2026-03-02 14:00') });
      await given(permissionGranted({ to: 'dealer-a', until: '2026-03-03' }))
        .when(registering({ class: 'permitted', at: '2026-03-02 18:30' }))
        .thenRefused('OutsideWindow', { from: ['09:00'], to: ['18:00'] });
    });
    it('to whom false information has banned, and says until when', () =>
      given(
        held(),
        terminated({ ban: { scope: 'filerAndCustomer', partyId: 'dealer-a' as never, until: on('2026-04-02') } }),
      )
        .when(registering())
        .thenRefused('RefilingBanned', { from: on('2026-04-02') }));
    it('with both reasons where a permission is wanted and the customer is another’s', async () => {
      const { events } = await under({ 'secondClaim: case': 'secondClaim: refuse' })
        .given(held())
        .when(registering({ class: 'permitted', by: 'dealer-b' }))
        .thenRefused(['PermissionMissing', 'ProtectedByAnother']);
      const [, taken] = (events[0]!.event as unknown as CommandRefused).rejections;
      expect(taken!.accepted).toEqual({ freeFrom: on('2026-03-10 00:00') });
    });
    it('where somebody who is no desk attests a licence or a receipt', () =>
      given()
        .when(registering({ attested: ['creditCode'], receiptAttested: true }))
        .thenRefused(['RoleMissing', 'RoleMissing'], { roles: ['desk'] }));
    it("to a stranger, to a desk for nobody, and in another's name", async () => {
      await given()
        .when(registering({ by: 'stranger' }))
        .thenRefused('OperationNotPermitted', mayOnly('party'));
      await given()
        .when(registering({ by: 'desk', for: 'stranger' }))
        .thenRefused('PartyUnknown');
      await given()
        .when(registering({ by: 'dealer-b', for: 'dealer-a' }))
        .thenRefused('RoleMissing', { roles: ['desk'] });
      await given()
        .when(registering({ by: 'desk', for: 'baobei-clock' }))
        .thenRefused(['RoleMissing', 'PartyUnknown'], { roles: ['desk'] });
    });
    it('in a program nobody opened', () =>
      given()
        .when(registering({ program: 'nowhere' }))
        .thenRefused('ProgramUnknown'));
  });

  it('takes back what was returned or recalled as a claim of its own', async () => {
    await given(registered({ class: 'reviewed' }), recalled())
      .when(registering({ class: 'reviewed' }))
      .then(files('d1.2', { class: 'reviewed' }));
    await given(registered({ class: 'reviewed' }), returned())
      .when(registering({ class: 'reviewed' }))
      .thenRefused('AlreadyYours');
  });
  it('joins a case whose suspension is over without stopping the clock again: claim after claim would freeze the customer for ever', async () => {
    const { events } = await given(
      held(),
      registered({ n: 2, by: 'dealer-b' }),
      conflictRaised({ until: '2026-03-04' }),
      resumed({ at: '2026-03-04', until: '2026-03-11' }),
    )
      .when(registering({ by: 'dealer-c', at: '2026-03-05' }))
      .then(
        files('d1.3', { by: 'dealer-c', at: '2026-03-05' }),
        raises('d1.c1', { claims: ['d1.1', 'd1.2', 'd1.3'], at: '2026-03-05' }),
      );
    expect(events[1]!.event).not.toHaveProperty('suspended');
  });
  it('counts a claim as approved where an approval stands and its clock has not begun', () =>
    under({ 'pendingSecondClaim: queue': 'pendingSecondClaim: refuse' })
      .given(registered({ class: 'appointment' }), approved({ class: 'appointment' }))
      .when(registering({ by: 'dealer-b' }))
      .thenRefused('ClaimedByAnother'));
});
