import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Code } from '#event-sourcing/vocabulary.js';
import { runClient, type ClientPlan, type Seen } from './client.js';
import { root, type ClusterRig, type ServerProcess } from './rig.js';

export interface CampaignPlan {
  readonly clients: number;
  readonly operations: number;
  readonly customers: number;
  readonly parties: number;
  readonly seed: number;
  /** Operations that each client has under way at once, default 1. */
  readonly lanes?: number;
  /** Each client in a process of its own, or all in this one. */
  readonly processes: boolean;
}

/** Runs all clients to their end. */
export const runClients = async (rig: ClusterRig, plan: CampaignPlan): Promise<readonly Seen[]> => {
  const parties = await Promise.all(
    Array.from(
      { length: plan.parties },
      async (_, party) => [`dealer-${party}`, await rig.token(`dealer-${party}`)] as const,
    ),
  );
  const seen: Seen[] = [];
  await Promise.all(
    Array.from({ length: plan.clients }, (_, client) => {
      const own: ClientPlan = {
        client,
        seed: plan.seed + client,
        operations: Math.ceil(plan.operations / plan.clients),
        customers: plan.customers,
        lanes: plan.lanes ?? 1,
        urls: rig.servers.map(({ url }) => url),
        parties,
        patience: 60_000,
      };
      return plan.processes
        ? inProcess(own, (one) => {
            seen.push(one);
          })
        : runClient(own, (one) => {
            seen.push(one);
          });
    }),
  );
  return seen;
};

const inProcess = async (plan: ClientPlan, tell: (seen: Seen) => void): Promise<void> => {
  const child = spawn(process.execPath, [join(root, 'dist/test/cluster/client.js'), JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`A client ended with ${code}`));
    });
  });
  for await (const line of createInterface({ input: child.stdout })) tell(JSON.parse(line) as Seen);
  await ended;
};

export interface Injected {
  kills: number;
  freezes: number;
  stops: number;
  readonly takeovers: number[];
}

/**
 * Until told to stop: kills, freezes or stops a server now and then, mostly the one that holds the pen, and starts it
 * again.
 */
export const disturb = async (
  rig: ClusterRig,
  {
    every,
    frozenFor,
    signal,
    pen,
    kinds = ['kill', 'freeze', 'stop'],
  }: {
    readonly every: number;
    readonly frozenFor: number;
    readonly signal: AbortSignal;
    readonly pen: Code;
    readonly kinds?: readonly ('kill' | 'freeze' | 'stop')[];
  },
): Promise<Injected> => {
  const injected: Injected = { kills: 0, freezes: 0, stops: 0, takeovers: [] };
  for (let round = 0; !signal.aborted; round += 1) {
    await pause(every, signal);
    if (signal.aborted) break;
    const holder = rig.holderOf(pen);
    const victim = (round % 3 === 2 ? undefined : holder) ?? rig.servers[round % rig.servers.length]!;
    const kind = kinds[round % kinds.length]!;
    const replaced = victim === holder ? takeover(rig, pen, victim) : undefined;
    if (kind === 'freeze') {
      injected.freezes += 1;
      victim.freeze();
      await pause(frozenFor, signal);
      if (replaced !== undefined) injected.takeovers.push(await replaced);
      victim.thaw();
      continue;
    }
    injected[kind === 'kill' ? 'kills' : 'stops'] += 1;
    await victim.end(kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
    if (replaced !== undefined) injected.takeovers.push(await replaced);
    await startAgain(victim);
  }
  return injected;
};

/** As whatever supervises a server does: one that found its storage busy and stopped is started once more. */
export const startAgain = async (server: ServerProcess): Promise<void> => {
  for (let left = startsMax; ; left -= 1) {
    try {
      await server.start();
      return;
    } catch (error) {
      if (left === 1) throw error;
      await pause(1_000);
    }
  }
};
const startsMax = 10;

/** Milliseconds until another server holds the lease. */
const takeover = async (rig: ClusterRig, lease: Code, before: unknown): Promise<number> => {
  const began = performance.now();
  while (performance.now() - began < 60_000) {
    const holder = rig.holderOf(lease);
    if (holder !== undefined && holder !== before) break;
    await pause(20);
  }
  return performance.now() - began;
};

export const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
