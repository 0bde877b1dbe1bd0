import type { PartyId } from '#event-sourcing/vocabulary.js';
import type { Field, Fields } from '#features/deciding/input.js';
import { program } from '#test/e2e/api.js';
import { mutationOf, onRegistrations } from './authorization-table.js';
import {
  missingDossier,
  nowhere,
  type Actor,
  type AuthorizationWorld,
  type Claim,
  type Records,
  type Target,
} from './authorization-world.js';

type Variables = Readonly<Record<string, unknown>>;
/** The variables of one root field for one target, or `undefined` where the field has no such target. */
export type Ask = (
  world: AuthorizationWorld,
  actor: Actor,
  target: Target,
) => Promise<Variables | undefined> | Variables | undefined;

const rival = 'rival-a' as PartyId;
const whose = (actor: Actor, target: Target): PartyId => (target === 'own' ? actor.id : rival);
const recordsFor = (world: AuthorizationWorld, actor: Actor, target: Target): Records =>
  world.records.get(whose(actor, target))!;
const purpose = 'AUDIT';

/** A read of one record, by an id of it. */
const reading =
  (name: string, id: (records: Records) => string, missing: string): Ask =>
  (world, actor, target) => ({
    [name]: target === 'missing' ? missing : id(recordsFor(world, actor, target)),
    purpose,
  });
/** A list of a program that is there, with rivals in it, or of one that is not. */
const listing =
  (more: object = {}): Ask =>
  (_world, _actor, target) =>
    target === 'own' ? undefined : { programId: target === 'missing' ? nowhere : program, first: 3, purpose, ...more };
const mine =
  (more: object = {}): Ask =>
  (_world, _actor, target) =>
    target === 'rival' ? undefined : { programId: target === 'missing' ? nowhere : program, first: 3, ...more };
const once: Ask = (_world, _actor, target) => (target === 'own' ? {} : undefined);
const byRecord =
  (of: (records: Records) => string, missing: string): Ask =>
  (world, actor, target) => ({
    subject: target === 'missing' ? missing : of(recordsFor(world, actor, target)),
    first: 4,
    purpose,
  });

const input = (world: AuthorizationWorld, more: object): Variables => ({
  input: { commandId: world.api.commandId(), ...more },
});
/** A command on a registration made for this cell alone, so that no cell changes what another finds. */
const onRegistration =
  (
    fresh: (world: AuthorizationWorld, party: PartyId) => Promise<Claim>,
    more: (claim: Claim, party: PartyId) => object = () => ({}),
  ): Ask =>
  async (world, actor, target) => {
    const claim = await fresh(world, whose(actor, target));
    return input(world, {
      programId: program,
      registrationId: target === 'missing' ? `${missingDossier}.1` : claim.registrationId,
      ...more(claim, whose(actor, target)),
    });
  };
const waiting = (world: AuthorizationWorld, party: PartyId): Promise<Claim> => world.claim(party, 'reviewed');
const held = (world: AuthorizationWorld, party: PartyId): Promise<Claim> => world.claim(party);
const grounds = '理由';
/** A login that never asks anything here, so that nobody is locked out of the other cells. */
const lock = (world: AuthorizationWorld, actor: Actor, target: Target): Variables | undefined =>
  target === 'missing'
    ? undefined
    : input(world, { subject: `second-login-of-${whose(actor, target)}`, reason: grounds });
const onSubject: Ask = (world, actor, target) =>
  target === 'missing'
    ? undefined
    : input(world, {
        programId: program,
        class: 'permitted',
        form: {
          name: '王芳',
          phone: target === 'own' ? world.phoneFor(actor.id) : world.records.get(rival)!.claim.phone,
        },
      });

/** A favour about a customer of one's own, or of a rival's on whom one has no claim. */
const favour =
  (more: object = {}): Ask =>
  async (world, actor, target) =>
    target === 'missing'
      ? undefined
      : input(world, {
          programId: program,
          class: 'permitted',
          form: { name: '王芳', phone: (await held(world, whose(actor, target))).phone },
          partyId: whose(actor, target),
          ...more,
        });

