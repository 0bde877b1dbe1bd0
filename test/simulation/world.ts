import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { CommandEngine, CommandIdTakenError, type Outcome } from '#event-sourcing/command/handle-command.js';
import { createKeyPool } from '#event-sourcing/sealing/key-pool.js';
import { monotonic } from '#event-sourcing/log/monotonic-clock.js';
import type { EventLog, StoredEvent } from '#event-sourcing/ports/event-log.js';
import type { Journal } from '#event-sourcing/ports/journal.js';
import { Scheduler, seededRandom, type Faults, type Host, type Random } from '#event-sourcing/testing/scheduler.js';
import type { Clock, Ids } from '#event-sourcing/ports/clock.js';
import type { CommandId, EventId, Instant, OrganisationId } from '#event-sourcing/vocabulary.js';
import { catalogue } from '#features/edge/catalogue.js';
import { Commands } from '#features/edge/commands.js';
import { secretsOf } from '#features/deciding/secrets.js';
import { keyStreamsIn, on, openingOf, rehearsalKeys, rehearsalText } from '#features/dossier/testing/rehearsal.js';
import { Reference, sentId, Violation } from './reference.js';
import { nextIntent, type Intent } from './story.js';
import { checkRefusal } from './witness.js';

/** Where a planted bug gets in. Everything else of the product is the real thing. */
export interface Mutant {
  readonly log?: (log: EventLog) => EventLog;
  readonly journal?: (journal: Journal) => Journal;
  readonly engine?: (engine: CommandEngine) => CommandEngine;
  /** The clock that decisions are given. */
  readonly deskClock?: (clock: Clock) => Clock;
  /** The command id of the n-th sending of an intent. */
  readonly idOf?: (id: CommandId, sending: number) => CommandId;
}

export interface Run {
  readonly seed: number;
  readonly steps: readonly string[];
  readonly log: readonly StoredEvent[];
  readonly violation?: string;
  readonly events: number;
  readonly commands: number;
  readonly refused: number;
}

/**
 * Regimes that meet a collision differently: opened by a case, refused, queued, overturned; with and without an end of
 * the suspension.
 */
const regimes: readonly Readonly<Record<string, string>>[] = [
  {},
  {
    'secondClaim: case': 'secondClaim: refuse',
    'pendingSecondClaim: queue': 'pendingSecondClaim: refuse',
    'lateArrival: overturn': 'lateArrival: refuse',
    'ownRepeat: refuse': 'ownRepeat: renew',
  },
  {
    'pendingSecondClaim: queue': 'pendingSecondClaim: case',
    'lateArrival: overturn': 'lateArrival: case',
    ', daysMax: 15': '',
  },
  { 'secondClaim: case': 'secondClaim: refuse', 'onTimeout: approve': 'onTimeout: reject' },
  { 'ownRepeat: refuse': 'ownRepeat: renew', 'daysMax: 15': 'daysMax: 1' },
];

interface Opened {
  readonly events: readonly StoredEvent[];
  readonly reference: Reference;
}
const opened = new Map<object, Promise<Opened>>();
const openingUnder = (regime: Readonly<Record<string, string>>): Promise<Opened> => {
  const known =
    opened.get(regime) ??
    openingOf(rehearsalText(regime)).then(({ events }) => {
      const reference = new Reference();
      for (const event of events) reference.take(event);
      return { events, reference };
    });
  opened.set(regime, known);
  return known;
};

const calm: Faults = { failBefore: 0, failAfter: 0, delay: 0.02, duplicate: 0 };
const rough: Faults = { failBefore: 0.01, failAfter: 0.01, delay: 0.05, duplicate: 0.02 };
/** Ids and salts of one server: seeded, and without a hash for each, because a seed draws hundreds. */
const cheapIds = (seed: number): Ids => {
  const random = seededRandom(seed);
  let made = 0;
  const hex = (digits: number): string =>
    random
      .below(16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => random.below(256)),
    uuid: () =>
      `${hex(8)}-${(made += 1).toString(16).padStart(4, '0')}-7${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}` as EventId,
  };
};
/** Attempts that one client makes before the seed stops drawing faults for good. */
const sendingsMax = 60;
const begins = on('2026-03-02');

