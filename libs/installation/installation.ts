import { accept, type Placed } from '#event-sourcing/decision.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { createKeyPool, type KeyPool } from '#event-sourcing/sealing/key-pool.js';
import { StreamWatch } from '#event-sourcing/log/stream-watch.js';
import { monotonic } from '#event-sourcing/log/monotonic-clock.js';
import type { Clock, Ids, Timers } from '#event-sourcing/ports/clock.js';
import type { EventLog } from '#event-sourcing/ports/event-log.js';
import type { Positions } from '#event-sourcing/ports/positions.js';
import type { KeyStore } from '#event-sourcing/ports/key-store.js';
import type { CrashPoint, ReadStore } from '#event-sourcing/ports/read-store.js';
import { ProjectionWatch } from '#event-sourcing/projection/projection-watch.js';
import { Projector } from '#event-sourcing/projection/projector.js';
import { Reactor } from '#event-sourcing/reaction/reactor.js';
import { createOpener } from '#event-sourcing/sealing/sealing.js';
import type { Code, CommandId, Instant, OrganisationId } from '#event-sourcing/vocabulary.js';
import { contextOf, refusalOf, type CommandBase } from '#features/deciding/decision-facts.js';
import { secretsOf } from '#features/deciding/secrets.js';
import { systemParty } from '#features/deciding/system-parties.js';
import { catalogue } from '#features/edge/catalogue.js';
import { due } from '#features/deadline/due/due.js';
import { Tick, type Asked } from '#features/deadline/tick.js';
import { commandBusOf, commandTo } from '#features/edge/command-bus.js';
import { Commands } from '#features/edge/commands.js';
import { keyringFolding, keyringStream, type KeyEpochOpened } from '#features/dossier/keyring.js';
import { meetPeriods } from '#features/work/meet-periods/meet-periods.js';
import { workOf } from '#features/work/facts.js';
import type { DossierId } from '#features/dossier/events.js';
import { meetDeadlines } from '#features/dossier/registration/meet-deadlines/meet-deadlines.js';
import { reactionsOf, takeOverPositions } from '#features/edge/reactions.js';
import { Readings, readModels } from '#features/edge/readings.js';
import type { ClockGuard } from './clock-guard.js';
import { ProjectionTurns, type ReadModelProgress } from './cluster/projection-turns.js';
import { ObservedEngine } from './tracing/observed-engine.js';
import { TracedEventLog } from './tracing/traced-log.js';
import { tracedReadStore } from './tracing/traced-read-store.js';

/**
 * Milliseconds: what a reader waits longer for its own write at most, and what saves most of the round trips under
 * load.
 */
const sharedRest = 20;

/** Whether one part can do its work. A rejection counts as no. */
export type ReadinessCheck = () => boolean | Promise<boolean>;

/** The adapters one installation runs on. */
export interface InstallationParts {
  readonly log: EventLog;
  readonly keyStore: KeyStore;
  readonly readStore: ReadStore;
  /** How far what is never replayed has come: outside of the read models, which may be dropped. */
  readonly positions: Positions;
  readonly clock: Clock;
  /** Says whether the clock can be believed. Without it, it always is: simulated clocks jump. */
  readonly clockGuard?: ClockGuard;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly organisation: OrganisationId;
  readonly keyPoolSize?: number;
  readonly crashPoint?: CrashPoint;
  /** Told of a reaction that failed and is tried again. */
  readonly onError?: (error: unknown) => void;
  /** Other servers fold the same read models in turn with this one. */
  readonly shared?: boolean;
  /** What else must answer before work is sent here. */
  readonly readiness?: Readonly<Record<string, ReadinessCheck>>;
}

/**
 * Everything behind the edge, on any adapters: the server, scenarios, imports, tests and benchmarks all run on this
 * one.
 */
export class Installation {
  readonly engine: ObservedEngine;
  readonly desk: Commands;
  /** The road that every command takes, a deadline's and a reaction's too. */
  readonly bus: ReturnType<typeof commandBusOf>;
  readonly projector: Projector;
  /** How far the read models are, whoever folds them. */
  readonly progress: ReadModelProgress;
  /** Given where other servers take turns with this one. */
  readonly projectionTurns?: ProjectionTurns;
  readonly readings: Readings;
  private readonly reactions: ReturnType<typeof reactionsOf>;
  readonly reactor: Reactor;
  private readonly tick: Tick;
  readonly dossierWatch: StreamWatch;
  readonly clock: Clock;

  private constructor(
    readonly parts: InstallationParts,
    private readonly keyPool: KeyPool,
    lastRecordedAt: Instant | undefined,
  ) {
    const { log, keyStore, readStore, timers, ids, organisation } = parts;
    this.clock = parts.clockGuard ?? monotonic(parts.clock, lastRecordedAt);
    this.engine = new ObservedEngine({
      log: new TracedEventLog(log),
      catalogue,
      keyPool,
      clock: this.clock,
      ids,
      organisation,
      refusalTypes: new Set(['CommandRefused']),
    });
    this.engine.mustBeSound = () => parts.clockGuard?.mustBeSound();
    this.desk = new Commands(this.engine, this.clock, ids, secretsOf(keyStore));
    this.bus = commandBusOf(this.desk);
    this.projector = new Projector({
      log,
      store: tracedReadStore(readStore),
      models: readModels,
      timers,
      decode: (stored) => decodeEvent(stored, catalogue),
      knows: (type) => catalogue.has(type),
      ...(parts.crashPoint === undefined ? {} : { crashPoint: parts.crashPoint }),
      ...(parts.shared === true ? { whenAhead: 'wait' as const, rest: sharedRest } : {}),
    });
    if (parts.shared === true)
      this.projectionTurns = new ProjectionTurns(
        this.projector,
        new ProjectionWatch({ store: readStore, models: readModels, timers }),
      );
    this.progress = this.projectionTurns ?? this.projector;
    this.reactions = reactionsOf(this.bus, this.engine, () => this.readings);
    this.reactor = new Reactor({
      log,
      positions: parts.positions,
      timers,
      decode: (stored) => decodeEvent(stored, catalogue),
      reactions: this.reactions,
      ...(parts.onError === undefined ? {} : { onError: parts.onError }),
    });
    this.tick = new Tick({ ask: this.askWhatIsDue, onError: parts.onError ?? (() => undefined) });
    this.dossierWatch = new StreamWatch({
      log,
      timers,
      category: 'dossier',
      onError: parts.onError ?? (() => undefined),
    });
    this.readings = new Readings(readStore, this.progress, createOpener({ keyStore }), this.clock, timers);
  }

