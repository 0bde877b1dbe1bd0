import type { JournaledLog } from './event-log.js';
import type { Timers } from '../ports/clock.js';
import {
  CommitRefusedError,
  IndeterminateError,
  LogBusyError,
  type AppendResult,
  type Commit,
  type EventFilter,
  type EventLog,
  type LogSlice,
  type StoredEvent,
} from '../ports/event-log.js';
import type { HandedAnswer, Peers } from '../ports/peers.js';
import type { CommandId, Position, Revision, StreamName } from '../vocabulary.js';

/** Who appends for all: this server, another one, or nobody just now. */
export type PenHolder = 'self' | 'nobody' | { readonly address: string };

export interface HandingLogParts {
  /** This server's own log; closed with this one. */
  readonly own: JournaledLog;
  readonly pen: () => PenHolder;
  readonly peers: Peers;
  readonly timers: Timers;
  /** Commits that are never handed on: those that decide who holds the pen. */
  readonly staysHere?: (commit: Commit) => boolean;
  /** Told that the pen's holder did not answer; its commits were appended from here. */
  readonly onUnreachable?: (error: unknown) => void;
}

/** One request carries this many commits at most; several are under way at once. */
const handedMax = 256;
const requestsMax = 4;
/** Milliseconds until our own copy of the journal must show what the pen has stored. */
const reachTimeout = 10_000;
/** Milliseconds between two looks whether a holder that did not answer does again. */
const lookAgain = 1_000;

interface Waiting {
  readonly commit: Commit;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The event log of one of several servers. Reads come from its own copy; commits are handed to the server that holds
 * the pen, so that one
 * appends for all and no batch is made in vain. Nothing rests on that: every append expects its exact place, so when
 * the holder is silent
 * or there is none, this server appends itself, and a commit that both have stands once.
 */
export class ForwardingEventLog implements EventLog {
  readonly #outbox: Waiting[] = [];
  readonly #life = new AbortController();
  #requests = 0;
  #isSending = false;
  /** The holder that did not answer, until it does or another holds the pen. */
  #silent: string | undefined;
  /** Commits that were handed over: an operator's measure. */
  handed = 0;

  constructor(private readonly parts: HandingLogParts) {}