interface Server extends Host {
  readonly desk: Commands;
  readonly died: Promise<void>;
  readonly die: () => void;
}

/**
 * One seed: a few servers over one journal, clients that race, faults, crashes and a clock that jumps, checked after
 * every append.
 */
export class World {
  readonly random: Random;
  readonly scheduler: Scheduler;
  #servers: Server[] = [];
  #now: string = begins;
  #started = 0;
  #violation: string | undefined;
  #open = 0;
  #crashed = false;
  readonly #stored: StoredEvent[];
  readonly #asked = new Map<string, { intent: Intent; at: string; readonly sent: Set<string> }>();
  readonly #answers = new Map<string, string>();

  private constructor(
    readonly seed: number,
    private readonly mutant: Mutant,
    private readonly journal: Journal,
    private readonly faults: Faults,
    readonly reference: Reference,
    opening: readonly StoredEvent[],
  ) {
    this.#stored = [...opening];
    this.random = seededRandom(seed);
    this.scheduler = new Scheduler(this.random);
  }

  static async play(seed: number, mutant: Mutant = {}): Promise<Run> {
    const random = seededRandom(seed ^ 0x5eed);
    const { events, reference } = await openingUnder(random.pick(regimes));
    const journal = memoryJournal('simulated');
    await journal.append(events, 0);
    const world = new World(seed, mutant, journal, random.chance(0.5) ? rough : calm, reference.afterOpening(), events);
    return world.#play(1 + random.below(2), 2 + Math.min(random.below(15), random.below(15)), 1 + random.below(4));
  }

  async #play(servers: number, commands: number, clients: number): Promise<Run> {
    const keyStore = rehearsalKeys();
    for (let server = 0; server < servers; server += 1) this.#start(keyStore);
    let left = commands;
    const share = (): boolean => (left > 0 ? ((left -= 1), true) : false);
    for (let client = 0; client < clients; client += 1) {
      this.#open += 1;
      void this.#client(client, share)
        .catch((error: unknown) => this.#violate(error))
        .finally(() => {
          this.#open -= 1;
        });
    }
    await this.scheduler.run(
      () => {
        if (this.#violation !== undefined) return 'stop';
        this.#servers.forEach((server, place) => {
          if (!server.alive) {
            this.#servers.splice(place, 1);
            this.#start(keyStore);
          }
        });
        if (this.scheduler.faulty && this.random.chance(0.002)) this.#crash();
        if (this.random.chance(0.012)) this.#moveClock();
      },
      () => this.#stirred(),
    );
    if (this.#violation === undefined && this.#open > 0)
      this.#violation = `${this.#open} clients never heard an answer`;
    return {
      seed: this.seed,
      steps: this.scheduler.steps,
      log: this.#stored,
      events: this.reference.head,
      commands: this.#asked.size,
      refused: this.reference.refusals.size,
      ...(this.#violation === undefined
        ? {}
        : { violation: `${this.#violation}\nSEED=${this.seed} STEP=${this.scheduler.steps.length}` }),
    };
  }

  // ---- Servers

