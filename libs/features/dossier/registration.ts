import type { AsRecorded, Happening } from '#event-sourcing/event.js';
import type { Code, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { isBefore } from '#time/instant.js';
import { counted, countsAs, remembered, without } from './recorded-acts.js';
import { isSystemParty } from '../deciding/system-parties.js';
import { grantUsed, noRequests, requestAdvanced, requestDecided, requested } from './requests.js';
import type {
  Claim,
  Claiming,
  DossierEvent,
  ProtectionWindow,
  RegistrationId,
  RulingRescinded,
  Share,
} from './events.js';
import type {
  Unprotected,
  Protection,
  Filed,
  BeforeCase,
  Protected,
  Closed,
  Standing,
  Registration,
  Found,
  Stood,
} from './registration-states.js';
export type * from './registration-states.js';

type Happened<T extends DossierEvent['type']> = Happening<Extract<DossierEvent, { readonly type: T }>>;
type Transition<T extends DossierEvent['type']> = (now: Registration, happened: Happened<T>) => Registration;

const unprotected: Unprotected = { state: 'none' };
const standingOf = ({ state, review, protection, closedAt, closedFor, ...more }: Registration): Standing => {
  const caseOf = 'before' in more ? { caseId: more.caseId, before: more.before } : {};
  return { state, review, protection, closedAt, closedFor, ...caseOf } as Standing;
};
/** The same claim, standing elsewhere: nothing of its former state stays. */
const standing = <S extends Standing>(registration: Registration, next: S): Filed & S => ({
  id: registration.id,
  holder: registration.holder,
  heldBefore: registration.heldBefore,
  filedBy: registration.filedBy,
  ruledBy: registration.ruledBy,
  filedAt: registration.filedAt,
  rankedAt: registration.rankedAt,
  class: registration.class,
  kind: registration.kind,
  claims: registration.claims,
  extension: registration.extension,
  acts: registration.acts,
  stages: registration.stages,
  duties: registration.duties,
  parts: registration.parts,
  requests: registration.requests,
  recorded: registration.recorded,
  details: registration.details,
  keysOf: registration.keysOf,
  shares: registration.shares,
  sharesBasis: registration.sharesBasis,
  policy: registration.policy,
  rulings: registration.rulings,
  ...next,
});
const protectedBy = (window: ProtectionWindow): Protected => ({
  state: 'protected',
  protection: { state: 'live', window },
});
const closed = (
  registration: Registration,
  state: Closed['state'],
  closedAt: Instant,
  { closedFor, closedBy }: Pick<Closed, 'closedFor' | 'closedBy'> = {},
): Registration => {
  const window = lastWindow(registration);
  return standing(registration, {
    state,
    closedAt,
    ...(closedFor === undefined ? {} : { closedFor }),
    ...(closedBy === undefined ? {} : { closedBy }),
    protection: window === undefined ? unprotected : { state: 'ended', window, endedAt: closedAt },
  });
};
const runsUntil = (
  registration: Registration,
  { event }: { readonly event: { readonly protection: ProtectionWindow } },
) => standing(registration, protectedBy(event.protection));
const handedTo = (registration: Registration, holder: PartyId, until: Instant): Registration =>
  registration.holder === holder
    ? registration
    : {
        ...registration,
        holder,
        heldBefore: [...registration.heldBefore, { holder: registration.holder, until }],
        parts: new Map([...registration.parts].filter(([, { isOfHolder }]) => !isOfHolder)),
      };

export const filed = ({ event, by, at, policy }: Happened<'Registered'>): Registration => ({
  id: event.registrationId,
  holder: event.holder,
  heldBefore: [],
  filedBy: by.party,
  filedAt: at,
  rankedAt: event.rankedAt,
  class: event.class,
  ...(event.kind === undefined ? {} : { kind: event.kind }),
  claims: event.claims ?? 'exclusive',
  extension: { requested: false, count: 0 },
  acts: new Map(),
  stages: new Map(),
  duties: new Map(),
  parts: new Map(),
  requests: noRequests,
  details: event.details,
  keysOf: event.keysOf ?? [],
  policy: policy!,
  rulings: [],
  recorded: [],
  state: 'underReview',
  review: event.review,
  protection: unprotected,
});

const approved: Transition<'Approved'> = (now, { event }) => {
  const accepted = { ...now, class: event.class, shares: event.shares ?? now.shares };
  return standing(
    accepted,
    event.protection === undefined ? { state: 'effective', protection: unprotected } : protectedBy(event.protection),
  );
};
const rejected: Transition<'Rejected'> = (now, { event, at }) =>
  closed(now, 'rejected', at, { closedFor: event.cause });
const extended: Transition<'Extended'> = (now, happened) => ({
  ...runsUntil(now, happened),
  extension: { requested: false, count: happened.event.count },
});
const upgraded: Transition<'Upgraded'> = (now, happened) => ({
  ...runsUntil(now, happened),
  class: happened.event.class,
});
const transferred: Transition<'Transferred'> = (now, { event, at }) => handedTo(now, event.to, at);
const released: Transition<'Released'> = (now, { event }) => closed(now, 'released', event.endedAt);
const terminated: Transition<'Terminated'> = (now, { event }) =>
  closed(now, event.effect === 'void' ? 'void' : 'terminated', event.endedAt, { closedFor: event.cause });

/** The rulings that may be taken back are these and no others; each is remembered with what it found. */
const rulings = {
  Approved: approved,
  Rejected: rejected,
  Extended: extended,
  Upgraded: upgraded,
  Transferred: transferred,
  Released: released,
  Terminated: terminated,
} as const satisfies { readonly [T in DossierEvent['type']]?: Transition<T> };
export type Rescindable = keyof typeof rulings;
export const rescindable = Object.keys(rulings) as readonly Rescindable[];

const resubmitted: Transition<'Resubmitted'> = (now, { event, policy }) => ({
  ...standing(now, { state: 'underReview', review: event.review, protection: unprotected }),
  details: event.details,
  policy: policy!,
});
const waitsAt: Transition<'ReviewAdvanced' | 'ReviewEscalated'> = (now, { event }) =>
  standing(now, { state: 'underReview', review: event.review, protection: unprotected });
const returned: Transition<'Returned'> = (now) => standing(now, { state: 'returned', protection: unprotected });
const asked =
  (requested: boolean) =>
  (now: Registration): Registration => ({ ...now, extension: { ...now.extension, requested } });

/** A protection's clock stands still, or a waiting claim waits for the verdict from now on. */
const broughtIntoCase: Transition<'ConflictRaised'> = (now, { event: { caseId, cause, suspended } }) => {
  if (suspended?.registrationId === now.id && now.protection.state === 'live')
    return standing(now, {
      state: 'protected',
      protection: {
        state: 'suspended',
        window: now.protection.window,
        caseId,
        left: suspended.left,
        since: suspended.at,
        until: suspended.until,
      },
    });
  if (now.state === 'inCase') return { ...now, caseId };
  const reopened = cause === 'objection' && now.state === 'rejected';
  return now.state !== 'protected' && (isPending(now) || reopened)
    ? standing(now, { state: 'inCase', caseId, before: standingOf(now) as BeforeCase, protection: unprotected })
    : now;
};
const wonByVerdict: Transition<'Arbitrated'> = (now, { event }) => ({
  ...now,
  shares: event.shares ?? now.shares,
  sharesBasis: 'verdict',
});

/** Stands as it stood before the case; a claim that nobody had reviewed waits for its review with the whole time. */
const leftCase: Transition<'LeftCase'> = (now, { event }) => {
  if (now.state !== 'inCase') return now;
  const { before } = now;
  return standing(now, before.state === 'underReview' ? { ...before, review: event.review } : before);
};

/** What is restored is written out in the event; what an older event leaves out is as the ruling found it. */
const takenBack: Transition<'RulingRescinded'> = (now, { event, at }) => {
  const { restored, ruling } = event;
  const act = now.recorded.find(({ id }) => id === ruling);
  const found = now.rulings.find(({ id }) => id === ruling)?.found ?? act?.found;
  const back: Registration = {
    ...now,
    class: restored.class ?? found?.class ?? now.class,
    extension: {
      requested: restored.extensionRequested ?? false,
      count: restored.extensionCount ?? found?.extension.count ?? now.extension.count,
    },
    rulings: now.rulings.map((made) => (made.id === ruling ? { ...made, rescinded: true } : made)),
    ...without(now, ruling),
    stages: steppedBack(now.stages, restored.stages),
    ...sharedAgain(now, restored),
  };
  return handedTo(standing(back, restoredTo(restored, found, at)), event.holder, at);
};
/** The shares that are written out hold again; without lines nothing is shared, and nobody says on which basis. */
const sharedAgain = (
  now: Registration,
  { shares, sharesBasis }: RulingRescinded['restored'],
): Pick<Filed, 'shares' | 'sharesBasis'> => {
  if (shares === undefined) return { shares: now.shares, sharesBasis: now.sharesBasis };
  const isSaid = sharesBasis !== undefined || shares.length === 0;
  return { shares: sharesIn(shares), sharesBasis: isSaid ? sharesBasis : now.sharesBasis };
};
const steppedBack = (stages: Filed['stages'], back: RulingRescinded['restored']['stages'] = []): Filed['stages'] => {
  const next = new Map(stages);
  for (const { ladder, step } of back)
    if (step === undefined) next.delete(ladder);
    else next.set(ladder, step);
  return next;
};
/** No lines: what was shared is shared no more. */
export const sharesIn = (shares: readonly Share[] | undefined): readonly Share[] | undefined =>
  shares?.length === 0 ? undefined : shares;
const restoredTo = (
  { state, review, protection, ended }: RulingRescinded['restored'],
  found: Found | undefined,
  recordedAt: Instant,
): Standing => {
  switch (state) {
    case 'underReview':
      return { state, review, protection: unprotected };
    case 'returned':
    case 'effective':
      return { state, protection: unprotected };
    case 'protected':
      return protectedBy(protection!);
    case 'inCase':
      throw new Error('A claim is brought into a case by a conflict alone');
    case 'recalled':
    case 'rejected':
    case 'released':
    case 'abandoned':
    case 'terminated':
    case 'expired':
    case 'void': {
      // What was over before a case is over as it was.
      if (found?.state === 'inCase' && found.before.state === state) return found.before;
      // It ends where the clock that the ruling found would have run out.
      const window = ended ?? (found === undefined ? undefined : windowIn(found.protection));
      return window === undefined
        ? { state, closedAt: recordedAt, protection: unprotected }
        : { state, closedAt: window.endsAt, protection: { state: 'ended', window, endedAt: window.endsAt } };
    }
  }
};

const acted = (now: Registration, happened: Happening<DossierEvent>): Registration => ({
  ...now,
  acts: counted(now.acts, countsAs(happened)),
});
const dutySet: Transition<'DutySet'> = (now, { event }) => {
  const { state, party, roles, since, dueAt, left, waitsFor } = event;
  const kept = { state, party, roles, since, dueAt, left, waitsFor };
  return { ...now, duties: new Map(now.duties).set(event.duty, kept) };
};
const dutyMissed: Transition<'DutyMissed'> = (now, { event: { duty, party, roles, since, dueAt } }) => ({
  ...now,
  duties: new Map(now.duties).set(duty, { state: 'missed', party, roles, since, dueAt }),
});
/** Whose word a part rests on: the holder's own, or an office's. */
export const isOfHolder = (
  { holder, filedBy }: { readonly holder: PartyId; readonly filedBy: PartyId },
  by: PartyId,
): boolean => by === holder || by === filedBy;
const assigned: Transition<'Assigned'> = (now, { event: { part, to, by }, at }) => {
  const parts = new Map(now.parts);
  if (to === undefined) parts.delete(part);
  else parts.set(part, { party: to, since: at, isOfHolder: isOfHolder(now, by) });
  return { ...now, parts };
};
/** A yes may give the registration's own review more time. */
const answeredRequest: Transition<'RequestDecided'> = (now, { event: { review } }) =>
  review === undefined || now.state !== 'underReview' ? now : { ...now, review };
const unchanged = (now: Registration): Registration => now;
/** What each event does to a claim that it concerns. */
const life = {
  ...rulings,
  Recalled: (now, { at }) => closed(now, 'recalled', at),
  Resubmitted: resubmitted,
  ReviewAdvanced: waitsAt,
  ReviewEscalated: waitsAt,
  Returned: returned,
  ExtensionRequested: asked(true),
  ExtensionRefused: asked(false),
  VisitRecorded: acted,
  FollowUpRecorded: acted,
  DepositRecorded: acted,
  ActivityRecorded: acted,
  StageAdvanced: (now, { event }) => ({ ...now, stages: new Map(now.stages).set(event.ladder, event.step) }),
  Amended: (now, { event }) => ({ ...now, details: { ...now.details, ...event.details } }),
  Assigned: assigned,
  DutySet: dutySet,
  DutyMissed: dutyMissed,
  Requested: (now, happened) => ({ ...now, requests: requested(now.requests, happened) }),
  RequestAdvanced: (now, happened) => ({ ...now, requests: requestAdvanced(now.requests, happened) }),
  RequestDecided: (now, happened) =>
    answeredRequest({ ...now, requests: requestDecided(now.requests, happened) }, happened),
  GrantUsed: (now, happened) => ({ ...now, requests: grantUsed(now.requests, happened) }),
  ProtectionBegan: runsUntil,
  Rolled: runsUntil,
  Resumed: runsUntil,
  Expired: (now, { event, id }) => closed(now, 'expired', event.endedAt, { closedBy: id }),
  Abandoned: (now, { event, id }) => closed(now, 'abandoned', event.endedAt, { closedBy: id }),
  RulingRescinded: takenBack,
  Objected: unchanged,
  ConflictRaised: broughtIntoCase,
  Arbitrated: wonByVerdict,
  LeftCase: leftCase,
  SplitAgreed: (now, { event }) => ({ ...now, shares: event.shares, sharesBasis: 'agreed' }),
} as const satisfies { readonly [T in DossierEvent['type']]?: Transition<T> };
export type LifeEvent = Extract<DossierEvent, { readonly type: keyof typeof life }>;
export const lifeEvents = Object.keys(life) as readonly LifeEvent['type'][];
export const isOfLife = (happened: Happening<DossierEvent>): happened is Happening<LifeEvent> =>
  Object.hasOwn(life, happened.event.type);

/** The claims whose life an event goes on with. */
export const concernedBy = (event: AsRecorded<LifeEvent>): readonly RegistrationId[] =>
  event.type === 'ConflictRaised'
    ? event.claims
    : event.type === 'Arbitrated'
      ? event.winner === undefined
        ? []
        : [event.winner]
      : [event.registrationId];

/** One step in the life of a claim; a ruling that may be taken back remembers what it found. */
export const afterwards = (now: Registration, happened: Happening<LifeEvent>): Registration => {
  const { type } = happened.event;
  const after = (life[type] as (now: Registration, happened: Happening<LifeEvent>) => Registration)(now, happened);
  const next = isRuling(type) && !isSystemParty(happened.by.party) ? { ...after, ruledBy: happened.by.party } : after;
  const ruled =
    isRescindable(type) && happened.id !== undefined
      ? {
          ...next,
          rulings: [
            ...now.rulings,
            { id: happened.id, command: happened.command, type, at: happened.at, found: foundIn(now) },
          ],
        }
      : next;
  return type === 'RulingRescinded' ? ruled : { ...ruled, ...remembered(now, ruled, happened, stoodIn) };
};
const isRuling = (type: LifeEvent['type']): boolean =>
  isRescindable(type) || ['ReviewAdvanced', 'Returned', 'ExtensionRefused', 'RulingRescinded'].includes(type);
export const isRescindable = (type: string): type is Rescindable => Object.hasOwn(rulings, type);
const foundIn = (registration: Registration): Found => {
  const { holder, class: name, extension, policy } = registration;
  return { holder, class: name, extension, policy, ...standingOf(registration) };
};

export const stoodIn = (registration: Registration): Stood => {
  const { stages, shares, sharesBasis } = registration;
  return { ...foundIn(registration), stages, shares, sharesBasis };
};

const windowIn = (protection: Protection): ProtectionWindow | undefined =>
  protection.state === 'none' ? undefined : protection.window;
/** The last time that its clock covered, or covers. */
export const lastWindow = ({ protection }: Registration): ProtectionWindow | undefined => windowIn(protection);

/**
 * Who held a registration at an instant: a deal belongs to whoever held it when it was signed, however often it was
 * handed on since.
 */
export const holderAt = ({ holder, heldBefore }: Registration, at: Instant): PartyId =>
  heldBefore.find(({ until }) => isBefore(at, until))?.holder ?? holder;

/** Whether the clock still excludes others at `now`. A suspended one does, whatever the hour: it stands still. */
export const isProtecting = ({ protection }: Registration, now: Instant): boolean =>
  protection.state === 'suspended' || (protection.state === 'live' && isBefore(now, protection.window.endsAt));
/** Whether it stands: its clock excludes others, or it is a record that was accepted. */
export const stands = (registration: Registration, now: Instant): boolean =>
  isProtecting(registration, now) || (registration.claims === 'none' && registration.state === 'effective');
/** What its events say of the claim: nothing where it is exclusive and of no named kind. */
export const claimOf = ({ kind, claims }: { readonly kind?: Code; readonly claims: Claiming }): Claim => ({
  ...(kind === undefined ? {} : { kind }),
  ...(claims === 'exclusive' ? {} : { claims }),
});
/** Waits for a review, for a verdict, or for the event that starts its clock. */
export const isPending = ({ state }: Registration): boolean =>
  state === 'underReview' || state === 'returned' || state === 'inCase' || state === 'effective';

/** Of another's protection a party hears until when, never whose. While it is suspended nobody can say. */
export const freeFrom = ({ protection }: Registration): { readonly freeFrom: Instant | null } => ({
  freeFrom: protection.state === 'live' ? protection.window.endsAt : null,
});
