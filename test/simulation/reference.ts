import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import { dealAfter } from './deals.js';
import { isLive, type Body, type Case, type Claim, type Folder, type Line, type Window } from './folders.js';

/** A command's id as it was sent: the log holds it behind its sender. Here no two senders share one. */
export const sentId = (inLog: string): string => inLog.slice(inLog.indexOf('/') + 1);

/** What must never be, found in the log. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/**
 * A second reading of the log, written from the meaning of the events and sharing no code with the product: what the
 * deciders believe is
 * checked against it after every append. It knows registrations, clocks, cases, keys and merges, and nothing about
 * policies.
 */
export class Reference {
  readonly folders = new Map<string, Folder>();
  /** Key stream → dossier. */
  readonly keys = new Map<string, string>();
  /** Stream of a contract's number → the deal that stands under it. */
  readonly contracts = new Map<string, string>();
  readonly epochs: string[] = [];
  /** Command id → its events' ids. */
  readonly commands = new Map<string, string[]>();
  /**
   * Dossier → when the next protection there was said to end: told to a rival whom time had already beaten, before
   * anybody recorded it.
   */
  readonly promises = new Map<string, string>();
  readonly refusals = new Map<string, Body>();
  /** Commands whose keys led to several dossiers, and that opened a case about it. */
  readonly crossed = new Set<string>();
  /** Dossiers that were ruled to be two, and not otherwise since. */
  apart: readonly (readonly [string, string])[] = [];
  head = 0;
  lastRecordedAt = '';
  #revisions = new Map<string, number>();
  #touched = new Set<string>();
  /** Dossier → what this command has made of a promise so far that is not what was told. */
  readonly #broken = new Map<string, string>();
  #inside: { readonly id: string; readonly of: number; step: number } | undefined;
  #arbitrated: { readonly folder: Folder; readonly case: Case }[] = [];

  /** The same knowledge of a log that has no dossiers yet, for the next seed. */
  afterOpening(): Reference {
    const copy = new Reference();
    copy.epochs.push(...this.epochs);
    for (const [id, events] of this.commands) copy.commands.set(id, events);
    copy.#revisions = new Map(this.#revisions);
    copy.head = this.head;
    copy.lastRecordedAt = this.lastRecordedAt;
    return copy;
  }

  /** Takes the log's next event; throws `Violation`. */
  take(stored: StoredEvent): Line {
    const line = JSON.parse(Buffer.from(stored.data).toString('utf8')) as Line;
    this.#takePlace(stored, line);
    this.#apply(line);
    if (line.command.step === line.command.of) this.#endOfCommand(line);
    return line;
  }

