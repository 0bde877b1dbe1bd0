import type { CommandEngine } from '#event-sourcing/command/handle-command.js';
import { LogFollower } from '#event-sourcing/log/log-follower.js';
import type { EventLog } from '#event-sourcing/ports/event-log.js';
import type { Clock, Stopwatch, Timers } from '#event-sourcing/ports/clock.js';
import type { Beat, Heartbeats } from '#event-sourcing/ports/heartbeats.js';
import type { ClearText, Code, CommandId } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from '#features/deciding/decision-facts.js';
import { systemParty } from '#features/deciding/system-parties.js';
import type { LeaseName, ServerId } from '#features/lease/events.js';
import { commandTo, type commandBusOf } from '#features/edge/command-bus.js';
import { leaseCategory, leaseFolding, leaseStream, type Lease } from '#features/lease/facts.js';
import { releaseLease } from '#features/lease/release-lease/release-lease.js';
import { takeLease } from '#features/lease/take-lease/take-lease.js';

/** Milliseconds. A holder gives up before anybody may take over: the difference covers clocks that do not run alike. */
export interface LeaseTimes {
  /** Between two rounds: a sign of life for each lease that is held, a look at the others'. */
  readonly round: number;
  /** How long a holder may work after it began to write its last sign of life that arrived. */
  readonly hold: number;
  /** How long a holder must be silent before another takes over. */
  readonly silence: number;
}
export const leaseTimes: LeaseTimes = { round: 1_000, hold: 7_000, silence: 9_000 };

export interface LeasesParts {
  readonly log: Pick<EventLog, 'head' | 'subscribe'>;
  readonly engine: Pick<CommandEngine, 'ask'>;
  readonly bus: ReturnType<typeof commandBusOf>;
  readonly heartbeats: Heartbeats;
  readonly clock: Clock;
  readonly stopwatch: Stopwatch;
  readonly timers: Timers;
  readonly names: readonly LeaseName[];
  /** Its holder leaves the others to a server that has nothing to do. */
  readonly alone: LeaseName;
  readonly server: ServerId;
  /**
   * Where the others reach this server. One that nobody can reach, such as a command line, holds no lease and only
   * knows who does.
   */
  readonly address?: ClearText;
  readonly times?: LeaseTimes;
  /** Called after each round with what is held now; a work that was lost must end, one that was won begin. */
  readonly onRound: (held: ReadonlySet<LeaseName>) => void;
  readonly onError: (error: unknown) => void;
}

interface Watched {
  lease: Lease;
  /** Last sign of the holder, and when it was new. */ beat: number;
  freshAt: number;
  /** Until then we may work. */ heldUntil: number;
  /** Since when anybody may take it. */ freeSince?: number;
}

/** Where servers that hold nothing give their signs of life, all in one place: it only matters that there is one. */
const idle = 'idle';
const nobody = 'nobody';
/** Rounds for which a free lease is left to a server that has nothing to do. */
const roundsLeft = 3;

/**
 * This server's part in the leases of the installation. Who holds one stands in the log under a growing term; that the
 * holder lives is told by
 * heartbeats. A server that was frozen finds its time run out at the first question it asks itself.
 */
export class Leases {
  readonly #watched = new Map<LeaseName, Watched>();
  readonly #times: LeaseTimes;
  /** The last sign of a server that holds nothing, and when it was new. */
  #idle = { server: nobody, count: -1, freshAt: -Infinity };
  /** Those that did not take what was left to them. */
  readonly #inVain = new Set<string>();
  #life: { readonly controller: AbortController; readonly loop: Promise<void> } | undefined;
  /** The heartbeats answered in the last round. */
  reachable = true;

  constructor(private readonly parts: LeasesParts) {
    this.#times = parts.times ?? leaseTimes;
  }

