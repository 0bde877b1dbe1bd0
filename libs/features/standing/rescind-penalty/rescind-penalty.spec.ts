import { personal } from '#event-sourcing/event.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { inStream } from '../../dossier/testing/administering.js';
import { asking, registering, type Ask } from '../../dossier/testing/asks.js';
import { because, files, opens, protects, mayOnly } from '../../dossier/testing/follows.js';
import { given, programId } from '../../dossier/testing/rehearsal.js';
import type { OffenceFound, OffenceId, Penalized, PenaltyRescinded } from '../events.js';
import { standingStream } from '../facts.js';
import { rescindPenalty, type RescindPenalty } from './rescind-penalty.js';

const offender = 'dealer-a' as PartyId;
const rescinding = (rest: Partial<RescindPenalty> = {}, ask: Ask = {}) =>
  asking(rescindPenalty, { by: 'reviewer', ...ask }, () => ({
    programId,
    partyId: offender,
    offenceId: 'o-1' as OffenceId,
    grounds: '认错人',
    ...rest,
  }));
const found = (number: number) =>
  inStream(
    standingStream(offender),
    '2026-02-01',
    {
      type: 'OffenceFound',
      offenceId: `o-${number}` as OffenceId,
      partyId: offender,
      programId,
      offence: 'falseFiling',
      occurrence: number,
      customers: 1,
      finding: { value: '查实' },
      because: [],
    } as unknown as OffenceFound,
    {
      type: 'Penalized',
      offenceId: `o-${number}` as OffenceId,
      partyId: offender,
      programId,
      penalties: [{ kind: 'ban' }],
      because: [],
    } as unknown as Penalized,
  );
const rescinded = inStream(standingStream(offender), '2026-02-02', {
  type: 'PenaltyRescinded',
  offenceId: 'o-1' as OffenceId,
  partyId: offender,
  programId,
  ruling: '019c0000-0000-7000-8000-000000000001',
  hangingOnIt: [],
  grounds: { value: '认错人' },
} as unknown as PenaltyRescinded);

describe('rescind a penalty', () => {
  it('takes back a finding, and names the later steps that were counted from it', () =>
    given(found(1), found(2))
      .when(rescinding())
      .then({
        type: 'PenaltyRescinded',
        hangingOnIt: ['o-2'],
        offenceId: 'o-1',
        partyId: 'dealer-a',
        programId,
        ruling: '019b76da-a801-7086-81e1-7a986a515659',
        grounds: personal('认错人'),
        because: [because('permissions.rescindRuling', { roles: ['reviewer'], relations: [] })],
      }));
  it('lets the party act again', () =>
    given(found(1), rescinded)
      .when(registering())
      .then(opens(), files('new-when.1'), protects('new-when.1', { until: '2026-03-09' })));
  it('a clerk who was dismissed files for nobody', () =>
    given(
      inStream(
        standingStream('desk' as PartyId),
        '2026-02-01',
        {
          type: 'OffenceFound',
          offenceId: 'o-9' as OffenceId,
          partyId: 'desk',
          programId,
          offence: 'falseFiling',
          occurrence: 1,
          customers: 1,
          finding: { value: '查实' },
          because: [],
        } as unknown as OffenceFound,
        {
          type: 'Penalized',
          offenceId: 'o-9' as OffenceId,
          partyId: 'desk',
          programId,
          penalties: [{ kind: 'dismissal' }],
          because: [],
        } as unknown as Penalized,
      ),
    )
      .when(registering({ by: 'desk', for: 'dealer-a' }))
      .thenRefused('PartyDismissed'));
  it('records nothing the second time', () => given(found(1), rescinded).when(rescinding()).thenNothing());
  it('is refused for an offence nobody found', () =>
    given(found(1))
      .when(rescinding({ offenceId: 'o-7' as OffenceId }))
      .thenRefused('OffenceUnknown'));
  it("is refused in one's own cause", () =>
    given(found(1))
      .when(rescinding({ partyId: 'reviewer' as PartyId }))
      .thenRefused('OwnCause'));
  it('is refused to whom the policy does not let', () =>
    given(found(1))
      .when(rescinding({}, { by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer')));
  it('is refused where no policy is in force', () =>
    given(found(1))
      .when(rescinding({ programId: 'nowhere' as typeof programId }))
      .thenRefused('NoPolicyInForce'));
});