  #takePlace(stored: StoredEvent, { stream, command: { id: inLog, ...command }, times, id }: Line): void {
    const commandId = sentId(inLog);
    if (stored.position !== this.head) throw new Violation(`position ${stored.position} follows ${this.head - 1}`);
    this.head += 1;
    const revision = (this.#revisions.get(stream) ?? -1) + 1;
    if (stored.revision !== revision)
      throw new Violation(`${stream} jumps from revision ${revision - 1} to ${stored.revision}`);
    this.#revisions.set(stream, revision);
    if (times.recordedAt < this.lastRecordedAt)
      throw new Violation(`recordedAt goes back from ${this.lastRecordedAt} to ${times.recordedAt}`);
    this.lastRecordedAt = times.recordedAt;
    if (command.step === 1) {
      if (this.#inside !== undefined)
        throw new Violation(`command ${this.#inside.id} stops after ${this.#inside.step} of ${this.#inside.of} events`);
      if (this.commands.has(commandId)) throw new Violation(`command ${commandId} is in the log twice`);
      this.commands.set(commandId, []);
      this.#inside = { id: commandId, of: command.of, step: 0 };
    }
    if (this.#inside?.id !== commandId || command.step !== this.#inside.step + 1)
      throw new Violation(`command ${commandId} has step ${command.step} out of turn`);
    this.#inside.step = command.step;
    this.commands.get(commandId)!.push(id);
    if (command.step === command.of) this.#inside = undefined;
  }

  #apply({ type, stream, body, times: { recordedAt }, command, actor, id }: Line): void {
    if (type === 'KeyEpochOpened') {
      this.epochs.push(text(body['epoch']));
      return;
    }
    if (type === 'KeyBound') {
      if (this.keys.has(stream))
        throw new Violation(
          `an identity key is bound twice, to ${this.keys.get(stream)} and ${text(body['dossierId'])}`,
        );
      this.keys.set(stream, text(body['dossierId']));
      return;
    }
    if (type === 'ContractNumberTaken') {
      if (this.contracts.has(stream))
        throw new Violation(`two deals have one number: ${this.contracts.get(stream)} and ${text(body['dealId'])}`);
      this.contracts.set(stream, text(body['dealId']));
      return;
    }
    if (type === 'ContractNumberFreed') {
      if (this.contracts.get(stream) !== body['dealId']) throw new Violation(`a number is freed that was never taken`);
      this.contracts.delete(stream);
      return;
    }
    if (type === 'CommandRefused') {
      if (!stream.startsWith('attempts-')) throw new Violation(`a refusal stands in ${stream}`);
      this.refusals.set(sentId(command.id), body);
      return;
    }
    if (!stream.startsWith('dossier-')) return;
    const dossier = stream.slice('dossier-'.length);
    if (type === 'DossierOpened') {
      if (this.folders.has(dossier)) throw new Violation(`dossier ${dossier} is opened twice`);
      this.folders.set(dossier, { id: dossier, claims: new Map(), cases: new Map(), deals: new Map(), rulings: [] });
    }
    const folder = this.folders.get(dossier);
    if (folder === undefined) throw new Violation(`${type} in a dossier nobody opened`);
    this.#touched.add(dossier);
    if (takenBack.has(type)) folder.rulings.push(id);
    if (type === 'ConflictRaised' && body['elsewhere'] !== undefined) this.crossed.add(sentId(command.id));
    if (type === 'Rejected' || type === 'Terminated') this.#endedBy(folder, body, actor.party);
    this.#onFolder(folder, type, body, recordedAt);
  }

  /**
   * No dealer's act alone ends another's claim, be its keys as crossed as they like; beside an earlier claim that the
   * policy lets win, and one that takes effect at once, which answers those that wait.
   */
  #endedBy({ claims }: Folder, body: Body, actor: string): void {
    const id = text(body['registrationId']);
    const holder = claims.get(id)?.holder;
    if (!actor.startsWith('dealer-') || holder === undefined || holder === actor) return;
    if (body['cause'] === 'earlierClaim' || body['cause'] === 'anotherClaimApproved') return;
    throw new Violation(`${actor} ends ${id} of ${holder}: ${text(body['cause'])}`);
  }