  append(commit: Commit): Promise<AppendResult> {
    if (this.#holder() === undefined || this.parts.staysHere?.(commit) === true) return this.parts.own.append(commit);
    return new Promise((resolve, reject) => {
      this.#outbox.push({ commit, resolve, reject });
      this.#sendSoon();
    });
  }

  /** Once whoever else decides just now has its commit in the outbox: they go together. */
  #sendSoon(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    setImmediate(() => {
      this.#isSending = false;
      this.#send();
    });
  }

  /** Appends from this server, whoever holds the pen: for what others hand to us. */
  appendHere(commit: Commit): Promise<AppendResult> {
    return this.parts.own.append(commit);
  }

  /** Address of the holder to hand to; nothing when this server appends itself. */
  #holder(): string | undefined {
    const holder = this.parts.pen();
    return typeof holder === 'string' || holder.address === this.#silent ? undefined : holder.address;
  }

  #send(): void {
    while (this.#requests < requestsMax && this.#outbox.length > 0) {
      const group = this.#outbox.splice(0, handedMax);
      const address = this.#holder();
      if (address === undefined) {
        for (const handed of group) this.#appendInstead(handed);
        continue;
      }
      this.#requests += 1;
      void this.#hand(address, group).finally(() => {
        this.#requests -= 1;
        this.#send();
      });
    }
  }

  async #hand(address: string, group: readonly Waiting[]): Promise<void> {
    let answers: readonly HandedAnswer[];
    try {
      const handed = await this.parts.peers.hand(
        address,
        group.map(({ commit }) => commit),
        await this.parts.own.head(),
      );
      this.parts.own.offer(handed.events);
      ({ answers } = handed);
      this.handed += group.length;
    } catch (error) {
      this.parts.onUnreachable?.(error);
      this.#watchSilent(address);
      for (const handed of group) this.#appendInstead(handed);
      return;
    }
    // Not awaited: the next request need not wait until our copy has read what this one stored.
    group.forEach((handed, place) => {
      this.#settle(handed, answers[place]).catch(handed.reject);
    });
  }

  /** A commit that the silent holder stored after all is found by its command id: it stands once. */
  #appendInstead({ commit, resolve, reject }: Waiting): void {
    this.parts.own.append(commit).then(resolve, reject);
  }

  async #settle(handed: Waiting, answer: HandedAnswer | undefined): Promise<void> {
    const { commit, resolve, reject } = handed;
    switch (answer?.outcome) {
      case 'appended':
      case 'repeated': {
        await this.#reach(answer.last, commit.commandId);
        const events = await this.parts.own.findCommand(commit.commandId);
        if (events === undefined) this.#appendInstead(handed);
        else resolve({ outcome: answer.outcome, events });
        return;
      }
      case 'conflict':
        // The decision is made again on our own copy: it must hold what the pen saw.
        if (answer.head > 0) await this.#reach(answer.head - 1);
        resolve({ outcome: 'conflict', conflicts: answer.conflicts });
        return;
      case 'refused':
        reject(new CommitRefusedError(answer.message));
        return;
      default:
        this.#appendInstead(handed);
    }
  }

  async #reach(position: Position, stored?: CommandId): Promise<void> {
    const [limit, done] = [new AbortController(), new AbortController()];
    void this.parts.timers.sleep(reachTimeout, done.signal).then(() => {
      limit.abort();
    });
    try {
      await this.parts.own.reach(position, limit.signal);
    } catch (error) {
      throw stored === undefined
        ? new LogBusyError('The journal does not answer', { cause: error })
        : new IndeterminateError(stored, error);
    } finally {
      done.abort();
    }
  }

  #watchSilent(address: string): void {
    if (this.#silent === address) return;
    this.#silent = address;
    void (async () => {
      const { signal } = this.#life;
      while (!signal.aborted && this.#silent === address) {
        await this.parts.timers.sleep(lookAgain, signal);
        const holder = this.parts.pen();
        const isOver =
          typeof holder === 'string' || holder.address !== address || (await this.parts.peers.answers(address));
        if (isOver && this.#silent === address) this.#silent = undefined;
      }
    })();
  }

  // ---- Everything else is this server's own copy.

  get journalId(): string {
    return this.parts.own.journalId;
  }
  get waiting(): number {
    return this.parts.own.waiting + this.#outbox.length;
  }
  findCommand(commandId: CommandId): Promise<readonly StoredEvent[] | undefined> {
    return this.parts.own.findCommand(commandId);
  }
  readStream(stream: StreamName, options?: Parameters<EventLog['readStream']>[1]): Promise<readonly StoredEvent[]> {
    return this.parts.own.readStream(stream, options);
  }
  revisions(streams: readonly StreamName[]): Promise<readonly (Revision | 'none')[]> {
    return this.parts.own.revisions(streams);
  }
  readAll(from: Position, options?: EventFilter & { readonly max?: number }): Promise<LogSlice> {
    return this.parts.own.readAll(from, options);
  }
  subscribe(from: Position, options: EventFilter & { readonly signal: AbortSignal }): AsyncIterable<LogSlice> {
    return this.parts.own.subscribe(from, options);
  }
  head(): Promise<Position> {
    return this.parts.own.head();
  }
  reach(position: Position, signal: AbortSignal): Promise<void> {
    return this.parts.own.reach(position, signal);
  }
  journalHead(): Promise<Position> {
    return this.parts.own.journalHead();
  }

  async close(): Promise<void> {
    this.#life.abort();
    for (const handed of this.#outbox.splice(0)) this.#appendInstead(handed);
    await this.parts.own.close();
  }
}
