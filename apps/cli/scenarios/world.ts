import { createHash } from 'node:crypto';
import type { Recorded } from '#event-sourcing/event.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { Code, CommandId, EventId, Fen, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import type { HistoryEntry } from '#features/audit/history/history.js';
import type { ProgramCommand } from '#features/deciding/decision-facts.js';
import { caseFile, type CaseFile } from '#features/dossier/collision/case-file/case-file.js';
import type { Attachment, CaseId, DealId, DossierEvent, DossierId, RegistrationId } from '#features/dossier/events.js';
import { attribution } from '#features/dossier/deal/attribution/attribution.js';
import { ownerAt, ownership } from '#features/dossier/protection/ownership/ownership.js';
import { protectionStatus } from '#features/dossier/protection/protection-status/protection-status.js';
import {
  registrationCard,
  type RegistrationCard,
} from '#features/dossier/registration/registration-card/registration-card.js';
import { history } from '#features/edge/readings.js';
import type { OffenceId, Penalty } from '#features/standing/events.js';
import { standingCard, type StandingCard } from '#features/standing/standing-card/standing-card.js';
import { fieldsOf } from '#policy/clauses/form.js';
import { recordable, recordableWork } from '#policy/clauses/activities.js';
import type { Evaluation } from '#policy/evaluation.js';
import { plainValues, type Values } from './customers.js';
import { parseYuan } from '#money/fen.js';
import type { Scenario } from './document.js';
import { penaltyOf, type WrittenPenalty } from './penalties.js';
import { policyFor, withReading, type PolicySource } from './policies.js';
import { ScenarioError } from './problem.js';
import type { Stage } from './stage.js';
import { Subjects, type Subject } from './subjects.js';
import { moment } from './words.js';

/**
 * What commands and expectations speak of: a step's who, when and customer, turned into ids by the product's own read
 * models.
 */
interface Spoken {
  readonly line?: number;
  readonly who?: string | undefined;
  readonly for?: string | undefined;
  readonly happened?: string | undefined;
  readonly received?: string | undefined;
  readonly via?: string | undefined;
  readonly customer?: string | undefined;
  readonly class?: string | undefined;
  readonly of?: string | undefined;
  readonly registration?: string | undefined;
  readonly case?: string | undefined;
  readonly offence?: string | undefined;
  readonly form?: Readonly<Record<string, string | number | boolean | null>> | undefined;
  readonly attachments?: readonly string[] | undefined;
  readonly without?: readonly string[] | undefined;
}
/** Words of a step with a form; every other key is a field. */
const words = new Set([
  'at',
  'who',
  'does',
  'for',
  'as',
  'happened',
  'received',
  'via',
  'refused',
  'customer',
  'class',
  'form',
  'attachments',
  'without',
  'line',
  'of',
  'registration',
  'activity',
  'request',
  'to',
  'until',
  'flag',
  'because',
]);
/** Papers of these kinds, each with a digest of its own. */
export const attached = (kinds: readonly string[]): readonly Attachment[] =>
  kinds.map((kind) => ({ kind: kind as Code, sha256: createHash('sha256').update(kind).digest('hex') as Code }));
const unheardOf = '00000000000000000000000000000000';

interface Label {
  registration?: RegistrationId;
  case?: CaseId;
  offence?: OffenceId;
  deal?: DealId;
}

export class World {
  readonly labels = new Map<string, Label>();
  readonly subjects: Subjects;
  #policy: PolicySource;
  #commands = 0;
  #offences = 0;
  #spokenOf: Subject | undefined;

  constructor(
    readonly stage: Stage,
    readonly scenario: Scenario,
    readonly file: string,
    policy: PolicySource,
  ) {
    this.#policy = policy;
    this.subjects = new Subjects(scenario.customers);
  }