  #onFolder(folder: Folder, type: string, body: Body, recordedAt: string): void {
    const claim = (): Claim => {
      const found = folder.claims.get(text(body['registrationId']));
      if (found === undefined) throw new Violation(`${type} of ${text(body['registrationId'])}, which nobody filed`);
      return found;
    };
    const run = (from: readonly Claim['state'][]): void => {
      const found = claim();
      if (!from.includes(found.state)) throw new Violation(`${type} while ${found.id} is ${found.state}`);
      const window = body['protection'] as Window;
      const promised = this.promises.get(folder.id);
      // Time may have decided several things since, one after the other: the rival was told of the last.
      if (promised === undefined || promised === window.endsAt) {
        this.promises.delete(folder.id);
        this.#broken.delete(folder.id);
      } else
        this.#broken.set(folder.id, `${found.id} is protected until ${window.endsAt}, a rival was told ${promised}`);
      Object.assign(found, {
        state: 'live',
        startsAt: window.startsAt,
        endsAt: window.endsAt,
        until: undefined,
        dueAt: undefined,
      });
    };
    const over = (): void => {
      Object.assign(claim(), { state: 'over', until: undefined, dueAt: undefined });
    };
    switch (type) {
      case 'DossierMerged':
        if (body['from'] === folder.id) folder.mergedInto = text(body['into']);
        return;
      case 'DossierSeparated':
        if (body['from'] === folder.id) {
          if (folder.mergedInto !== body['into'])
            throw new Violation(
              `${folder.id} is taken from ${text(body['into'])}, it was merged into ${folder.mergedInto}`,
            );
          delete folder.mergedInto;
          this.apart = [...this.apart, [folder.id, text(body['into'])]];
        }
        return;
      case 'DistinctRescinded':
        this.apart = this.apart.filter(
          (pair) => !pair.includes(text(body['one'])) || !pair.includes(text(body['other'])),
        );
        return;
      case 'Registered': {
        const id = text(body['registrationId']);
        if (folder.claims.has(id)) throw new Violation(`registration ${id} is filed twice`);
        folder.claims.set(id, {
          id,
          dossier: folder.id,
          rankedAt: text(body['rankedAt']),
          holder: text(body['holder']),
          state: 'waiting',
          ...deadline(body['review']),
        });
        return;
      }
      case 'Resubmitted':
        Object.assign(claim(), { state: 'waiting', ...deadline(body['review']) });
        return;
      case 'ReviewAdvanced':
      case 'ReviewEscalated':
        Object.assign(claim(), deadline(body['review']));
        return;
      case 'Returned':
        Object.assign(claim(), { state: 'returned', dueAt: undefined });
        return;
      case 'Approved':
        if (body['protection'] === undefined) Object.assign(claim(), { state: 'standing', dueAt: undefined });
        else run(['waiting', 'returned', 'inCase', 'standing', 'over']);
        return;
      case 'ProtectionBegan':
        run(['standing']);
        return;
      case 'Extended':
      case 'Upgraded':
      case 'Rolled':
        run(['live']);
        return;
      case 'Resumed':
        run(['suspended']);
        return;
      case 'Transferred':
        claim().holder = text(body['to']);
        return;
      case 'Recalled':
        // On a server whose clock is behind it is recalled before the review that the rival was told of has run out.
        this.promises.delete(folder.id);
        this.#broken.delete(folder.id);
        over();
        return;
      case 'Rejected':
      case 'Released':
      case 'Terminated':
        over();
        return;
      case 'Expired':
      case 'Abandoned': {
        const { state, endsAt, id } = claim();
        if (state !== 'live' || body['endedAt'] !== endsAt)
          throw new Violation(`${type} of ${id} at ${text(body['endedAt'])}, its clock ends at ${endsAt}`);
        if (recordedAt < endsAt!) throw new Violation(`${id} expired at ${recordedAt}, before ${endsAt}`);
        over();
        return;
      }
      case 'RulingRescinded': {
        const restored = body['restored'] as {
          readonly state: string;
          readonly protection?: Window;
          readonly review?: unknown;
        };
        const found = claim();
        found.holder = text(body['holder']);
        if (restored.protection !== undefined)
          Object.assign(found, {
            state: 'live',
            startsAt: restored.protection.startsAt,
            endsAt: restored.protection.endsAt,
          });
        else
          Object.assign(found, deadline(restored.review), {
            state:
              (
                { underReview: 'waiting', returned: 'returned', inCase: 'inCase', effective: 'standing' } as Readonly<
                  Record<string, Claim['state']>
                >
              )[restored.state] ?? 'over',
          });
        // The verdict had found it given up: it is in no case again.
        if (found.state === 'over' && restored.state !== 'rejected')
          for (const each of folder.cases.values()) each.revived?.delete(found.id);
        return;
      }
      case 'LeftCase': {
        const states: Readonly<Record<string, Claim['state']>> = { underReview: 'waiting', effective: 'standing' };
        if (claim().state !== 'inCase') throw new Violation(`${claim().id} leaves a case and is ${claim().state}`);
        Object.assign(claim(), { state: states[text(body['state'])] ?? 'returned', ...deadline(body['review']) });
        return;
      }
      case 'ConflictRaised':
        this.#raised(folder, body);
        return;
      case 'VerdictRescinded': {
        const found = folder.cases.get(text(body['caseId']));
        if (found?.open !== false)
          throw new Violation(`a verdict on ${text(body['caseId'])} that is none is taken back`);
        const revived = new Set(body['revived'] as readonly string[]);
        folder.cases.set(found.id, { ...found, stoodStill: new Set(), revived });
        return;
      }
      case 'Arbitrated': {
        const decided = folder.cases.get(text(body['caseId']));
        if (decided === undefined || !decided.open)
          throw new Violation(`a verdict on ${text(body['caseId'])}, which is not open`);
        Object.assign(decided, { open: false, winner: body['winner'], outcome: body['outcome'] });
        if (body['outcome'] === 'distinct')
          this.apart = [
            ...this.apart,
            ...decided.elsewhere.map((other): readonly [string, string] => [
              folder.id,
              other.slice(0, other.indexOf('.')),
            ]),
          ];
        this.#arbitrated.push({ folder, case: decided });
        return;
      }
      case 'DealRecorded':
      case 'Attributed':
      case 'AttributionReversed':
      case 'DealRescinded': {
        const flaw = dealAfter(folder.deals, type, body);
        if (flaw !== undefined) throw new Violation(flaw);
        return;
      }
      default:
        return;
    }
  }

  #raised(folder: Folder, body: Body): void {
    const id = text(body['caseId']);
    const claims = body['claims'] as readonly string[];
    const suspended = body['suspended'] as { readonly registrationId: string; readonly until?: string } | undefined;
    const isNew = folder.cases.get(id) === undefined;
    const { stoodStill = new Set<string>(), revived } = folder.cases.get(id) ?? {};
    const elsewhere = (body['elsewhere'] ?? folder.cases.get(id)?.elsewhere ?? []) as readonly string[];
    folder.cases.set(id, { id, elsewhere, open: true, claims, stoodStill });
    for (const each of claims) {
      const claim = folder.claims.get(each);
      if (claim === undefined) throw new Violation(`case ${id} names ${each}, which nobody filed`);
      if (suspended?.registrationId === each) {
        if (claim.state !== 'live') throw new Violation(`the clock of ${each} stands still and is ${claim.state}`);
        if (stoodStill.has(each)) throw new Violation(`the clock of ${each} stands still twice in case ${id}`);
        stoodStill.add(each);
        Object.assign(claim, { state: 'suspended', until: suspended.until });
      } else if (claim.state === 'live' && isNew) throw new Violation(`case ${id} lets the clock of ${each} run`);
      else if (
        claim.state === 'waiting' ||
        claim.state === 'returned' ||
        claim.state === 'standing' ||
        (claim.state === 'over' && (isNew || revived?.has(each) === true))
      )
        Object.assign(claim, { state: 'inCase', dueAt: undefined });
    }
  }

  #endOfCommand({ times: { recordedAt } }: Line): void {
    for (const broken of this.#broken.values()) throw new Violation(broken);
    for (const dossier of this.#touched) this.#oneProtection(this.root(dossier), recordedAt);
    for (const dossier of this.#touched) this.#clocks(this.folders.get(dossier)!);
    this.#touched.clear();
    for (const {
      folder,
      case: { id, claims, winner, outcome },
    } of this.#arbitrated) {
      if (outcome === 'distinct') continue;
      const left = claims.filter((each) => each !== winner && folder.claims.get(each)!.state !== 'over');
      if (left.length > 0) throw new Violation(`the verdict on ${id} leaves ${left.join(', ')} standing`);
    }
    this.#arbitrated = [];
  }

  #oneProtection(root: string, at: string): void {
    const live = this.claimsOf(root).filter((claim) => isLive(claim, at));
    if (live.length > 1)
      throw new Violation(
        `${live.map(({ id, state, endsAt }) => `${id} (${state} until ${endsAt})`).join(' and ')} protect one subject`,
      );
  }

  /**
   * In one dossier a clock that has run out is recorded before the next begins, and one that stands still has a case
   * that is open.
   */
  #clocks(folder: Folder): void {
    const claims = [...folder.claims.values()];
    if (claims.filter(({ state }) => state === 'live' || state === 'suspended').length > 1)
      throw new Violation(`two clocks in dossier ${folder.id}, the end of one is not recorded`);
    for (const { id, state } of claims) {
      const isOpen = [...folder.cases.values()].some((each) => each.open && each.claims.includes(id));
      if (state === 'suspended' && !isOpen) throw new Violation(`the clock of ${id} stands still without a case`);
      if (state === 'inCase' && !isOpen) throw new Violation(`${id} waits for a case that is decided`);
    }
  }

  root(dossier: string): string {
    let at = this.folders.get(dossier);
    for (let step = 0; at?.mergedInto !== undefined; step += 1) {
      if (step > this.folders.size) throw new Violation(`merges of ${dossier} lead round in a circle`);
      at = this.folders.get(at.mergedInto);
    }
    if (at === undefined) throw new Violation(`dossier ${dossier} was merged into one that nobody opened`);
    return at.id;
  }
  claimsOf(root: string): readonly Claim[] {
    return [...this.folders.values()]
      .filter(({ id }) => id === root || this.root(id) === root)
      .flatMap(({ claims }) => [...claims.values()]);
  }
  get claims(): readonly Claim[] {
    return [...this.folders.values()].flatMap(({ claims }) => [...claims.values()]);
  }
  get openCases(): readonly ({ readonly folder: Folder } & Case)[] {
    return [...this.folders.values()].flatMap((folder) =>
      [...folder.cases.values()].filter(({ open }) => open).map((each) => ({ folder, ...each })),
    );
  }
  /** Instants at which something falls due: where clocks are most likely to be wrong by one. */
  get dueTimes(): readonly string[] {
    return this.claims
      .flatMap(({ state, endsAt, until, dueAt }) =>
        state === 'live' ? [endsAt!] : state === 'suspended' ? [until] : [dueAt],
      )
      .filter((each) => each !== undefined);
  }
}

const deadline = (review: unknown): Pick<Claim, 'dueAt' | 'approvesItself'> => {
  const { dueAt, onTimeout } = (review ?? {}) as { readonly dueAt?: string; readonly onTimeout?: string };
  return { dueAt, approvesItself: onTimeout === 'approve' };
};
/** What a ruling may take back, beside a verdict and a deal. */
const takenBack: ReadonlySet<string> = new Set(
  (
    'Approved Rejected Extended Transferred Released Terminated Recalled Returned ExtensionRequested ' +
    'ExtensionRefused VisitRecorded FollowUpRecorded DepositRecorded SplitAgreed'
  ).split(' '),
);
const text = (value: unknown): string => String(value);