  static async open(parts: InstallationParts): Promise<Installation> {
    const keyPool = createKeyPool({
      keyStore: parts.keyStore,
      ...(parts.keyPoolSize === undefined ? {} : { size: parts.keyPoolSize }),
    });
    const last = await lastRecordedAt(parts.log);
    parts.clockGuard?.see(last);
    const installation = new Installation(parts, keyPool, last);
    await takeOverPositions(installation.reactions, parts.positions, parts.readStore);
    await keyPool.prefetch();
    // A log that holds something has its keyring; nothing is recorded under a clock that cannot be believed.
    if (parts.clockGuard?.held === undefined) await installation.openKeyring();
    return installation;
  }

  /** The first epoch of identity keys; asked again at every start, recorded once. */
  private async openKeyring(): Promise<void> {
    const now = this.clock.now();
    const command: CommandBase = {
      commandId: 'keyring-first-epoch' as CommandId,
      by: systemParty,
      receivedAt: now,
      receivedBy: 'system' as Code,
    };
    await this.engine.handle({
      context: contextOf(command, 'OpenKeyring'),
      load: (reader) => reader.fold(keyringStream, keyringFolding),
      decide: ({ epochs }) => (epochs.length > 0 ? accept<Placed<KeyEpochOpened>>() : accept(firstEpoch)),
      refusal: (rejections) => refusalOf(command, 'OpenKeyring', rejections),
    });
  }

  /** Brings reactions and every read model to the end of the log: for scenarios, imports and simulated clocks. */
  async catchUp(): Promise<void> {
    // A reaction may ask a read model for whom a ruling concerns.
    await this.projector.catchUp();
    await this.reactor.catchUp();
    await this.projector.catchUp();
  }

  /** Asks the dossiers whose deadlines have come, all of them, and then throws what the first that failed threw. */
  async meetDeadlines(): Promise<number> {
    const errors: unknown[] = [];
    const tick = new Tick({ ask: this.askWhatIsDue, onError: (error) => errors.push(error) });
    const asked = await tick.round(await this.readings.of(due), this.clock.now());
    if (errors.length > 0) throw errors[0];
    return asked;
  }

  /** One round of a loop: a deadline that fails is told of, and asked again in later rounds. */
  async deadlineRound(): Promise<number> {
    if (this.parts.clockGuard?.held !== undefined) return 0;
    return this.tick.round(await this.readings.of(due), this.clock.now());
  }

  /** Compares the clock with the last event, which another server may have recorded under its own. */
  async lookAtClock(): Promise<void> {
    const { clockGuard, log } = this.parts;
    if (clockGuard === undefined) return;
    clockGuard.see(await lastRecordedAt(log));
    void clockGuard.held;
  }

  private readonly askWhatIsDue = ({ stream, ...command }: Asked): Promise<Outcome> =>
    this.bus.execute(
      stream.startsWith('work-')
        ? commandTo(meetPeriods, { ...command, ...workOf(stream) })
        : commandTo(meetDeadlines, { ...command, dossierId: stream.slice('dossier-'.length) as DossierId }),
    );

  /** What each loop has set aside because it failed, and tries again with growing distance. */
  setAside(): readonly { readonly loop: string; readonly rows: number }[] {
    return [
      { loop: 'deadlines', rows: this.tick.failing },
      ...this.reactor.status().map(({ name, parked }) => ({ loop: name, rows: parked })),
    ];
  }

  /** Whether it can do its work, part by part: space to write, read models that follow the log, what its storage asks. */
  readinessChecks(): Readonly<Record<string, ReadinessCheck>> {
    return {
      'event-log': () => !this.engine.storageFull,
      ...(this.parts.clockGuard === undefined ? {} : { clock: () => this.parts.clockGuard?.held === undefined }),
      ...this.parts.readiness,
      'read-models': () => this.progress.status().every(({ state }) => state === 'running'),
    };
  }

  async close(): Promise<void> {
    await this.reactor.stop();
    await (this.projectionTurns ?? this.projector).stop();
    await this.parts.log.close();
    await this.parts.positions.close();
    await this.parts.readStore.close();
    await this.parts.keyStore.close();
  }
}

const lastRecordedAt = async (log: EventLog): Promise<Instant | undefined> => {
  const head = await log.head();
  return head === 0 ? undefined : (await log.readAll(head - 1, { max: 1 })).events.at(-1)?.recordedAt;
};

const firstEpoch: Placed<KeyEpochOpened> = {
  stream: keyringStream,
  event: { type: 'KeyEpochOpened', epoch: 'e1' as Code },
};