  #start(keyStore: ReturnType<typeof rehearsalKeys>): void {
    this.#started += 1;
    const host: Host = { name: `server-${this.#started}`, alive: true };
    let die!: () => void;
    const died = new Promise<void>((resolve) => {
      die = resolve;
    });
    const clock = monotonic({ now: () => this.#now as Instant }, this.reference.lastRecordedAt as Instant);
    const checked: Journal = this.mutant.journal === undefined ? this.#checked() : this.mutant.journal(this.#checked());
    const journal = this.scheduler.wrap(host, 'journal', checked, ['append', 'read', 'head'], this.faults);
    // A log that stopped after a failure of its journal is a process that stopped: only a restart reads the truth.
    const plain = memoryEventLog({
      journal,
      turn: () => this.scheduler.pause(host, 'turn'),
      onFatal: () => this.#kill(server),
    });
    const log = this.scheduler.wrap(
      host,
      'log',
      this.mutant.log === undefined ? plain : this.mutant.log(plain),
      ['append', 'findCommand', 'readStream', 'head'],
      this.faults,
    );
    const keys = this.scheduler.wrap(host, 'keys', keyStore, ['makeKeys', 'openKeys', 'secret'], this.faults);
    const ids = cheapIds(this.seed * 64 + this.#started);
    const real = new CommandEngine({
      log,
      catalogue,
      keyPool: createKeyPool({ keyStore: keys, size: 3 }),
      clock,
      ids,
      organisation: 'rehearsal' as OrganisationId,
      refusalTypes: new Set(['CommandRefused']),
    });
    const engine = this.mutant.engine === undefined ? real : this.mutant.engine(real);
    const server: Server = Object.assign(host, {
      desk: new Commands(engine, this.mutant.deskClock?.(clock) ?? clock, ids, secretsOf(keys)),
      died,
      die,
    });
    this.#servers.push(server);
  }

  #kill(server: Server): void {
    if (!server.alive) return;
    this.#crashed = true;
    this.scheduler.kill(server);
    server.die();
  }
  /**
   * A crash wakes clients that waited for the dead: whether there was one since the last time everybody stood still.
   */
  #stirred(): boolean {
    const crashed = this.#crashed;
    this.#crashed = false;
    return crashed;
  }
  #crash(): void {
    if (this.#servers.length > 0) this.#kill(this.random.pick(this.#servers));
  }

  // ---- Time: to the very moment something falls due, one millisecond beside it, or some way on; rarely the machine's
  // clock is set back.

  #moveClock(): void {
    const kind = this.random.below(10);
    const due = this.reference.dueTimes.filter((time) => time > this.#now);
    const at =
      due.length > 0 && kind < 5
        ? Date.parse(this.random.pick(due)) + this.random.below(3) - 1
        : Date.parse(this.#now) +
          (kind === 9 ? -this.random.below(3_600_000) : this.random.pick([1, 60_000, 3_600_000, 86_400_000]));
    this.#now = new Date(at).toISOString();
    this.scheduler.note(`clock ${this.#now}`);
    // A machine set back decides by the earlier time, also what was asked before.
    for (const asked of this.#asked.values()) if (asked.at > this.#now) asked.at = this.#now;
  }

  // ---- The journal everybody shares, read by the reference as it grows

  #checked(): Journal {
    const { journal } = this;
    return {
      journalId: journal.journalId,
      read: (from, max) => journal.read(from, max),
      head: () => journal.head(),
      wake: (listener) => journal.wake(listener),
      close: () => journal.close(),
      append: async (batch, expectedHead) => {
        const result = await journal.append(batch, expectedHead);
        if (result.outcome === 'appended')
          for (const event of batch) if (event.position >= this.#stored.length) this.#take(event);
        return result;
      },
    };
  }

  #take(event: StoredEvent): void {
    this.#stored.push(event);
    try {
      this.reference.take(event);
      const asked = this.#asked.get(sentId(event.commandId));
      if (event.step === event.of && asked !== undefined) this.#checkCommand(event, asked);
    } catch (error) {
      this.#violate(error);
    }
  }

  #checkCommand(event: StoredEvent, { intent, at }: { readonly intent: Intent; readonly at: string }): void {
    const refusal = this.reference.refusals.get(sentId(event.commandId));
    if (refusal !== undefined) {
      checkRefusal(this.reference, refusal, intent, { from: at, to: event.recordedAt });
      return;
    }
    if (intent.form === undefined) return;
    // Whether its keys are one customer's is asked; until the verdict they stay where they were.
    if (this.reference.crossed.has(sentId(event.commandId))) return;
    // Any one key that is equal makes it the same subject: all of them must lead to one dossier now, in the newest
    // epoch.
    const roots = new Set(
      keyStreamsIn(this.reference.epochs.at(-1)!, intent.form).map(({ kind, stream }) => {
        // A filing binds every key anew in the newest epoch; handing in again binds what nobody had bound.
        const older =
          intent.name === 'Register'
            ? []
            : this.reference.epochs.flatMap((epoch) =>
                keyStreamsIn(epoch, intent.form!).filter((other) => other.kind === kind),
              );
        const bound = [stream, ...older.map((other) => other.stream)]
          .map((name) => this.reference.keys.get(name))
          .find((dossier) => dossier !== undefined);
        if (bound === undefined) throw new Violation(`${intent.id} was accepted and its key ${kind} is not bound`);
        return this.reference.root(bound);
      }),
    );
    for (const epoch of this.reference.epochs)
      for (const { stream } of keyStreamsIn(epoch, intent.form))
        if (this.reference.keys.has(stream)) roots.add(this.reference.root(this.reference.keys.get(stream)!));
    if (roots.size !== 1) throw new Violation(`the keys of ${intent.id} lead to ${[...roots].join(' and ')}`);
  }

