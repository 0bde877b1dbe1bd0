import { personal } from '#event-sourcing/event.js';
import type { InStream, WholeEvent } from '#event-sourcing/testing/given-when-then.js';
import type { DerivedFact, Reason } from '#event-sourcing/vocabulary.js';
import { contractStream } from '../deal/contract.js';
import type { ConflictCause, DossierId } from '../events.js';
import { dossierStream } from '../on-dossier.js';
import { check, window } from './past.js';
import { endOfLastDay, keyStreamsIn, on, programId } from './rehearsal.js';

/*
 * What follows from a command, whole: each of these is one event as it must stand in the log, told by what the case is
 * about. A registration is named `d1.1`; when a case says nothing it is dealer-a's, and asked at 15:00 on 2 March.
 */
const soon = '2026-03-02 15:00';
const dossierOf = (id: string): string => id.slice(0, id.lastIndexOf('.'));

/** A reason of the policy that the case is played under. */
export type Because = Omit<Reason, 'policy'>;
export const because = (
  clause: string,
  inputs: Readonly<Record<string, DerivedFact | string | readonly string[]>> = {},
): Because => ({ clause, meaning: `${clause.split('.')[0]}/1`, rules: [], inputs }) as unknown as Because;

/** A clock of so many days, `from` a moment through the day `until`. */
const counted = (clause: string, days: number, event: string, from: string, until: string): Because =>
  because(clause, { days, counting: 'exclusive', event, from: on(from), endsAt: endOfLastDay(until) });
/** Days and first event of each class's clock in the rehearsal regime. */
const clocks: Readonly<Record<string, readonly [days: number, event: string]>> = {
  walkIn: [7, 'registered'],
  depositPaid: [90, 'deposit'],
  reviewed: [20, 'approved'],
  appointment: [30, 'visit'],
  permitted: [10, 'registered'],
};

interface Customer {
  readonly phone?: string;
  readonly account?: string;
}
const customer = ({ phone = '13800000001', account }: Customer): Readonly<Record<string, string>> => ({
  phone,
  ...(account === undefined ? {} : { account }),
});

/** Only the keys named: `binds('d1', { account: 'wang' })`. */
export const binds = (dossier: string, form: Readonly<Record<string, string>>): readonly InStream[] =>
  keyStreamsIn('e1', form).map(({ kind, stream }) => ({
    stream,
    event: { type: 'KeyBound', dossierId: dossier, programId, key: kind },
  }));
/** A dossier nobody had: its keys, and the dossier. */
export const opens = (of: Customer = {}): readonly (InStream | WholeEvent)[] => [
  ...binds('new-when', customer(of)),
  { type: 'DossierOpened', dossierId: 'new-when', programId },
];
/** A dossier about which somebody asked first: its keys lead there, and are nobody's yet. */
export const opensAsked = (of: Customer = {}): readonly (InStream | WholeEvent)[] => [
  ...keyStreamsIn('e1', customer(of)).map(({ kind, stream }) => ({
    stream,
    event: { type: 'KeyAsked', dossierId: 'new-when', programId, key: kind },
  })),
  { type: 'DossierOpened', dossierId: 'new-when', programId },
];

export interface Filed extends Customer {
  readonly by?: string;
  readonly at?: string;
  readonly class?: string;
  readonly details?: Readonly<Record<string, string>>;
  /** The steps of the review it waits for. */
  readonly chain?: readonly string[];
  readonly exempted?: boolean;
  /** Merged dossiers that all keys of the form belong to. */
  readonly keysOf?: readonly string[];
  /** The permission it uses was granted at this time. */
  readonly permitted?: string;
}
const formOf = (of: Customer): object => ({
  name: personal('王芳'),
  phone: personal(`+86${of.phone ?? '13800000001'}`),
  ...(of.account === undefined ? {} : { account: personal(of.account) }),
});
const waits = (at: string, chain: readonly string[] | undefined): object =>
  chain === undefined ? {} : { review: check(on(at), chain) };
