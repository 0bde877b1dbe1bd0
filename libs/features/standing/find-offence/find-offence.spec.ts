import { personal } from '#event-sourcing/event.js';
import type { Fen, PartyId } from '#event-sourcing/vocabulary.js';
import { inStream } from '../../dossier/testing/administering.js';
import { asking, registering, type Ask } from '../../dossier/testing/asks.js';
import { because, files, opens, protects, mayOnly } from '../../dossier/testing/follows.js';
import { endOfLastDay, given, on, programId } from '../../dossier/testing/rehearsal.js';
import type { OffenceFound, OffenceId, Penalized, Penalty } from '../events.js';
import { standingStream } from '../facts.js';
import { findOffence, type FindOffence } from './find-offence.js';

const offender = 'dealer-a' as PartyId;
const finding = (rest: Partial<FindOffence> = {}, ask: Ask = {}) =>
  asking(findOffence, { by: 'reviewer', ...ask }, () => ({
    programId,
    partyId: offender,
    offenceId: 'o-new' as OffenceId,
    offence: 'falseFiling',
    customers: 1,
    finding: '查实',
    ...rest,
  }));
/** Found before, with what followed. */
const found = (at: string, occurrence: number, ...penalties: readonly Penalty[]) =>
  inStream(
    standingStream(offender),
    at,
    {
      type: 'OffenceFound',
      offenceId: `o-${occurrence}` as OffenceId,
      partyId: offender,
      programId,
      offence: 'falseFiling',
      occurrence,
      customers: 1,
      finding: { value: '查实' },
      because: [],
    } as unknown as OffenceFound,
    {
      type: 'Penalized',
      offenceId: `o-${occurrence}` as OffenceId,
      partyId: offender,
      programId,
      penalties,
      because: [],
    } as unknown as Penalized,
  );
/** What follows: the finding, and what the policy makes of it. */
const finds = (occurrence: number, offence = 'falseFiling') => ({
  type: 'OffenceFound',
  offenceId: 'o-new',
  partyId: offender,
  programId,
  offence,
  occurrence,
  customers: 1,
  finding: personal('查实'),
  because: [because('permissions.findOffence', { roles: ['reviewer'], relations: [] })],
});
const penalizes = (occurrence: number, penalty: object, offence = 'falseFiling') => ({
  type: 'Penalized',
  offenceId: 'o-new',
  partyId: offender,
  programId,
  penalties: [penalty],
  ...('amount' in penalty ? { currency: 'CNY' } : {}),
  because: [because(`offences.${offence}`, { offence, occurrence, customers: 1 })],
});

describe('find an offence', () => {
  it('is followed by the first step of the ladder', () =>
    given()
      .when(finding())
      .then(finds(1), penalizes(1, { kind: 'warning' })));
  it('never skips and never repeats a step', async () => {
    await given(found('2026-02-01', 1, { kind: 'warning' }))
      .when(finding())
      .then(finds(2), penalizes(2, { kind: 'suspension', until: endOfLastDay('2026-03-09') }));
    await given(found('2026-02-01', 1), found('2026-02-02', 2))
      .when(finding())
      .then(finds(3), penalizes(3, { kind: 'dismissal' }));
  });
  it("counts only within the policy's window", () =>
    given(found('2026-01-02', 1))
      .when(finding({}, { at: '2027-01-02 10:01' }))
      .then(finds(1), penalizes(1, { kind: 'warning' })));
  it('counts per customer', () =>
    given()
      .when(finding({ offence: 'leak', customers: 3 }, { by: 'reviewer' }))
      .thenRefused('FinderNotPermitted', mayOnly('director')));
  it('takes what the ruler chose inside the range', () =>
    given()
      .when(finding({ offence: 'quarrel', chosen: { kind: 'fine', amount: '20000' as Fen } }))
      .then(finds(1, 'quarrel'), penalizes(1, { amount: '20000', kind: 'fine' }, 'quarrel')));
  it('is refused for a choice outside it, or none', async () => {
    await given()
      .when(finding({ offence: 'quarrel', chosen: { kind: 'fine', amount: '99' as Fen } }))
      .thenRefused('PenaltyOutOfRange', { min: '10000', max: '50000' });
    await given()
      .when(finding({ offence: 'quarrel' }))
      .thenRefused('PenaltyNotChosen', { kinds: ['warning', 'fine'] });
    await given()
      .when(finding({ chosen: { kind: 'warning' } }))
      .thenRefused('PenaltyNotChoosable');
  });
  it('is refused for an offence the policy does not know', () =>
    given()
      .when(finding({ offence: 'rudeness' }))
      .thenRefused('OffenceUnknown', { offences: ['falseFiling', 'quarrel', 'leak'] }));
  it('is refused of a party nobody enrolled, and of oneself', async () => {
    await given()
      .when(finding({ partyId: 'stranger' as PartyId }))
      .thenRefused('PartyUnknown');
    await given()
      .when(finding({ partyId: 'reviewer' as PartyId }))
      .thenRefused('OwnCause');
  });
  it('is refused to an official who is suspended', () =>
    given(
      inStream(
        standingStream('reviewer' as PartyId),
        '2026-03-01',
        {
          type: 'OffenceFound',
          offenceId: 'o-9',
          partyId: 'reviewer',
          programId,
          offence: 'falseFiling',
          occurrence: 2,
          customers: 1,
          finding: personal('查实'),
          because: [],
        } as never,
        {
          type: 'Penalized',
          offenceId: 'o-9',
          partyId: 'reviewer',
          programId,
          penalties: [{ kind: 'suspension', until: endOfLastDay('2026-03-08') }],
          because: [],
        } as never,
      ),
    )
      .when(finding())
      .thenRefused('PartySuspended'));
  it('is refused to whom the policy does not let', () =>
    given()
      .when(finding({}, { by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer')));
  it('is refused where no policy is in force', () =>
    given()
      .when(finding({ programId: 'nowhere' as typeof programId }))
      .thenRefused('NoPolicyInForce'));

  it('blocks the next command of who is suspended, until the very moment it ends', async () => {
    const suspended = found('2026-03-01', 2, { kind: 'suspension', until: on('2026-03-02 15:00') });
    await given(suspended)
      .when(registering({ at: '2026-03-02 14:59' }))
      .thenRefused('PartySuspended');
    await given(suspended)
      .when(registering())
      .then(opens(), files('new-when.1'), protects('new-when.1', { until: '2026-03-09' }));
  });
  it('blocks who is dismissed for good, and who is banned', async () => {
    await given(found('2026-01-02', 3, { kind: 'dismissal' }))
      .when(registering({ at: '2029-03-02' }))
      .thenRefused('PartyDismissed');
    await given(found('2026-01-02', 1, { kind: 'ban' }))
      .when(registering())
      .thenRefused('PartyBanned');
  });
});
