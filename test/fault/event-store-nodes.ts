import { spawn, type ChildProcess } from 'node:child_process';
import { systemTimers } from '#adapters/clock-system/clock-system.js';
import { readAddress, type EventStoreAddress } from '#adapters/journal-eventstoredb/connection.js';
import { askOverHttp } from '#adapters/journal-eventstoredb/server-checks.js';

/** Seconds that a node may take to start, or a cluster to agree on a leader. */
const readySecondsMax = 60;

interface Member {
  readonly httpEndPointPort: number;
  readonly state: string;
  readonly isAlive: boolean;
}

/**
 * EventStoreDB nodes that a test starts, kills and freezes. `command` is run by a shell for each host of the address,
 * with `NODE` = 1, 2, …
 * in its environment; it stays in the foreground and starts again on what it had.
 */
export class EventStoreNodes {
  readonly #running = new Map<number, ChildProcess>();
  readonly #address: EventStoreAddress;
  killed = 0;
  frozen = 0;

  constructor(
    url: string,
    private readonly command: string,
  ) {
    this.#address = readAddress(url);
  }

  get #count(): number {
    return this.#address.hosts.length;
  }

  async startAll(): Promise<void> {
    for (let node = 1; node <= this.#count; node += 1) this.start(node);
    await this.ready();
  }

  start(node: number): void {
    // A group of its own: the command may be a script whose children are to go with it.
    const child = spawn('/bin/sh', ['-c', this.command], {
      env: { ...process.env, NODE: String(node) },
      detached: true,
      stdio: 'ignore',
    });
    this.#running.set(node, child);
    // A node that led before others went on ends by itself, to be started again without what nobody else has.
    child.once('exit', () => {
      if (this.#running.get(node) === child) this.start(node);
    });
  }

  kill(node: number): void {
    const { pid } = this.#running.get(node)!;
    this.#running.delete(node);
    process.kill(-pid!, 'SIGKILL');
    this.killed += 1;
  }

  freeze(node: number): void {
    this.#signal(node, 'SIGSTOP');
    this.frozen += 1;
  }
  thaw(node: number): void {
    this.#signal(node, 'SIGCONT');
  }

  #signal(node: number, signal: NodeJS.Signals): void {
    process.kill(-this.#running.get(node)!.pid!, signal);
  }

  /** The one that leads just now; a single node leads itself. */
  async leader(): Promise<number> {
    const leading = (await this.#members()).find(({ state, isAlive }) => isAlive && state === 'Leader');
    return leading === undefined
      ? 0
      : this.#address.hosts.findIndex(({ port }) => port === leading.httpEndPointPort) + 1;
  }

  /** Resolves when one leads and all others follow it. */
  async ready(): Promise<void> {
    for (let tenth = 0; tenth < readySecondsMax * 10; tenth += 1) {
      const states = (await this.#members())
        .filter(({ isAlive }) => isAlive)
        .map(({ state }) => state)
        .sort();
      if (
        states.filter((state) => state === 'Leader').length === 1 &&
        states.filter((state) => state === 'Follower').length === this.#count - 1
      )
        return;
      await systemTimers.sleep(100);
    }
    throw new Error(`EventStoreDB was not ready within ${readySecondsMax} s`);
  }

  async #members(): Promise<readonly Member[]> {
    for (const host of this.#address.hosts) {
      const gossip = (await askOverHttp({ ...this.#address, hosts: [host] }, '/gossip', this.#address.credentials)) as
        { readonly members?: readonly Member[] } | undefined;
      if (gossip?.members?.some(({ state, isAlive }) => isAlive && state === 'Leader') === true) return gossip.members;
    }
    return [];
  }

  async stopAll(): Promise<void> {
    const children = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(
      children.map(
        (child) =>
          new Promise((resolve) => {
            child.once('exit', resolve);
            for (const signal of ['SIGCONT', 'SIGTERM'] as const) process.kill(-child.pid!, signal);
          }),
      ),
    );
  }
}