const waitsBecause = (at: string, chain: readonly string[] | undefined): readonly Because[] =>
  chain === undefined ? [] : [because('review.check', { hours: 24, onTimeout: 'approve', startedAt: on(at) })];

export const files = (id: string, filed: Filed = {}): WholeEvent => {
  const { by = 'dealer-a', at = soon, class: name = 'walkIn', details = {}, exempted = false, permitted } = filed;
  const chain = filed.chain ?? (name === 'reviewed' ? ['check'] : undefined);
  return {
    type: 'Registered',
    registrationId: id,
    programId,
    holder: by,
    class: name,
    channel: 'system',
    rankedAt: on(at),
    form: formOf(filed),
    details,
    attachments: [],
    ...waits(at, chain),
    ...(filed.keysOf === undefined ? {} : { keysOf: filed.keysOf }),
    because: [
      because('form', { class: name, complete: true }),
      because('intake', { channel: 'system', class: name, exempted, rankedAt: on(at), rankedBy: 'receivedAt' }),
      ...(permitted === undefined
        ? []
        : [because('filingPermission', { class: name, granted: true, grantedAt: on(permitted), hours: 24 })]),
      ...waitsBecause(at, chain),
    ],
  };
};
export const resubmits = (id: string, { class: name = 'reviewed', at = soon, ...of }: Filed = {}): WholeEvent => {
  const chain = name === 'reviewed' ? ['check'] : undefined;
  return {
    type: 'Resubmitted',
    registrationId: id,
    form: formOf(of),
    details: {},
    attachments: [{ kind: 'card', sha256: 'c0ffee' }],
    ...waits(at, chain),
    because: [because('form', { class: name, complete: true }), ...waitsBecause(at, chain)],
  };
};

export interface Protected {
  readonly of?: string;
  readonly class?: string;
  readonly from?: string;
  readonly until: string;
  readonly days?: number;
  /** What it rests on beside the clock: a permission, a step that timed out, a verdict. */
  readonly after?: Because | readonly Because[];
}
/** Approved, and the clock runs from then on. */
export const protects = (
  id: string,
  { of = 'dealer-a', class: name = 'walkIn', from = soon, until, days, after }: Protected,
): WholeEvent => ({
  type: 'Approved',
  registrationId: id,
  holder: of,
  class: name,
  protection: window(until, from),
  because: [...[after ?? []].flat(), clockOf(name, from, until, days)],
});
const clockOf = (name: string, from: string, until: string, days?: number, event?: string): Because => {
  const [usual, starts] = clocks[name]!;
  return counted(`protection.${name}`, days ?? usual, event ?? starts, from, until);
};
/** The clock of an approved registration begins, with a visit. */
export const begins = (id: string, from: string, until: string): WholeEvent => ({
  type: 'ProtectionBegan',
  registrationId: id,
  holder: 'dealer-a',
  class: 'appointment',
  protection: window(until, from),
  because: [clockOf('appointment', from, until)],
});
/** A follow-up at `at` rolls the clock on. */
export const rolls = (id: string, at: string, until: string): WholeEvent => ({
  type: 'Rolled',
  registrationId: id,
  protection: window(until),
  because: [clockOf('walkIn', at, until, undefined, 'followUp')],
});
/** A deposit at `at` lifts a walk-in. */
export const upgrades = (id: string, at: string, until: string): WholeEvent => ({
  type: 'Upgraded',
  registrationId: id,
  class: 'depositPaid',
  protection: window(until),
  because: [
    because('upgrades.walkIn.deposit', { from: 'walkIn', to: 'depositPaid', clock: 'event' }),
    clockOf('depositPaid', at, until),
  ],
});
/** The first extension of a clock that would have ended with 9 March; `asked` when nobody had to decide it. */
export const extendsTo = (id: string, until: string, days: number, asked?: string): WholeEvent => ({
  type: 'Extended',
  registrationId: id,
  protection: window(until),
  count: 1,
  because: [
    ...(asked === undefined
      ? []
      : [because('extension', { endsAt: endOfLastDay('2026-03-09'), now: on(asked), timesGranted: 0 })]),
    because('extension', {
      before: endOfLastDay('2026-03-09'),
      counting: 'exclusive',
      days,
      from: '2026-03-09T15:59:59.999Z',
      endsAt: endOfLastDay(until),
    }),
  ],
});