  async start(): Promise<void> {
    const now = this.parts.stopwatch.elapsed();
    for (const name of this.parts.names)
      this.#watched.set(name, { lease: await this.#ask(name), beat: -1, freshAt: now, heldUntil: -Infinity });
    const controller = new AbortController();
    const { signal } = controller;
    let from = await this.parts.log.head();
    // Who holds a lease is known as soon as it is read: the next commit goes to the new pen.
    const follower = new LogFollower({
      ...this.parts,
      filter: { categories: [leaseCategory] },
      from: () => from,
      each: async ({ events, next }) => {
        if (events.length > 0) for (const name of this.parts.names) await this.#read(name);
        from = next;
      },
    });
    const loops = [follower.run(signal), ...(this.parts.address === undefined ? [] : [this.#rounds(signal)])];
    this.#life = { controller, loop: Promise.all(loops).then(() => undefined) };
  }

  /** Whether this server may do the work just now. */
  holds(name: LeaseName): boolean {
    const watched = this.#watched.get(name);
    return (
      watched !== undefined &&
      watched.lease.holder === this.parts.server &&
      this.parts.stopwatch.elapsed() < watched.heldUntil
    );
  }

  /** Who holds it as far as this server has read; `isSelf` also when its time has run out and nobody has taken over. */
  holder(name: LeaseName): { readonly isSelf: boolean; readonly address?: ClearText } | undefined {
    const lease = this.#watched.get(name)?.lease;
    return lease?.holder === undefined
      ? undefined
      : {
          isSelf: lease.holder === this.parts.server,
          ...(lease.address === undefined ? {} : { address: lease.address }),
        };
  }

  terms(): ReadonlyMap<LeaseName, number> {
    return new Map([...this.#watched].map(([name, { lease }]) => [name, lease.term]));
  }

  async #read(name: LeaseName): Promise<void> {
    const watched = this.#watched.get(name);
    if (watched !== undefined) this.#see(watched, await this.#ask(name));
  }

  /** Ends the rounds and gives back what is held, so that nobody waits for our silence. */
  async stop(): Promise<void> {
    this.#life?.controller.abort();
    await this.#life?.loop;
    this.#life = undefined;
    if (this.parts.address !== undefined) await this.parts.heartbeats.beat(idle, nobody, 0).catch(this.parts.onError);
    await this.#giveBack([...this.#held()]);
  }

  /** The work ends first: whoever takes it next need not meet us at it. */
  async #giveBack(names: readonly LeaseName[]): Promise<void> {
    for (const name of names) this.#watched.get(name)!.heldUntil = -Infinity;
    this.parts.onRound(this.#held());
    for (const name of names) {
      const { term } = this.#watched.get(name)!.lease;
      await this.parts.bus
        .execute(
          commandTo(releaseLease, {
            ...this.#command(`released-${name}-${term}`),
            lease: name,
            holder: this.parts.server,
          }),
        )
        .catch(this.parts.onError);
      await this.#read(name);
    }
  }

  async #rounds(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#round();
        this.reachable = true;
      } catch (error) {
        this.reachable = false;
        this.parts.onError(error);
      }
      this.parts.onRound(this.#held());
      await this.parts.timers.sleep(this.#times.round, signal);
    }
  }

  async #round(): Promise<void> {
    for (const name of this.parts.names) await this.#read(name);
    const beats = new Map((await this.parts.heartbeats.look()).map((beat) => [beat.lease, beat]));
    this.#seeIdle(beats.get(idle));
    for (const [name, watched] of this.#watched) {
      if (watched.lease.holder === this.parts.server) await this.#beat(name, watched);
      else if (this.#isFree(watched, beats.get(name)) && !this.#isLeft(name, watched)) await this.#take(name, watched);
    }
    const held = this.#held();
    if (held.size === 0) await this.parts.heartbeats.beat(idle, this.parts.server, 0);
    else if (held.has(this.parts.alone) && held.size > 1 && this.#isIdleHand())
      await this.#giveBack([...held].filter((name) => name !== this.parts.alone));
  }

  /** What stands there when we look first may be old: only what moves is alive. */
  #seeIdle(beat: Beat | undefined): void {
    if (beat === undefined || (beat.count === this.#idle.count && beat.holder === this.#idle.server)) return;
    this.#idle = {
      server: beat.holder,
      count: beat.count,
      freshAt: this.#idle.count === -1 ? -Infinity : this.parts.stopwatch.elapsed(),
    };
  }

  #isIdleHand(): boolean {
    const { server, freshAt } = this.#idle;
    return (
      server !== nobody &&
      server !== this.parts.server &&
      !this.#inVain.has(server) &&
      this.parts.stopwatch.elapsed() - freshAt < this.#times.silence
    );
  }

  /** Whether the holder of the pen leaves this free lease to somebody who has nothing to do; not for long. */
  #isLeft(name: LeaseName, watched: Watched): boolean {
    if (name === this.parts.alone || !this.holds(this.parts.alone) || !this.#isIdleHand()) return false;
    watched.freeSince ??= this.parts.stopwatch.elapsed();
    if (this.parts.stopwatch.elapsed() - watched.freeSince < roundsLeft * this.#times.round) return true;
    this.#inVain.add(this.#idle.server);
    return false;
  }

  async #beat(name: LeaseName, watched: Watched): Promise<void> {
    const before = this.parts.stopwatch.elapsed();
    if (await this.parts.heartbeats.beat(name, this.parts.server, watched.lease.term))
      watched.heldUntil = before + this.#times.hold;
    else watched.heldUntil = -Infinity; // Somebody has a later term; the log will say so.
  }

  #isFree(watched: Watched, beat: Beat | undefined): boolean {
    const { lease } = watched;
    const now = this.parts.stopwatch.elapsed();
    if (lease.holder === undefined) return true;
    // Its port is ours now, so whoever was there before is gone.
    if (lease.address === this.parts.address) return true;
    const count =
      beat === undefined || beat.term < lease.term
        ? -1
        : beat.term > lease.term
          ? Number.POSITIVE_INFINITY
          : beat.count;
    if (count !== watched.beat) {
      watched.beat = count;
      watched.freshAt = now;
    }
    return now - watched.freshAt >= this.#times.silence;
  }

  async #take(name: LeaseName, watched: Watched): Promise<void> {
    const { server, address } = this.parts;
    const after = watched.lease.term;
    await this.parts.bus.execute(
      commandTo(takeLease, {
        ...this.#command(`taken-${name}-${after + 1}`),
        lease: name,
        after,
        holder: server,
        ...(address === undefined ? {} : { address }),
      }),
    );
    await this.#read(name);
    if (watched.lease.holder === server) await this.#beat(name, watched);
  }

  #see(watched: Watched, lease: Lease): void {
    if (lease.term === watched.lease.term && lease.holder === watched.lease.holder) return;
    Object.assign(watched, {
      lease,
      beat: -1,
      freshAt: this.parts.stopwatch.elapsed(),
      heldUntil: -Infinity,
      freeSince: undefined,
    });
  }

  #ask(name: LeaseName): Promise<Lease> {
    return this.parts.engine.ask(leaseStream(name), leaseFolding);
  }
  #held(): ReadonlySet<LeaseName> {
    return new Set(this.parts.names.filter((name) => this.holds(name)));
  }

  #command(id: string): CommandBase {
    const now = this.parts.clock.now();
    return {
      commandId: `${id}-${this.parts.server.slice(-16)}` as CommandId,
      by: systemParty,
      receivedAt: now,
      receivedBy: 'system' as Code,
    };
  }
}