  #violate(error: unknown): void {
    this.#violation ??=
      error instanceof Violation ? error.message : `${String(error)}\n${(error as Error).stack ?? ''}`;
  }

  // ---- Clients

  async #client(number: number, share: () => boolean): Promise<void> {
    const host: Host = { name: `client-${number}`, alive: true };
    for (let turn = 1; share(); turn += 1) {
      await this.scheduler.pause(host, 'thinks');
      const intent = nextIntent({
        random: this.random,
        log: this.reference,
        now: this.#now as Instant,
        id: `${number}-${turn}` as CommandId,
      });
      this.#asked.set(intent.id, { intent, at: this.#asked.get(intent.id)?.at ?? this.#now, sent: new Set() });
      this.scheduler.note(`client-${number} ${intent.name}`);
      const impatient = this.random.chance(0.1);
      await Promise.all(
        impatient
          ? [this.#untilAnswered(host, intent), this.#untilAnswered(host, intent)]
          : [this.#untilAnswered(host, intent)],
      );
    }
  }

  /**
   * Sends until somebody answers. Only an answer ends it: an error, a time-out or a dead server says nothing about what
   * was stored.
   */
  async #untilAnswered(host: Host, intent: Intent): Promise<void> {
    for (let sending = 1; sending <= sendingsMax; sending += 1) {
      if (sending === sendingsMax / 2) this.scheduler.faulty = false;
      await this.scheduler.pause(host, `sends ${intent.name}`);
      const server = this.#servers.length === 0 ? undefined : this.random.pick(this.#servers);
      if (server === undefined) continue;
      const answer = await this.#send(server, intent, this.mutant.idOf?.(intent.id, sending) ?? intent.id);
      if (answer !== undefined && answer.outcome !== 'indeterminate') {
        this.#answered(intent, answer);
        return;
      }
    }
    throw new Violation(`${intent.id} (${intent.name}) was sent ${sendingsMax} times and never answered`);
  }

  async #send(server: Server, intent: Intent, id: CommandId): Promise<Outcome | undefined> {
    const asked = this.#asked.get(intent.id)!;
    asked.sent.add(id);
    if (id !== intent.id) this.#asked.set(id, asked);
    try {
      return await Promise.race([intent.send(server.desk, id), server.died.then(() => undefined)]);
    } catch (error) {
      if (
        error instanceof CommandIdTakenError ||
        error instanceof TypeError ||
        (error instanceof Error && error.name === 'Error')
      )
        throw error;
      return undefined;
    }
  }

  /** What was acknowledged stands in the journal; the same intent gets the same answer; and it stands there once. */
  #answered(intent: Intent, answer: Exclude<Outcome, { readonly outcome: 'indeterminate' }>): void {
    for (const { id, position } of answer.events)
      if (this.#stored[position]?.id !== id) throw new Violation(`${intent.id} was acknowledged and is not in the log`);
    const inLog = [...this.#asked.get(intent.id)!.sent].filter((id) => this.reference.commands.has(id));
    if (inLog.length > 1)
      throw new Violation(`${intent.id} is in the log ${inLog.length} times, as ${inLog.join(' and ')}`);
    if (answer.events.length === 0) return;
    const told = answer.events.map(({ id }) => id).join(' ');
    const before = this.#answers.get(intent.id) ?? told;
    if (before !== told) throw new Violation(`${intent.id} was answered in two ways`);
    if ((this.reference.commands.get(sentId(answer.events[0]!.command.id)) ?? []).join(' ') !== told)
      throw new Violation(`${intent.id} was answered with other events than the log holds`);
    this.#answers.set(intent.id, told);
  }
}
