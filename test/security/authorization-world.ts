import { readFileSync } from 'node:fs';
import type { Recorded } from '#event-sourcing/event.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { encodePosition } from '#event-sourcing/projection/position-token.js';
import type { Code, Fen, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { arbitrate } from '#features/dossier/collision/arbitrate/arbitrate.js';
import { separate } from '#features/dossier/collision/separate/separate.js';
import { issueNotices } from '#features/notice/issue-notices/issue-notices.js';
import { agreeSplit } from '#features/dossier/deal/agree-split/agree-split.js';
import { recordDeal } from '#features/dossier/deal/record-deal/record-deal.js';
import type { Approved, CaseId, DossierId, RegistrationId } from '#features/dossier/events.js';
import { release } from '#features/dossier/protection/release/release.js';
import { requestExtension } from '#features/dossier/protection/request-extension/request-extension.js';
import { approve } from '#features/dossier/registration/approve/approve.js';
import { requestApproval } from '#features/dossier/registration/request-approval/request-approval.js';
import { register } from '#features/dossier/registration/register/register.js';
import { returnForMore } from '#features/dossier/registration/return-for-more/return-for-more.js';
import { changeMembership } from '#features/party/change-membership/change-membership.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { grantRole } from '#features/party/grant-role/grant-role.js';
import { knownRoles, type Role } from '#policy/roles.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { findOffence } from '#features/standing/find-offence/find-offence.js';
import type { OffenceId } from '#features/standing/events.js';
import { Api, program } from '#test/e2e/api.js';

/** Whoever asks: a role in every program, or one in another program only, which must open nothing here. */
export interface Actor {
  readonly id: PartyId;
  readonly role: Role;
  readonly elsewhere: boolean;
}
export type Target = 'own' | 'rival' | 'missing';
export const targets: readonly Target[] = ['own', 'rival', 'missing'];

/** What is unmistakably somebody else's wherever it turns up in an answer. */
export const rivalMarks = { telephone: /139\d{8}/, party: /rival-[a-z]/, customer: /邻居/ };
/** What is masked of it. */
export const maskedTelephone = /139\*{4}\d{4}/;

export interface Claim {
  readonly registrationId: RegistrationId;
  readonly dossierId: DossierId;
  readonly phone: string;
  readonly events: readonly Recorded[];
}
export interface Records {
  readonly claim: Claim;
  readonly caseId: CaseId;
  readonly dealId: string;
  readonly party: PartyId;
}

const elsewhere = 'hill' as ProgramId;
export const nowhere = 'nowhere';
/** As long as a real one, so that an answer's length tells nothing. */
export const missingDossier = '0'.repeat(32);

/**
 * One program in which everybody has a claim of their own, a case, a deal and an offence, beside two rivals who have
 * the same.
 */
export class AuthorizationWorld {
  readonly actors: readonly Actor[] = [
    ...knownRoles.map((role) => ({ id: `${role}-here`.toLowerCase() as PartyId, role, elsewhere: false })),
    ...knownRoles
      .filter((role) => role !== 'party')
      .map((role) => ({ id: `${role}-away`.toLowerCase() as PartyId, role, elsewhere: true })),
  ];
  readonly records = new Map<PartyId, Records>();
  #phones = 0;
  private constructor(readonly api: Api) {}

  static async open(): Promise<AuthorizationWorld> {
    const world = new AuthorizationWorld(
      await Api.open((text) => withNotices(withDuties(withFlags(withBrowsers(withChoice(text)))))),
    );
    await world.#people();
    for (const party of [...world.actors.map(({ id }) => id), 'rival-a' as PartyId])
      world.records.set(party, await world.#recordsOf(party));
    return world;
  }

  get #desk() {
    return this.api.installation.desk;
  }

  async #people(): Promise<void> {
    await this.#desk.send(openProgram, {
      ...this.api.command('root'),
      programId: elsewhere,
      title: { zh: '山丘', en: 'Hill' },
    });
    for (const { id, role, elsewhere: away } of this.actors)
      await this.#enrol(id, role === 'party' ? undefined : role, away ? elsewhere : undefined);
    for (const rival of ['rival-a', 'rival-b', 'partner']) await this.#enrol(rival as PartyId);
  }

  async #enrol(partyId: PartyId, role?: Role, programId?: ProgramId): Promise<void> {
    await this.#desk.send(enrolParty, {
      ...this.api.command('root'),
      partyId,
      kind: 'person',
      name: `${partyId} 本人`,
    });
    const memberOf = `team-of-${partyId}` as PartyId;
    await this.#desk.send(enrolParty, { ...this.api.command('root'), partyId: memberOf, kind: 'team', name: memberOf });
    await this.#desk.send(changeMembership, {
      ...this.api.command('root'),
      partyId,
      memberOf,
      from: this.api.installation.clock.now(),
    });
    if (role !== undefined)
      await this.#desk.send(grantRole, {
        ...this.api.command('root'),
        partyId,
        role,
        from: this.api.installation.clock.now(),
        ...(programId === undefined ? {} : { programId }),
      });
  }

  async #recordsOf(party: PartyId): Promise<Records> {
    const claim = await this.claim(party);
    await this.told(claim);
    const partner = 'partner' as PartyId;
    await settled(
      this.#desk.send(agreeSplit, {
        ...this.api.command('payer', ['finance']),
        programId: program,
        registrationId: claim.registrationId,
        shares: [
          { partyId: party, weight: 2 },
          { partyId: partner, weight: 1 },
        ],
        agreedBy: [party, partner],
      }),
    );
    const caseId = await this.case(party);
    await settled(
      this.#desk.send(arbitrate, {
        ...this.api.command('judge', ['arbiter']),
        programId: program,
        caseId,
        outcome: 'assign',
        winner: `${caseId.split('.')[0]}.1` as RegistrationId,
        reasons: `见 ${claim.phone}`,
      }),
    );
    const dealId = await this.deal(party);
    await this.offence(party);
    await this.claim(party, 'reviewed');
    await this.requested(party);
    return { claim, caseId, dealId, party };
  }

  /** The regime in another version. */
  policyText(version: string): string {
    return readFileSync('libs/features/dossier/testing/rehearsal.policy.yaml', 'utf8').replace(
      'version: "1"',
      `version: "${version}"`,
    );
  }
  phoneFor(party: string): string {
    return `${party.startsWith('rival') ? '139' : '138'}${String((this.#phones += 1)).padStart(8, '0')}`;
  }

  async claim(party: PartyId, name = 'walkIn', phone = this.phoneFor(party)): Promise<Claim> {
    const events = await this.#filed(party, { phone }, name);
    const { registrationId } = events
      .map(({ event }) => event as unknown as { readonly type: string; readonly registrationId: RegistrationId })
      .find(({ type }) => type === 'Registered')!;
    return { registrationId, dossierId: registrationId.split('.')[0] as DossierId, phone, events };
  }

  #filed(party: PartyId, keys: Readonly<Record<string, string>>, name = 'walkIn'): Promise<readonly Recorded[]> {
    return settled(
      this.#desk.send(register, {
        ...this.api.command(party, []),
        programId: program,
        class: name,
        channel: 'system',
        form: { name: party.startsWith('rival') ? '邻居' : '王芳', ...keys },
        attachments: [],
      }),
    );
  }

  /** A deal of a customer of theirs, under a number of its own. */
  async deal(party: PartyId): Promise<string> {
    const { dossierId } = await this.claim(party);
    const recorded = await settled(
      this.#desk.send(recordDeal, {
        ...this.api.command('payer', ['finance']),
        programId: program,
        dossierId,
        amount: '1000000' as Fen,
        signedAt: this.api.installation.clock.now(),
        closedBy: party,
        assistants: [],
        contractNumber: `HT-${dossierId}`,
      }),
    );
    const { event } = recorded.find((each) => each.event.type === 'DealRecorded')!;
    return (event as unknown as { readonly dealId: string }).dealId;
  }

  /** The party's protected claim, met by a rival's. */
  async case(party: PartyId): Promise<CaseId> {
    const own = await this.claim(party);
    const { events } = await this.claim('rival-b' as PartyId, 'walkIn', own.phone);
    return events
      .map(({ event }) => event as unknown as { readonly caseId?: CaseId })
      .find(({ caseId }) => caseId !== undefined)!.caseId!;
  }

  /** The same, decided for the party. */
  async decided(party: PartyId): Promise<CaseId> {
    const caseId = await this.case(party);
    await settled(
      this.#desk.send(arbitrate, {
        ...this.api.command('judge', ['arbiter']),
        programId: program,
        caseId,
        outcome: 'assign',
        winner: `${caseId.split('.')[0]}.1` as RegistrationId,
        reasons: '先到',
      }),
    );
    return caseId;
  }

  /** A dossier that was merged into the one in which the party is protected. */
  async merged(party: PartyId): Promise<DossierId> {
    const [phone, account] = [this.phoneFor(party), `account${this.phoneFor(party)}`];
    for (const [key, value] of [
      ['phone', phone],
      ['account', account],
    ] as const) {
      const [filed] = (await this.#filed(party, { [key]: value })).filter(({ event }) => event.type === 'Registered');
      await settled(
        this.#desk.send(release, {
          ...this.api.command(party, []),
          programId: program,
          registrationId: (filed!.event as unknown as { readonly registrationId: RegistrationId }).registrationId,
        }),
      );
    }
    const events = await this.#filed(party, { phone, account });
    return events
      .map(({ event }) => event as unknown as { readonly type: string; readonly from: DossierId })
      .find(({ type }) => type === 'DossierMerged')!.from;
  }

  /** Two dossiers that were one and were ruled to be two; the party is protected in the first. */
  async distinct(party: PartyId): Promise<{ readonly one: DossierId; readonly other: DossierId }> {
    const other = await this.merged(party);
    const [separated] = await settled(
      this.#desk.send(separate, {
        ...this.api.command('clerk', ['reviewer']),
        programId: program,
        dossierId: other,
        grounds: '并错',
      }),
    );
    return { one: (separated!.event as unknown as { readonly into: DossierId }).into, other };
  }

  async returned(party: PartyId): Promise<Claim> {
    const claim = await this.claim(party, 'reviewed');
    await settled(
      this.#desk.send(returnForMore, {
        ...this.api.command('clerk', ['reviewer']),
        programId: program,
        registrationId: claim.registrationId,
        wanted: '名片',
      }),
    );
    return claim;
  }

  async extensionAsked(party: PartyId): Promise<Claim> {
    const claim = await this.claim(party);
    await settled(
      this.#desk.send(requestExtension, {
        ...this.api.command(party, []),
        programId: program,
        registrationId: claim.registrationId,
        evidence: ['followUps'],
      }),
    );
    return claim;
  }

  /** A claim for which something is requested: its last event. */
  async requested(party: PartyId): Promise<Claim> {
    const claim = await this.claim(party);
    const asked = await settled(
      this.#desk.send(requestApproval, {
        ...this.api.command(party, []),
        programId: program,
        registrationId: claim.registrationId,
        request: 'specialPrice',
        form: { why: `见 ${claim.phone}`, price: '900.00' },
        attachments: [],
      }),
    );
    return { ...claim, events: [...claim.events, ...asked] };
  }

  /** A claim that was answered with another's approval. */
  async lostToAnother(party: PartyId): Promise<Claim> {
    const lost = await this.claim(party, 'reviewed');
    const won = await this.claim('rival-b' as PartyId, 'reviewed', lost.phone);
    await settled(
      this.#desk.send(approve, {
        ...this.api.command('clerk', ['reviewer']),
        programId: program,
        registrationId: won.registrationId,
      }),
    );
    return lost;
  }

  async offence(party: PartyId): Promise<OffenceId> {
    const command = this.api.command('clerk', ['reviewer']);
    const offenceId = `offence-${command.commandId}` as OffenceId;
    await settled(
      this.#desk.send(findOffence, {
        ...command,
        programId: program,
        partyId: party,
        offenceId,
        offence: 'quarrel',
        customers: 1,
        finding: '争执',
        chosen: { kind: 'warning' },
      }),
    );
    return offenceId;
  }

  /** The second of its kind brings a suspension. */
  async suspend(partyId: PartyId): Promise<void> {
    for (const time of ['first', 'second'])
      await settled(
        this.#desk.send(findOffence, {
          ...this.api.command('clerk', ['reviewer']),
          programId: program,
          partyId,
          offenceId: `${time}-${partyId}` as OffenceId,
          offence: 'falseFiling',
          customers: 1,
          finding: '虚报',
        }),
      );
  }

  /** As the reaction does to a ruling. */
  async told({ registrationId, events }: Claim): Promise<void> {
    const approved = events.find(({ event }) => event.type === 'Approved')!;
    await settled(
      this.#desk.send(issueNotices, {
        ...this.api.command('baobei-notices'),
        programId: program,
        about: approved.id,
        aboutType: 'Approved' as Code,
        registrationId,
        policy: approved.policy!,
        lastDay: (approved.event as unknown as Approved).protection?.lastDay,
      }),
    );
  }

  /** The position before the first event. */
  get start(): string {
    return encodePosition(this.api.installation.parts.log.journalId, -1);
  }
  head(): Promise<number> {
    return this.api.installation.parts.log.head();
  }
  /** Every read model has seen everything. */
  seen(): Promise<void> {
    return this.api.installation.catchUp();
  }
  close(): Promise<void> {
    return this.api.close();
  }
}