export const rejects = (id: string, cause: string, ...reasons: readonly Because[]): WholeEvent => ({
  type: 'Rejected',
  registrationId: id,
  cause,
  because: reasons,
});
export const terminates = (id: string, cause: string, at: string, ...reasons: readonly Because[]): WholeEvent => ({
  type: 'Terminated',
  registrationId: id,
  cause,
  effect: 'terminate',
  endedAt: on(at),
  because: reasons,
});
/** Another claim on the same subject was approved. */
export const loses = (id: string): WholeEvent =>
  rejects(id, 'anotherClaimApproved', because('collision.pendingSecondClaim', { outcome: 'queue' }));
/** Its clock ran out with the day `lastDay`, and nobody had asked for more. */
export const abandons = (id: string, lastDay: string): WholeEvent => ({
  type: 'Abandoned',
  registrationId: id,
  endedAt: endOfLastDay(lastDay),
  because: [because('extension', { extensionAsked: false })],
});

/** A case, and the clock of one claim that stands still for it. */
export interface Raised {
  readonly cause?: ConflictCause;
  readonly claims: readonly string[];
  readonly at?: string;
  /** Whose clock stands still with how many days, at the latest through which day; the first claim's. */
  readonly stands?: { readonly left: number; readonly through: string };
  readonly after?: Because | readonly Because[];
  /** Of a possible same subject: the cases of the other dossiers, and the claim whose keys led to all. */
  readonly elsewhere?: readonly string[];
  readonly crossed?: string;
}
export const raises = (
  id: string,
  { cause = 'secondClaim', claims, at = soon, stands, after, elsewhere, crossed }: Raised,
): WholeEvent => ({
  type: 'ConflictRaised',
  caseId: id,
  cause,
  claims,
  arbiters: ['arbiter'],
  ...(elsewhere === undefined ? {} : { elsewhere }),
  ...(crossed === undefined ? {} : { crossed }),
  ...(stands === undefined
    ? {}
    : {
        suspended: {
          registrationId: claims[0],
          at: on(at),
          left: { unit: 'days', days: stands.left, ends: '24:00' },
          until: endOfLastDay(stands.through),
        },
      }),
  because: [
    ...[after ?? because(`collision.${cause}`, { outcome: 'case' })].flat(),
    because('collision.case', { raisedAt: on(at) }),
    stoodStill,
  ],
});
export const resumes = (id: string, until: string, ...reasons: readonly Because[]): WholeEvent => ({
  type: 'Resumed',
  caseId: `${dossierOf(id)}.c1`,
  registrationId: id,
  protection: window(until),
  because: reasons,
});
/** Who may do a thing: what a ruling rests on that rests on nothing else. */
export const permits = (operation: string, ...roles: readonly string[]): Because =>
  because(`permissions.${operation}`, { relations: [], roles });