/** Something that every field of a kind takes. */
const plain: Readonly<Record<Field['kind'], (claim: Claim, party: PartyId) => unknown>> = {
  text: () => grounds,
  word: () => 'falseInformation',
  words: () => [],
  event: () => 'no-event',
  party: () => 'rival-b',
  partyOnRecord: () => 'rival-b',
  parties: (_, party) => [party],
  shares: (_, party) => [{ partyId: party, weight: 1 }],
  fen: () => '100000',
  instant: () => '2026-01-01T00:00:00Z',
  length: () => ({ unit: 'DAYS', count: 30, counting: 'EXCLUSIVE' }),
  flag: () => true,
  form: ({ phone }) => ({ name: '王芳', phone }),
  attachments: () => [],
};
/** A command about one registration: on a claim that holds, with what every field takes. */
const ofSlices = Object.fromEntries(
  onRegistrations.map((slice): [string, Ask] => [
    mutationOf(slice),
    onRegistration(held, (claim, party) =>
      Object.fromEntries(
        Object.entries(slice.input as Fields)
          .filter(([, { optional }]) => !optional)
          .map(([name, { kind }]) => [name, plain[kind](claim, party)]),
      ),
    ),
  ]),
);

/** How each root field is asked. One that is missing here fails the matrix with the line to add. */
export const asks: Readonly<Record<string, Ask>> = {
  ...ofSlices,
  'Query.me': once,
  'Query.system': once,
  'Query.systemStatus': once,
  'Query.programs': (_world, _actor, target) => (target === 'own' ? { first: 3 } : undefined),
  'Query.program': (_world, _actor, target) =>
    target === 'rival' ? undefined : { id: target === 'own' ? program : nowhere },
  'Query.policy': (_world, _actor, target) =>
    target === 'rival' ? undefined : { programId: target === 'own' ? program : nowhere },
  'Query.policyDifference': (_world, _actor, target) =>
    target === 'rival' ? undefined : { programId: target === 'own' ? program : nowhere, before: '1' },
  'Query.registrationForm': (_world, _actor, target) =>
    target === 'rival' ? undefined : { programId: target === 'own' ? program : nowhere, class: 'reviewed' },
  'Query.recordables': (_world, _actor, target) =>
    target === 'rival' ? undefined : { programId: target === 'own' ? program : nowhere, class: 'reviewed' },
  'Query.activityForm': (_world, _actor, target) =>
    target === 'rival'
      ? undefined
      : { programId: target === 'own' ? program : nowhere, class: 'reviewed', activity: 'sample' },
  'Query.party': reading('id', ({ party }) => party, 'rival-z'),
  'Query.parties': (_world, _actor, target) => (target === 'rival' ? { first: 5, purpose } : undefined),
  'Query.registration': reading('id', ({ claim }) => claim.registrationId, `${missingDossier}.1`),
  'Query.myRegistrations': mine(),
  'Query.notices': mine(),
  'Query.expiringSoon': mine({ days: 30 }),
  'Query.registrations': (world, actor, target) => ({
    programId: program,
    holder: target === 'missing' ? 'rival-z' : whose(actor, target),
    first: 3,
    purpose,
  }),
  'Query.filingExtracts': (_world, _actor, target) =>
    target === 'own' ? undefined : { programId: target === 'missing' ? nowhere : program, purpose },
  'Query.registrationList': listing({ name: 'byBudget' }),
  'Query.statistics': (_world, _actor, target) =>
    target === 'own' ? undefined : { programId: target === 'missing' ? nowhere : program, name: 'byState' },
  'Query.reviewQueue': listing(),
  'Query.requests': (_world, _actor, target) => ({
    programId: target === 'missing' ? nowhere : program,
    mine: target === 'own',
    state: 'WAITING',
    waitsForMe: false,
    first: 3,
    purpose,
  }),
  'Query.protection': reading('dossierId', ({ claim }) => claim.dossierId, missingDossier),
  'Query.ownership': reading('dossierId', ({ claim }) => claim.dossierId, missingDossier),
  'Query.availability': (world, actor, target) => ({
    programId: program,
    class: 'walkIn',
    form: {
      name: '王芳',
      phone: target === 'missing' ? world.phoneFor(actor.id) : recordsFor(world, actor, target).claim.phone,
    },
  }),
  'Query.case': reading('id', ({ caseId }) => caseId, `${missingDossier}.c1`),
  'Query.cases': listing({ state: 'DECIDED' }),
  'Query.attribution': reading('dealId', ({ dealId }) => dealId, `${missingDossier}.d1`),
  'Query.attributions': listing(),
  'Query.duties': (world, actor, target) => ({
    missed: false,
    partyId: target === 'missing' ? 'rival-z' : whose(actor, target),
    programId: program,
    first: 3,
    purpose,
  }),
  'Query.flags': (world, actor, target) => ({
    partyId: target === 'missing' ? 'rival-z' : whose(actor, target),
    programId: program,
    first: 3,
    purpose,
  }),
  'Query.standing': (world, actor, target) => ({
    partyId: target === 'missing' ? 'rival-z' : whose(actor, target),
    programId: program,
    first: 3,
    purpose,
  }),
  'Query.history': byRecord(({ claim }) => claim.dossierId, missingDossier),
  'Query.history#case': byRecord(({ caseId }) => caseId.split('.')[0]!, missingDossier),
  'Query.history#party': byRecord(({ party }) => `party:${party}`, 'party:rival-z'),
  'Query.history#program': (_world, _actor, target) =>
    target === 'own'
      ? undefined
      : { subject: target === 'rival' ? `program:${program}` : 'program:space', first: 3, purpose },
  'Subscription.dossierChanged': (world, actor, target) => ({
    dossierId: target === 'missing' ? missingDossier : recordsFor(world, actor, target).claim.dossierId,
    from: world.start,
    purpose,
  }),

  'Mutation.openProgram': (world, actor, target) =>
    target === 'missing'
      ? undefined
      : input(world, {
          programId: target === 'own' ? `opened-by-${actor.id}` : program,
          title: { zh: '新', en: 'New' },
        }),
  'Mutation.publishPolicy': (world, actor, target) =>
    target === 'rival'
      ? undefined
      : input(world, {
          programId: target === 'own' ? program : nowhere,
          text: world.policyText(actor.id),
          effectiveFrom: '2099-01-01T00:00:00Z',
          authority: '总经理',
        }),
  'Mutation.withdrawPolicy': (world, actor, target) =>
    target === 'rival'
      ? undefined
      : input(world, { programId: target === 'own' ? program : nowhere, version: actor.id, authority: '总经理' }),
  'Mutation.publishCalendar': (world, actor, target) =>
    target === 'own'
      ? input(world, { calendarId: 'cn', year: 2026, holidays: ['2026-01-01'], makeUpDays: [] })
      : undefined,
  'Mutation.publishTable': (world, actor, target) =>
    target === 'rival'
      ? undefined
      : input(world, {
          programId: target === 'own' ? program : nowhere,
          table: 'prices',
          rows: [{ article: `of ${actor.id}`, sum: '1.00' }],
        }),
  'Mutation.enrolParty': (world, actor, target) =>
    target === 'missing'
      ? undefined
      : input(world, { partyId: target === 'own' ? `enrolled-by-${actor.id}` : rival, kind: 'PERSON', name: '新人' }),
  'Mutation.changeMembership': (world, actor, target) =>
    input(world, {
      partyId: target === 'missing' ? 'rival-z' : whose(actor, target),
      memberOf: 'team-of-rival-a',
      from: '2026-01-01T00:00:00Z',
    }),
  'Mutation.grantRole': (world, actor, target) =>
    input(world, {
      partyId: target === 'missing' ? 'rival-z' : whose(actor, target),
      role: 'AUDITOR',
      programId: 'space',
    }),
  'Mutation.revokeRole': (world, actor, target) =>
    input(world, {
      partyId: target === 'missing' ? 'rival-z' : whose(actor, target),
      role: 'AUDITOR',
      programId: 'space',
    }),
  'Mutation.lockUser': (world, actor, target) => lock(world, actor, target),
  'Mutation.unlockUser': (world, actor, target) => lock(world, actor, target),
  'Mutation.register': (world, actor, target) =>
    input(world, {
      programId: target === 'missing' ? nowhere : program,
      class: 'walkIn',
      form: {
        name: '王芳',
        phone: target === 'rival' ? world.records.get(rival)!.claim.phone : world.phoneFor(actor.id),
      },
    }),
  'Mutation.askPermission': onSubject,
  'Mutation.grantPermission': favour(),
  'Mutation.exempt': favour({ grounds }),
  'Mutation.approve': onRegistration(waiting),
  'Mutation.reject': onRegistration(waiting, () => ({ grounds })),
  'Mutation.returnForMore': onRegistration(waiting, () => ({ wanted: '名片' })),
  'Mutation.recall': onRegistration(waiting),
  'Mutation.resubmit': onRegistration(
    (world, party) => world.returned(party),
    ({ phone }) => ({ form: { name: '王芳', phone } }),
  ),
  'Mutation.requestExtension': onRegistration(held, () => ({ evidence: ['followUps'] })),
  'Mutation.decideExtension': onRegistration(
    (world, party) => world.extensionAsked(party),
    () => ({ grant: true }),
  ),
  'Mutation.amendRegistration': onRegistration(held, () => ({ form: { budget: '900.00' } })),
  'Mutation.assign': onRegistration(held, () => ({ part: 'helper', to: 'rival-b' })),
  'Mutation.requestApproval': onRegistration(held, () => ({ request: 'specialPrice', form: { why: '竞争' } })),
  'Mutation.decideRequest': async (world, actor, target) => {
    const claim = await world.requested(whose(actor, target));
    return input(world, {
      programId: program,
      registrationId: target === 'missing' ? `${missingDossier}.1` : claim.registrationId,
      requestId: claim.events.at(-1)!.id,
      grant: true,
    });
  },
  'Mutation.rescindRuling': async (world, actor, target) => {
    const claim = await world.claim(whose(actor, target));
    const approved = claim.events.find(({ event }) => event.type === 'Approved')!;
    return input(world, {
      programId: program,
      registrationId: target === 'missing' ? `${missingDossier}.1` : claim.registrationId,
      ruling: approved.id,
      grounds,
    });
  },
  'Mutation.object': onRegistration(
    (world, party) => world.lostToAnother(party),
    () => ({ evidence: ['calls'], grounds }),
  ),
  'Mutation.recordDeal': async (world, actor, target) => {
    const claim = await world.claim(whose(actor, target));
    return input(world, {
      programId: program,
      dossierId: target === 'missing' ? missingDossier : claim.dossierId,
      amount: '500000',
      signedAt: world.api.installation.clock.now(),
      closedBy: whose(actor, target),
    });
  },
  'Mutation.rescindDeal': async (world, actor, target) =>
    input(world, {
      programId: program,
      dealId: target === 'missing' ? `${missingDossier}.d1` : await world.deal(whose(actor, target)),
      grounds,
    }),
  'Mutation.arbitrate': async (world, actor, target) => {
    const caseId = await world.case(whose(actor, target));
    return input(world, {
      programId: program,
      caseId: target === 'missing' ? `${missingDossier}.c1` : caseId,
      outcome: 'ASSIGN',
      winner: `${caseId.split('.')[0]}.1`,
      reasons: grounds,
    });
  },
  'Mutation.rescindVerdict': async (world, actor, target) => {
    const caseId = await world.decided(whose(actor, target));
    return input(world, {
      programId: program,
      caseId: target === 'missing' ? `${missingDossier}.c1` : caseId,
      grounds,
    });
  },
  'Mutation.separate': async (world, actor, target) => {
    const merged = await world.merged(whose(actor, target));
    return input(world, { programId: program, dossierId: target === 'missing' ? missingDossier : merged, grounds });
  },
  'Mutation.rejoin': async (world, actor, target) => {
    const { one, other } = await world.distinct(whose(actor, target));
    const dossierId = target === 'missing' ? missingDossier : one;
    return input(world, { programId: program, dossierId, otherId: other, grounds });
  },
  'Mutation.findOffence': (world, actor, target) =>
    input(world, {
      programId: program,
      partyId: target === 'missing' ? 'rival-z' : whose(actor, target),
      offence: 'quarrel',
      finding: '争执',
      chosen: { kind: 'WARNING' },
    }),
  'Mutation.recordWork': (world, _actor, target) =>
    target === 'rival'
      ? undefined
      : input(world, {
          programId: target === 'missing' ? nowhere : program,
          activity: 'dayReport',
          form: { report: '走访' },
          attachments: [],
        }),
  'Mutation.rescindPenalty': async (world, actor, target) =>
    input(world, {
      programId: program,
      partyId: whose(actor, target),
      offenceId: target === 'missing' ? 'offence-none' : await world.offence(whose(actor, target)),
      grounds,
    }),
};
