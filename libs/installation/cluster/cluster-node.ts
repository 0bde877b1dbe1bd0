import { openMirroredEventLog } from '#adapters/event-log-sqlite/event-log-mirror.js';
import { httpPeers } from '#adapters/peers-http/peers-http.js';
import { openPeerListener, type PeerListener } from '#adapters/peers-http/peer-listener.js';
import { ForwardingEventLog, type PenHolder } from '#event-sourcing/log/forwarding-log.js';
import type { Clock, Ids, Stopwatch, Timers } from '#event-sourcing/ports/clock.js';
import type { Heartbeats } from '#event-sourcing/ports/heartbeats.js';
import type { Journal } from '#event-sourcing/ports/journal.js';
import type { Positions } from '#event-sourcing/ports/positions.js';
import type { KeyStore } from '#event-sourcing/ports/key-store.js';
import type { CrashPoint, ReadStore } from '#event-sourcing/ports/read-store.js';
import { categoryOf, clear, code, type OrganisationId } from '#event-sourcing/vocabulary.js';
import type { LeaseName } from '#features/lease/events.js';
import { leaseCategory } from '#features/lease/facts.js';
import type { ClockGuard } from '../clock-guard.js';
import { startDeadlineLoop, type DeadlineLoop } from '../deadline-loop.js';
import { Installation } from '../installation.js';
import { Leases, type LeaseTimes } from './leases.js';

/** The pieces of work that one server at a time does for all. */
export const pen = code('pen');
export const projections = code('projections');
export const notices = code('notices');
export const deadlines = code('deadlines');

export interface ClusterNodeParts {
  readonly journal: Journal;
  /** Of this server alone: holds its copy of the journal. */
  readonly folder: string;
  readonly keyStore: KeyStore;
  readonly readStore: ReadStore;
  readonly positions: Positions;
  readonly heartbeats: Heartbeats;
  readonly clock: Clock;
  readonly clockGuard?: ClockGuard;
  readonly timers: Timers;
  readonly stopwatch: Stopwatch;
  readonly ids: Ids;
  readonly organisation: OrganisationId;
  /**
   * Where the other servers reach this one. Without it, as for a command line, it holds no lease and only hands
   * commands on.
   */
  readonly peer?: {
    readonly host: string;
    readonly port: number;
    /** `http://host:port` of the listener when absent. */ readonly address?: string;
  };
  readonly leaseTimes?: LeaseTimes;
  readonly crashPoint?: CrashPoint;
  readonly onError: (error: unknown) => void;
  readonly onFatal?: (error: unknown) => void;
}

/**
 * How long the end of the process waits for its leases to be given back; whoever finds them held waits for the silence
 * instead.
 */
const releaseMax = 3_000;

/** One of several servers on one journal and one read store. */
export class ClusterNode {
  #deadlines: DeadlineLoop | undefined;
  #reacts = false;
  #turn: Promise<void> = Promise.resolve();

  private constructor(
    private readonly parts: ClusterNodeParts,
    readonly installation: Installation,
    readonly log: ForwardingEventLog,
    readonly leases: Leases,
    private readonly listener: PeerListener | undefined,
  ) {}

  /** Opens everything and reads the journal to its end; takes no lease before `start`. */
  static async open(parts: ClusterNodeParts): Promise<ClusterNode> {
    const { journal, folder, keyStore, clock, timers, peer, onError } = parts;
    const own = await openMirroredEventLog({
      folder,
      journal,
      clock,
      ...(parts.onFatal === undefined ? {} : { onFatal: parts.onFatal }),
    });
    let leases: Leases | undefined;
    let listener: PeerListener | undefined;
    try {
      const signed = { secret: await keyStore.secret('peers'), journalId: journal.journalId };
      const log = new ForwardingEventLog({
        own,
        timers,
        peers: httpPeers(signed),
        pen: () => penHolder(leases),
        onUnreachable: onError,
        staysHere: ({ writes }) => writes.some(({ stream }) => categoryOf(stream) === leaseCategory),
      });
      const readiness = {
        journal: async () => (await log.journalHead()) >= 0,
        heartbeats: () => leases?.reachable === true,
      };
      const installation = await Installation.open({ ...parts, log, shared: true, readiness });
      if (peer !== undefined)
        listener = await openPeerListener({
          ...peer,
          ...signed,
          append: (commit) => log.appendHere(commit),
          log: own,
          onError,
        });
      const address =
        listener === undefined ? undefined : clear(peer?.address ?? `http://${peer?.host}:${listener.port}`);
      const { engine, bus } = installation;
      leases = new Leases({
        ...parts,
        log,
        engine,
        bus,
        names: [pen, projections, notices, deadlines],
        alone: pen,
        server: code(parts.ids.uuid()),
        ...(address === undefined ? {} : { address }),
        ...(parts.leaseTimes === undefined ? {} : { times: parts.leaseTimes }),
        onRound: (held) => {
          node.#turnTo(held);
        },
      });
      const node: ClusterNode = new ClusterNode(parts, installation, log, leases, listener);
      return node;
    } catch (error) {
      await listener?.close();
      await own.close();
      throw error;
    }
  }

  /** Takes what leases are free, does the work of those it has, and watches the others'. */
  async start(): Promise<void> {
    this.installation.projectionTurns!.start();
    const { timers, onError } = this.parts;
    this.#deadlines = startDeadlineLoop(
      async () => {
        await this.installation.lookAtClock();
        return this.leases.holds(deadlines) ? this.installation.deadlineRound() : 0;
      },
      timers,
      onError,
    );
    await this.leases.start();
  }

  /**
   * Work that was won begins, work that was lost ends, one turn after the other. A turn that fails is made again in the
   * next round.
   */
  #turnTo(held: ReadonlySet<LeaseName>): void {
    const { projectionTurns, reactor } = this.installation;
    projectionTurns!.fold(held.has(projections)).catch(this.parts.onError);
    this.#turn = this.#turn
      .then(async () => {
        if (this.#reacts === held.has(notices)) return;
        if (held.has(notices)) reactor.start();
        else await reactor.stop();
        this.#reacts = held.has(notices);
      })
      .catch(this.parts.onError);
  }

  async close(): Promise<void> {
    await this.#deadlines?.stop();
    const done = new AbortController();
    await Promise.race([this.leases.stop(), this.parts.timers.sleep(releaseMax, done.signal)]);
    done.abort();
    await this.listener?.close();
    await this.#turn;
    await this.installation.close();
    await this.parts.heartbeats.close();
  }
}

const penHolder = (leases: Leases | undefined): PenHolder => {
  const holder = leases?.holder(pen);
  if (holder === undefined) return 'nobody';
  if (holder.isSelf) return 'self';
  return holder.address === undefined ? 'nobody' : { address: holder.address };
};
