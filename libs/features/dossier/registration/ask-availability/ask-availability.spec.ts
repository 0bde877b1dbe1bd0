import { askingAvailability } from '../../testing/asks.js';
import { because, mayOnly } from '../../testing/follows.js';
import { availabilityAsked, conflictRaised, held, registered } from '../../testing/past.js';
import { given, keyStreamsIn, programId } from '../../testing/rehearsal.js';

/** What dealer-b was told, in its own stream of that day. */
const asks = (answer: string, { day = '2026-03-02', ...told }: Readonly<Record<string, string>> = {}) => ({
  stream: `access-dealer-b-${day}`,
  event: {
    type: 'AvailabilityAsked',
    programId,
    keys: keyStreamsIn('e1', { phone: '13800000001' }).map(({ stream }) => stream),
    answer,
    ...told,
    because: [because('visibility.availability', { answer, own: false })],
  },
});

describe('ask availability', () => {
  it('says that a customer is free, and records who asked before it answers', async () => {
    const { events } = await given().when(askingAvailability()).then(asks('free'));
    expect(events[0]!.stream).toBe('access-dealer-b-2026-03-02');
    expect(JSON.stringify(events[0]!.event)).not.toMatch(/138|王芳/);
  });
  it('says protected and until when, never whose', async () => {
    const { events } = await given(held())
      .when(askingAvailability())
      .then(asks('protected', { lastDay: '2026-03-09', subject: 'd1' }));
    expect(JSON.stringify(events[0]!.event)).not.toContain('dealer-a');
  });
  it('says free again when the clock has run out, recorded or not', () =>
    given(held())
      .when(askingAvailability({ at: '2026-03-10 00:00' }))
      .then(asks('free', { day: '2026-03-09', subject: 'd1' })));
  it('tells nobody that rivals argue', () =>
    given(held(), registered({ n: 2, by: 'dealer-c' }), conflictRaised())
      .when(askingAvailability())
      .then(asks('protected', { subject: 'd1' })));
  it('tells what waits only where the policy does', () =>
    given(registered({ class: 'reviewed' }))
      .when(askingAvailability())
      .then(asks('free', { subject: 'd1' })));
  it('tells what time has decided already, before anybody recorded it', () =>
    given(registered({ class: 'reviewed' }))
      .when(askingAvailability({ at: '2026-03-05' }))
      .then(asks('protected', { day: '2026-03-05', lastDay: '2026-03-23', subject: 'd1' })));
  it('is refused to a party that has asked too often, on either side of midnight, until it may ask again', async () => {
    const before = [
      ...Array.from({ length: 6 }, () => availabilityAsked({ by: 'dealer-b', at: '2026-03-02 07:59' })),
      ...Array.from({ length: 4 }, () => availabilityAsked({ by: 'dealer-b', at: '2026-03-02 08:00' })),
    ];
    const at = '2026-03-02 08:00';
    await given(...before.slice(2))
      .when(askingAvailability({ at }))
      .then(asks('free'));
    await given(...before)
      .when(askingAvailability({ at }))
      .thenRefused('AvailabilityQuotaUsed', { burst: 10, perHour: 30, from: '2026-03-02T00:01:00.000Z' });
    await given(...before)
      .when(askingAvailability({ at: '2026-03-02 08:03' }))
      .then(asks('free'));
  });
  it('is refused where nobody can tell whom it is about', () =>
    given()
      .when(askingAvailability({ form: { name: '王芳' } }))
      .thenRefused('SubjectNotIdentified'));
  it('is refused to a stranger', () =>
    given()
      .when(askingAvailability({ by: 'stranger' }))
      .thenRefused('OperationNotPermitted', mayOnly('party')));
  it('is refused where no policy is in force', () =>
    given()
      .when(askingAvailability({ program: 'nowhere' }))
      .thenRefused('NoPolicyInForce'));
});