/** What the reviewer's yes rests on: who may say it, and at which step. */
export const byReviewers = [
  permits('approve', 'reviewer', 'director'),
  because('review.check', { roles: ['reviewer'] }),
] as const;
/** Nobody ruled for as long as a clock may stand still. */
export const stoodStill = because('suspension', { unit: 'days', partialDay: 'unused', daysMax: 15 });
/** The keys of one form lead to both, and others have claims on them. */
export const maybeOne = {
  cause: 'possibleSameSubject' as const,
  after: [
    because('identity', { keys: ['phone', 'account'] }),
    because('collision.possibleSameSubject', { outcome: 'case' }),
  ],
};
/** The keys of one form lead to both. */
export const oneCustomer = because('identity', { keys: ['phone', 'account'] });
/** What the arbiter's word rests on. */
export const byArbiter = because('collision.case', { arbiters: ['arbiter'] });
export const rules = (verdict: Readonly<Record<string, unknown>>): WholeEvent => ({
  type: 'Arbitrated',
  caseId: 'd1.c1',
  reasons: personal('先到'),
  because: [byArbiter],
  ...verdict,
});

/** For what names no registration: the dossier that it stands in. */
export const inDossier = (dossier: string, event: WholeEvent): InStream => ({
  stream: dossierStream(dossier as DossierId),
  event,
});
/** Written in both dossiers; `here` is where this one stands. */
export const merges = (from: string, into: string, here: string, after: Because = oneCustomer): InStream =>
  inDossier(here, { type: 'DossierMerged', from, into, because: [after] });

/** Written in both dossiers; `here` is where this one stands. */
export const separates = (
  from: string,
  into: string,
  here: string,
  {
    revived = [],
    leftEnded = [],
  }: { readonly revived?: readonly string[]; readonly leftEnded?: readonly string[] } = {},
): InStream =>
  inDossier(here, {
    type: 'DossierSeparated',
    from,
    into,
    revived,
    leftEnded,
    grounds: personal('并错'),
    because: [permits('rescindRuling', 'reviewer')],
  });

export const deals = ({
  amount = '1000000',
  signed = soon,
  closedBy = 'dealer-a',
  number,
}: {
  readonly amount?: string;
  readonly signed?: string;
  readonly closedBy?: string;
  readonly number?: string;
} = {}): WholeEvent => ({
  type: 'DealRecorded',
  dealId: 'd1.d1',
  amount,
  currency: 'CNY',
  signedAt: on(signed),
  closedBy,
  assistants: [],
  ...(number === undefined ? {} : { contractNumber: number }),
});
/** In the stream of a contract's number, by the one spelling of it. */
export const numbers = (
  type: 'ContractNumberTaken' | 'ContractNumberFreed',
  key: string,
  dealId = 'd1.d1',
): InStream => ({ stream: contractStream(programId, key), event: { type, programId, dealId } });
/** A party's part of a deal, in fen: its weight, the performance and the commission of 3 in a hundred. */
export type Line = readonly [partyId: string, weight: number, performance: string, commission: string];
const sum = (amounts: readonly string[]): string => String(amounts.reduce((all, each) => all + BigInt(each), 0n));
export const credits = (basis: 'holder' | 'verdict' | 'agreed', ...lines: readonly Line[]): WholeEvent => {
  const commission = sum(lines.map(([, , , each]) => each));
  return {
    type: 'Attributed',
    dealId: 'd1.d1',
    basis,
    currency: 'CNY',
    registrationId: 'd1.1',
    lines: lines.map(([partyId, weight, performance, each]) => ({ partyId, weight, performance, commission: each })),
    commission,
    because: [
      because(`attribution.${basis}`, { basis, parties: lines.length, settled: basis !== 'holder' }),
      because('commission', {
        amount: sum(lines.map(([, , performance]) => performance)),
        commission,
        numerator: 3,
        denominator: 100,
      }),
    ],
  };
};
/** Nobody held the customer when the deal was signed. */
export const creditsNobody: WholeEvent = {
  type: 'Attributed',
  dealId: 'd1.d1',
  basis: 'unregistered',
  currency: 'CNY',
  lines: [],
  because: [because('attribution.unregistered', { basis: 'unregistered', parties: 1, settled: false })],
};

/** Who may do what was refused. */
export const mayOnly = (...roles: readonly string[]) => ({ roles, relations: [] });
export const mayOnlyHolder = { roles: [], relations: ['holder', 'filer'] };
