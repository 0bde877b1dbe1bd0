import fc from 'fast-check';
import { personal } from '#event-sourcing/event.js';
import { partly } from '#event-sourcing/testing/given-when-then.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { standingStream } from '../../../standing/facts.js';
import { inStream } from '../../testing/administering.js';
import { recordingDeal, recordingDealOf } from '../../testing/asks.js';
import { credits, creditsNobody, deals, inDossier, maybeOne, mayOnly, raises } from '../../testing/follows.js';
import {
  arbitrated,
  held,
  merged,
  registered,
  released,
  splitAgreed,
  terminated,
  transferred,
} from '../../testing/past.js';
import { given, on, programId, under } from '../../testing/rehearsal.js';

const offence = { offenceId: 'o-1', partyId: 'dealer-b', programId };

describe('record a deal', () => {
  it('credits the holder, with the commission of its class', () =>
    given(held())
      .when(recordingDeal())
      .then(deals(), credits('holder', ['dealer-a', 2, '1000000', '30000'])));
  it("credits whoever closed it in the holder's absence as an assistant, to the last fen", () =>
    given(held())
      .when(recordingDeal({ amount: '100', closedBy: 'dealer-b' }))
      .then(
        deals({ amount: '100', closedBy: 'dealer-b' }),
        credits('holder', ['dealer-a', 2, '67', '2'], ['dealer-b', 1, '33', '1']),
      ));
  it('credits who held the customer when it was signed, also when that is over, or another holds it since', async () => {
    await given(held(), released({ at: '2026-03-05' }))
      .when(recordingDeal({ at: '2026-03-08', signed: '2026-03-04' }))
      .then(deals({ signed: '2026-03-04' }), credits('holder', ['dealer-a', 2, '1000000', '30000']));
    await given(held(), transferred({ at: '2026-03-05', to: 'dealer-b' }))
      .when(recordingDeal({ at: '2026-03-06', signed: '2026-03-04' }))
      .then(deals({ signed: '2026-03-04' }), credits('holder', ['dealer-a', 2, '1000000', '30000']));
    await given(held(), transferred({ at: '2026-03-05', to: 'dealer-b' }))
      .when(recordingDeal({ at: '2026-03-06', signed: '2026-03-05 12:00', closedBy: 'dealer-b' }))
      .then(
        deals({ signed: '2026-03-05 12:00', closedBy: 'dealer-b' }),
        credits('holder', ['dealer-b', 2, '1000000', '30000']),
      );
  });
  it('credits nobody where nobody held it: signed after the release, or under a registration that was void', async () => {
    await given(held(), released({ at: '2026-03-05' }))
      .when(recordingDeal({ at: '2026-03-08', signed: '2026-03-06' }))
      .then(deals({ signed: '2026-03-06' }), creditsNobody);
    await given(held(), terminated({ at: '2026-03-05', effect: 'void' }))
      .when(recordingDeal({ at: '2026-03-08', signed: '2026-03-04' }))
      .then(deals({ signed: '2026-03-04' }), creditsNobody);
  });
  it('credits who held the customer in a dossier that was merged away since', () =>
    given(
      held({ dossier: 'd2', phone: '13800000002', until: '2026-03-04' }),
      released({ dossier: 'd2', at: '2026-03-05' }),
      held({ by: 'dealer-b', at: '2026-03-06' }),
      merged({ from: 'd2', into: 'd1' }),
    )
      .when(recordingDeal({ at: '2026-03-08', signed: '2026-03-03' }))
      .then(
        deals({ signed: '2026-03-03' }),
        inDossier('d1', { ...credits('holder', ['dealer-a', 2, '1000000', '30000']), registrationId: 'd2.1' }),
      ));
  it('is held up by no crossed key: recorded where the protection ranks first, and whose it is becomes a case', () =>
    given(
      held(),
      held({ dossier: 'd2', phone: '13800000002', account: 'wang', by: 'dealer-c', at: '2026-03-02 12:00' }),
    )
      .when(recordingDealOf({ account: 'wang' }))
      .then(
        deals(),
        credits('holder', ['dealer-a', 2, '1000000', '30000']),
        raises('d1.c1', {
          ...maybeOne,
          claims: ['d1.1'],
          elsewhere: ['d2.c1'],
          stands: { left: 8, through: '2026-03-16' },
        }),
        raises('d2.c1', {
          ...maybeOne,
          claims: ['d2.1'],
          elsewhere: ['d1.c1'],
          stands: { left: 8, through: '2026-03-16' },
        }),
      ));
  it('follows the weights of a verdict', () =>
    given(held(), registered({ n: 2, by: 'dealer-b' }), {
      ...arbitrated({
        winner: 1,
        outcome: 'split',
        shares: [
          { partyId: 'dealer-a' as PartyId, weight: 1 },
          { partyId: 'dealer-b' as PartyId, weight: 2 },
        ],
      }),
    })
      .when(recordingDeal({ amount: '100' }))
      .then(deals({ amount: '100' }), credits('verdict', ['dealer-a', 1, '33', '1'], ['dealer-b', 2, '67', '2'])));
  it('shares a deal and its commission to the last fen, whatever the weights', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 12 }),
        fc.bigInt({ min: 1n, max: 10n ** 15n }),
        async (weights, amount) => {
          const shares = weights.map((weight, party) => ({ partyId: `party-${party}` as PartyId, weight }));
          const { events } = await given(held(), splitAgreed({ shares }))
            .when(recordingDeal({ amount: String(amount) }))
            .then(deals({ amount: String(amount) }), partly({ type: 'Attributed', basis: 'agreed' }));
          const { lines, commission } = events[1]!.event as unknown as {
            readonly lines: readonly { readonly performance: string; readonly commission: string }[];
            readonly commission: string;
          };
          expect(lines.reduce((sum, { performance }) => sum + BigInt(performance), 0n)).toBe(amount);
          expect(lines.reduce((sum, line) => sum + BigInt(line.commission), 0n)).toBe(BigInt(commission));
        },
      ),
      { numRuns: 60 },
    ));
  it('is refused before it is signed', () =>
    given(held())
      .when(recordingDeal({ signed: '2026-03-09' }))
      .thenRefused('NotYet', { until: on('2026-03-02 15:00') }));
  it('is refused without an amount', () =>
    given(held())
      .when(recordingDeal({ amount: '0' }))
      .thenRefused('AmountNotPositive'));
  it('credits nobody who is not enrolled', async () => {
    await given(held())
      .when(recordingDeal({ closedBy: 'stranger' }))
      .thenRefused('PartyUnknown');
    await given(held())
      .when(recordingDeal({ assistants: ['dealer-b', 'stranger'] }))
      .thenRefused('PartyUnknown');
  });
  it('credits nobody who was barred when it was signed; whoever was barred later keeps their part', async () => {
    const dismissed = inStream(
      standingStream('dealer-b' as PartyId),
      '2026-03-02 14:00',
      {
        type: 'OffenceFound',
        ...offence,
        offence: 'falseFiling',
        occurrence: 3,
        customers: 1,
        finding: personal('查实'),
        because: [],
      } as never,
      { type: 'Penalized', ...offence, penalties: [{ kind: 'dismissal' }], because: [] } as never,
    );
    await given(held(), dismissed)
      .when(recordingDeal({ assistants: ['dealer-b'] }))
      .thenRefused('PartyBarred');
    await given(held(), dismissed)
      .when(recordingDeal({ assistants: ['dealer-b'], signed: '2026-03-02 13:00' }))
      .then(
        partly({ type: 'DealRecorded', assistants: ['dealer-b'] }),
        partly({ type: 'Attributed', basis: 'holder' }),
      );
  });
  describe('a fee for whoever helped', () => {
    const paying = {
      'commission:\n': 'commission:\n  - { part: assistant, chosen: [50, 100] }\n  - { part: closer, chosen: 30 }\n',
    };
    const helped = { closedBy: 'dealer-a', assistants: ['dealer-b', 'dealer-c'] };

    it('is a line without performance: the lines sum to the deal and to all that it pays, and what is taken back to nothing', () =>
      under(paying)
        .given(held())
        .when(recordingDeal({ ...helped, fees: [['dealer-b', '10000']] }))
        .then(
          partly({ type: 'DealRecorded' }),
          partly({
            type: 'Attributed',
            commission: '40000',
            lines: [
              { partyId: 'dealer-a', weight: 2, performance: '500000', commission: '15000' },
              { partyId: 'dealer-b', weight: 1, performance: '250000', commission: '7500' },
              { partyId: 'dealer-c', weight: 1, performance: '250000', commission: '7500' },
              { partyId: 'dealer-b', weight: 0, performance: '0', commission: '10000' },
            ],
          }),
        ));
    it('is one of those that the policy offers for that part, once, and never the holder’s', async () => {
      const asked = (closedBy: string, ...fees: readonly (readonly [string, string])[]) =>
        recordingDeal({ ...helped, closedBy, fees });
      await under(paying)
        .given(held())
        .when(asked('dealer-a', ['dealer-b', '8000']))
        .thenRefused('FeeNotOffered', { amounts: ['5000', '10000'] });
      for (const party of ['dealer-a', 'dealer-d'])
        await under(paying)
          .given(held())
          .when(asked('dealer-a', [party, '5000']))
          .thenRefused('FeeNotOffered', { amounts: [] });
      await under(paying)
        .given(held())
        .when(asked('dealer-a', ['dealer-b', '5000'], ['dealer-b', '10000']))
        .thenRefused('FeeTwice');
      await under(paying)
        .given(held())
        .when(asked('dealer-b', ['dealer-b', '3000']))
        .then(partly({ type: 'DealRecorded' }), partly({ type: 'Attributed' }));
    });
    it('is none where nobody was protected', () =>
      under(paying)
        .given(held(), released({ at: '2026-03-05' }))
        .when(recordingDeal({ ...helped, at: '2026-03-08', signed: '2026-03-06', fees: [['dealer-b', '5000']] }))
        .thenRefused('FeeNotOffered', { amounts: [] }));
    it('is none where the policy offers none', () =>
      given(held())
        .when(recordingDeal({ ...helped, fees: [['dealer-b', '5000']] }))
        .thenRefused('FeeNotOffered', { amounts: [] }));
  });
  it('is refused to whom the policy does not let', () =>
    given(held())
      .when(recordingDeal({ by: 'dealer-a' }))
      .thenRefused('OperationNotPermitted', mayOnly('finance')));
  it('is refused for a dossier nobody opened', () =>
    given()
      .when(recordingDeal({ dossier: 'd9' }))
      .thenRefused('SubjectUnknown'));
});
