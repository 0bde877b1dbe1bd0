import type { Placed } from '#event-sourcing/decision.js';
import { personal, type AnyEvent } from '#event-sourcing/event.js';
import type { Past } from '#event-sourcing/testing/given-when-then.js';
import { clear, type Code, type Currency, type Fen, type PartyId, type Reasons } from '#event-sourcing/vocabulary.js';
import { contractStream } from '../deal/contract.js';
import type { AttributionBasis, DealId, DossierEvent, DossierId } from '../events.js';
import { dossierStream } from '../on-dossier.js';
import { happened, inDossier, registrationId, window, type About } from './past.js';
import { on, programId } from './rehearsal.js';

const unsaid = [] as unknown as Reasons;

/** A visit, and in the same command the clock that it began, or moved, through this day. */
export const visited = (about: About & { readonly begins?: string; readonly rolls?: string } = {}): Past => {
  const { begins, rolls, at = '2026-03-02' } = about;
  const id = registrationId(about);
  const ruled: readonly DossierEvent[] =
    begins !== undefined
      ? [
          {
            type: 'ProtectionBegan',
            registrationId: id,
            holder: 'dealer-a' as PartyId,
            class: 'appointment' as Code,
            protection: window(begins, at),
            because: unsaid,
          },
        ]
      : rolls !== undefined
        ? [{ type: 'Rolled', registrationId: id, protection: window(rolls), because: unsaid }]
        : [];
  return inDossier(
    { by: 'dealer-a', ...about },
    { type: 'VisitRecorded', registrationId: id, by: 'dealer-a' as PartyId },
    ...ruled,
  );
};
/** A deposit, and in the same command the class that it lifts the claim into. */
export const deposited = (about: About & { readonly lifts: string }): Past =>
  inDossier(
    { by: 'dealer-a', ...about },
    {
      type: 'DepositRecorded',
      registrationId: registrationId(about),
      by: 'dealer-a' as PartyId,
      amount: '100000' as Fen,
      currency: 'CNY' as Currency,
    },
    {
      type: 'Upgraded',
      registrationId: registrationId(about),
      class: 'depositPaid' as Code,
      protection: window(about.lifts),
      because: unsaid,
    },
  );
/** A deal was recorded and credited, under a number or without one. */
export const dealt = (
  about: About & {
    readonly number?: string;
    readonly key?: string;
    readonly closedBy?: string;
    readonly basis?: AttributionBasis;
  } = {},
): Past => {
  const { dossier = 'd1', n = 1 } = about;
  const dealId = `${dossier}.d${n}` as DealId;
  const lines = [
    { partyId: 'dealer-a' as PartyId, weight: 2, performance: '67' as Fen, commission: '2' as Fen },
    { partyId: 'dealer-b' as PartyId, weight: 1, performance: '33' as Fen, commission: '1' as Fen },
  ];
  const events: readonly DossierEvent[] = [
    {
      type: 'DealRecorded',
      dealId,
      amount: '100' as Fen,
      currency: 'CNY' as Currency,
      signedAt: on(about.at ?? '2026-03-02'),
      closedBy: (about.closedBy ?? 'dealer-b') as PartyId,
      assistants: [],
      ...(about.number === undefined ? {} : { contractNumber: clear(about.number) }),
    },
    {
      type: 'Attributed',
      dealId,
      basis: about.basis ?? 'holder',
      currency: 'CNY' as Currency,
      registrationId: registrationId({ dossier }),
      lines,
      commission: '3' as Fen,
      because: unsaid,
    },
  ];
  const taken: readonly Placed[] =
    about.key === undefined
      ? []
      : [
          {
            stream: contractStream(programId, about.key),
            event: { type: 'ContractNumberTaken', programId, dealId } as AnyEvent,
          },
        ];
  return happened(
    { by: 'finance', ...about },
    ...taken,
    ...events.map((event): Placed => ({ stream: dossierStream(dossier as DossierId), event })),
  );
};
export const dealTakenBack = (about: About = {}): Past =>
  inDossier(about, {
    type: 'DealRescinded',
    dealId: `${about.dossier ?? 'd1'}.d${about.n ?? 1}` as DealId,
    grounds: personal('登错'),
    because: unsaid,
  });

/** By the reviewer, as the rehearsal's parts have it. */
export const assigned = (about: About & { readonly to?: string; readonly by?: string } = {}): Past =>
  inDossier(about, {
    type: 'Assigned',
    registrationId: registrationId(about),
    by: (about.by ?? 'reviewer') as PartyId,
    part: 'helper' as Code,
    to: (about.to ?? 'dealer-b') as PartyId,
    because: unsaid,
  });