const choice =
  '      - { name: source, type: choice, choices: [{ value: web, label: { zh: 网络, en: Web } }], label: { zh: 来源, en: Source } }\n';
/** The regime with a field to choose from, which it has none of. */
const withChoice = (text: string): string => {
  const beginning = '  - fields:\n';
  if (!text.includes(beginning)) throw new Error('The rehearsal regime begins its form in another way');
  return text.replace(beginning, beginning + choice);
};

/** And with deals that are flagged: nobody visited the customer before. */
const withFlags = (text: string): string =>
  text.replace(
    'protection:\n',
    'gates: [{ name: unvisited, before: recordDeal, needs: \'done("visit")\', otherwise: flag, says: { zh: 未拜访, en: No visit } }]\nprotection:\n',
  );

/** And with something to be done for every registration. */
const withDuties = (text: string): string =>
  text.replace(
    'protection:\n',
    'duties: [{ name: visiting, title: { zh: 拜访, en: Visit }, of: holder, within: { days: 3000, counting: exclusive }, done: visit }]\nprotection:\n',
  );

/** And with word of what was decided, to whoever filed, and one field that reviewers read of every filing. */
const withNotices = (text: string): string =>
  text.replace(
    'visibility:',
    'notices: [{ on: Approved, to: filer, channels: system, says: lastDay }]\nvisibility:\n  sight: [{ to: reviewer, shows: budget }]',
  );

/** And with roles that may look through others' claims, which its policy grants to nobody. */
const withBrowsers = (text: string): string =>
  text.replace(
    'permissions:\n',
    'permissions:\n  - { may: seeOthers, roles: [desk, reviewer, arbiter, auditor, finance, administrator] }\n',
  );

/** The events of a command that has to succeed. */
const settled = async (outcome: Promise<Outcome>): Promise<readonly Recorded[]> => {
  const result = await outcome;
  if (result.outcome !== 'accepted')
    throw new Error(
      `The world could not be made: ${JSON.stringify('events' in result ? result.events.map(({ event }) => event) : result)}`,
    );
  return result.events;
};