  get evaluation(): Evaluation {
    return { policy: this.#policy.policy };
  }
  get zone(): string {
    return this.#policy.policy.timeZone;
  }
  now(): Instant {
    return this.stage.clock.now();
  }
  moment(text: string): Instant {
    return moment(text, this.zone);
  }
  yuan(text: string): Fen {
    return parseYuan(text);
  }
  penalty(written: WrittenPenalty): Penalty {
    return penaltyOf(written, this.zone);
  }

  base(step: Spoken): ProgramCommand {
    this.#spokenOf = undefined;
    if (step.who === undefined)
      throw new ScenarioError(step.line ?? 1, { zh: '请写 who：是谁做的。', en: 'Say who does it: who.' });
    return {
      commandId: `step-${(this.#commands += 1)}` as CommandId,
      programId: this.scenario.program as ProgramId,
      by: step.who as PartyId,
      ...(step.for === undefined ? {} : { onBehalfOf: step.for as PartyId }),
      ...(step.happened === undefined ? {} : { occurredAt: this.moment(step.happened) }),
      receivedAt: step.received === undefined ? this.now() : this.moment(step.received),
      receivedBy: (step.via ?? 'system') as Code,
    };
  }

  /** The class and the whole form of a step; what it leaves out is filled in. */
  subject(step: Spoken): {
    readonly class: string;
    readonly form: Readonly<Record<string, string | number | boolean>>;
  } {
    const name = this.classOf(step);
    const fields = Object.fromEntries(Object.entries(step).filter(([key]) => !words.has(key))) as Readonly<
      Record<string, string | number | boolean | null>
    >;
    const { subject, form } = this.subjects.form(
      {
        line: step.line ?? 1,
        text: step.customer,
        class: name,
        fields,
        form: step.form ?? {},
        without: step.without ?? [],
      },
      this.evaluation,
      this.now(),
    );
    this.#spokenOf = subject;
    return { class: name, form };
  }

  private classOf(step: Spoken): string {
    return step.class ?? this.evaluation.policy.document.classes.find(({ filed }) => filed)!.name;
  }
  channel(step: Spoken): string {
    const accepted = this.evaluation.policy.document.intake.channels
      .filter((item) => item.class === undefined || item.class.includes(this.classOf(step)))
      .flatMap(({ accepts }) => accepts);
    return step.via ?? (accepted.includes('system') ? 'system' : (accepted[0] ?? 'system'));
  }
  /** The kinds that the form wants, unless the step lists others or leaves some out. */
  attachments(step: Spoken): readonly Attachment[] {
    const wanted = this.evaluation.policy.document.form
      .filter((part) => part.class === undefined || part.class.includes(this.classOf(step)))
      .flatMap(({ attachments }) => attachments)
      .filter(({ required }) => required)
      .map(({ kind }) => kind);
    return attached(step.attachments ?? wanted.filter((kind) => !(step.without ?? []).includes(kind)));
  }
  /** What a step says of an activity or a request: every key that is no word of the step. */
  recorded(
    step: Spoken & { readonly form?: Record<string, string | number | boolean | null> | undefined },
    named: string,
  ): Values {
    const said = Object.entries(step).filter(([key]) => !words.has(key)) as [string, string | number | boolean][];
    const { document } = this.evaluation.policy;
    const known = [...recordable(document), ...recordableWork(document), ...(document.requests ?? [])].find(
      ({ name }) => name === named,
    );
    return plainValues(known?.fields ?? [], { ...Object.fromEntries(said), ...step.form });
  }
  /** What a step changes of a registration: every key that is no word of the step. */
  async changed(registrationId: RegistrationId, step: Spoken): Promise<Values> {
    const said = Object.entries(step).filter(([key]) => !words.has(key)) as [string, string | number | boolean][];
    const card = await (await this.stage.installation.readings.of(registrationCard)).get(registrationId);
    return plainValues(card === undefined ? [] : fieldsOf(this.evaluation, card.class), {
      ...Object.fromEntries(said),
      ...step.form,
    });
  }
  extensionEvidence(): readonly string[] {
    return [...new Set(this.evaluation.policy.document.extension?.flatMap(({ evidence }) => evidence))];
  }
  objectionEvidence(): readonly string[] {
    return this.evaluation.policy.document.objections?.evidence ?? [];
  }
  newOffenceId(): OffenceId {
    return `offence-${(this.#offences += 1)}` as OffenceId;
  }

  /** The dossier of a customer; of one whom nobody ever named to the product, an id that it does not know. */
  dossier({ customer, line }: Spoken): DossierId {
    const subject = this.subjects.named(customer, line ?? 1, this.evaluation);
    this.#spokenOf = subject;
    return subject.dossierId ?? (unheardOf as DossierId);
  }
  knownDossier(step: Spoken): DossierId | undefined {
    const id = this.dossier(step);
    return id === unheardOf ? undefined : id;
  }
  /** The dossier where claims on this customer stand now, merges followed. */
  async liveDossier(step: Spoken): Promise<DossierId> {
    let id = this.dossier(step);
    const statuses = await this.stage.installation.readings.of(protectionStatus);
    for (
      let next = (await statuses.get(id))?.mergedInto;
      next !== undefined;
      next = (await statuses.get(id))?.mergedInto
    )
      id = next;
    return id;
  }

  /**
   * Whose registration a step speaks of: the named one; else the actor's own latest; else the only one that is not
   * over, or the latest.
   */
  async registration(step: Spoken): Promise<RegistrationId> {
    const labelled =
      step.registration === undefined ? undefined : this.labelled(step.registration, step.line ?? 1).registration;
    return (
      labelled ??
      (await this.findCard(step, step.for ?? step.who))?.registrationId ??
      (`${this.dossier(step)}.1` as RegistrationId)
    );
  }
  async findCard(step: Spoken, actor: string | undefined): Promise<RegistrationCard | undefined> {
    if (step.registration !== undefined)
      return (await this.stage.installation.readings.of(registrationCard)).get(
        this.labelled(step.registration, step.line ?? 1).registration ?? unheardOf,
      );
    const cards = await this.cards(await this.liveDossier(step));
    if (step.of !== undefined) return cards.findLast(({ holder }) => holder === step.of);
    const own = cards.findLast(({ holder }) => holder === actor);
    if (own !== undefined) return own;
    const open = cards.filter(({ state }) =>
      ['underReview', 'returned', 'inCase', 'effective', 'protected'].includes(state),
    );
    if (open.length > 1)
      throw new ScenarioError(step.line ?? 1, {
        zh: `${open.map(({ holder }) => holder).join('、')} 都报备了该客户：请写 of。`,
        en: `${open.map(({ holder }) => holder).join(', ')} all claim this customer: say whose with of.`,
      });
    return open[0] ?? cards.at(-1);
  }
  async cards(dossierId: DossierId): Promise<readonly RegistrationCard[]> {
    const { rows } = await (
      await this.stage.installation.readings.of(registrationCard)
    ).page({
      where: { dossierId: { equals: dossierId } },
      order: [{ field: 'filedAt', direction: 'ascending' }],
      first: 100,
    });
    return rows
      .map(({ document }) => document)
      .toSorted((a, b) => a.filedAt.localeCompare(b.filedAt) || number(a.registrationId) - number(b.registrationId));
  }
  async holderOf(registrationId: RegistrationId): Promise<readonly PartyId[]> {
    const card = await (await this.stage.installation.readings.of(registrationCard)).get(registrationId);
    return card === undefined ? [] : [card.holder];
  }
  async ownerNow(dossierId: DossierId): Promise<PartyId | undefined> {
    const row = await (await this.stage.installation.readings.of(ownership)).get(dossierId);
    return row === undefined ? undefined : ownerAt(row, this.now())?.owner;
  }

  private labelled(label: string, line: number): Label {
    const found = this.labels.get(label);
    if (found === undefined)
      throw new ScenarioError(line, {
        zh: `没有哪一步写过 as: ${label}。`,
        en: `No step before was called ${label} with as.`,
      });
    return found;
  }
  async caseFileOf(step: Spoken): Promise<CaseFile | undefined> {
    const files = await this.stage.installation.readings.of(caseFile);
    if (step.case !== undefined && this.labels.has(step.case))
      return files.get(this.labelled(step.case, step.line ?? 1).case ?? unheardOf);
    const { rows } = await files.page({
      where: { dossierId: { equals: await this.liveDossier(step) } },
      order: [{ field: 'raisedAt', direction: 'descending' }],
      first: 1,
    });
    return rows[0]?.document;
  }
  /** The deal of that name; without one the customer's latest that stands. */
  async dealOf(step: Spoken & { readonly deal?: string | undefined }): Promise<DealId> {
    const named = step.deal === undefined ? undefined : this.labelled(step.deal, step.line ?? 1).deal;
    if (named !== undefined) return named;
    const dossierId = await this.liveDossier(step);
    const { rows } = await (
      await this.stage.installation.readings.of(attribution)
    ).page({
      where: { dossierId: { equals: dossierId } },
      order: [{ field: 'signedAt', direction: 'descending' }],
      first: 100,
    });
    const deals = rows.map(({ document }) => document);
    const latest = deals.find(({ rescindedAt }) => rescindedAt === undefined) ?? deals[0];
    return latest?.dealId ?? (`${dossierId}.d1` as DealId);
  }
  async caseOf(step: Spoken): Promise<CaseId> {
    return (await this.caseFileOf(step))?.caseId ?? (`${this.dossier(step)}.c1` as CaseId);
  }
  /** A claim of a case by its label or by who holds it. */
  async claimOf(caseId: CaseId, winner: string): Promise<RegistrationId> {
    const label = this.labels.get(winner)?.registration;
    if (label !== undefined) return label;
    const files = await this.stage.installation.readings.of(caseFile);
    const file = await files.get(caseId);
    const elsewhere = [...(await files.getMany(file?.elsewhere ?? [])).values()];
    const claims = [...(file?.claims ?? []), ...elsewhere.flatMap((other) => other.claims)];
    const cards = await (await this.stage.installation.readings.of(registrationCard)).getMany(claims);
    return (
      claims.find((id) => cards.get(id)?.holder === winner) ??
      (`${caseId.slice(0, caseId.indexOf('.'))}.0` as RegistrationId)
    );
  }

  async standing(partyId: string): Promise<readonly StandingCard[]> {
    const { rows } = await (
      await this.stage.installation.readings.of(standingCard)
    ).page({
      where: { partyId: { equals: partyId } },
      order: [{ field: 'foundAt', direction: 'ascending' }],
      first: 100,
    });
    return rows.map(({ document }) => document);
  }
  async offenceOf(step: Spoken): Promise<OffenceId> {
    const found = await this.standing(step.of ?? '');
    const label = step.offence === undefined ? undefined : this.labels.get(step.offence)?.offence;
    return (
      label ??
      found.findLast(({ offence }) => step.offence === undefined || offence === step.offence)?.offenceId ??
      ('unheard-of' as OffenceId)
    );
  }

  /** Everything that stands in the history of a dossier or a party, in order. */
  async history(subject: string): Promise<readonly HistoryEntry[]> {
    const entries = await this.stage.installation.readings.of(history);
    const found: HistoryEntry[] = [];
    for (let after: string | undefined, more = true; more;) {
      const page = await entries.page({
        where: { subject: { equals: subject } },
        order: [{ field: 'position', direction: 'ascending' }],
        first: 100,
        ...(after === undefined ? {} : { after }),
      });
      found.push(...page.rows.map(({ document }) => document));
      after = page.rows.at(-1)?.cursor;
      more = page.hasNext;
    }
    return found;
  }
  async latestRuling(registrationId: RegistrationId, type: string): Promise<EventId | undefined> {
    const entries = await this.history(registrationId.slice(0, registrationId.indexOf('.')));
    const wanted = type.charAt(0).toUpperCase() + type.slice(1);
    return entries.findLast((entry) => entry.type === wanted && entry.body['registrationId'] === registrationId)
      ?.eventId;
  }

  /** The latest request of a registration; nobody made one: an id that nothing has. */
  async requestOf(registrationId: RegistrationId, request: string | undefined): Promise<EventId> {
    const entries = await this.history(registrationId.slice(0, registrationId.indexOf('.')));
    const isMeant = ({ type, body }: HistoryEntry): boolean =>
      type === 'Requested' &&
      body['registrationId'] === registrationId &&
      (request === undefined || body['request'] === request);
    return entries.findLast(isMeant)?.eventId ?? ('none' as EventId);
  }

  /** The text of a later version: the same document or another, with other readings, under its new version. */
  policyText({
    policy,
    version,
    reading,
    line,
  }: {
    readonly policy?: string | undefined;
    readonly version: string;
    readonly reading?: Readonly<Record<string, unknown>> | undefined;
    readonly line?: number;
  }): string {
    const before = policy === undefined ? this.#policy.text : policyFor(this.file, policy, line ?? 1);
    this.#policy = withReading(before, { ...reading, version }, line ?? 1);
    return this.#policy.text;
  }

  /** Takes from an answer what later steps may speak of: the customer's dossier, and the ids under the step's label. */
  remember(outcome: Outcome, as: string | undefined): void {
    if (outcome.outcome === 'indeterminate') return;
    const label: Label = {};
    const touched = new Set<string>();
    for (const { event, stream } of outcome.events as readonly Recorded<DossierEvent>[]) {
      const body = event as {
        readonly type: string;
        readonly registrationId?: RegistrationId;
        readonly caseId?: CaseId;
        readonly offenceId?: OffenceId;
        readonly dealId?: DealId;
        readonly subject?: string;
      };
      const dossier = stream.startsWith('dossier-') ? stream.slice('dossier-'.length) : body.subject;
      if (dossier !== undefined && /^[0-9a-f]{32}$/.test(dossier)) touched.add(dossier);
      if (body.type === 'Registered') label.registration = body.registrationId!;
      if (body.type === 'DealRecorded') label.deal = body.dealId!;
      if (body.type === 'ConflictRaised') label.case = body.caseId!;
      if (body.type === 'OffenceFound') label.offence = body.offenceId!;
    }
    if (as !== undefined) this.labels.set(as, label);
    // An act on several dossiers changes none of their customers.
    const dossier = [...touched].at(-1);
    if (this.#spokenOf !== undefined && dossier !== undefined && !touched.has(this.#spokenOf.dossierId ?? ''))
      this.#spokenOf.dossierId = dossier as DossierId;
    this.#spokenOf = undefined;
  }
}

const number = (id: RegistrationId): number => Number(id.slice(id.indexOf('.') + 1));
