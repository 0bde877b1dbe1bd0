import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import { openSqliteReadStore } from '#adapters/read-store-sqlite/read-store-sqlite.js';
import type { Collection, CrashPoint, ReadStore } from '../ports/read-store.js';
import { createProjector, type Projector } from './projector.js';
import { arrayLog, decodeWritten, type ArrayLog } from '../testing/array-log.js';
import { foldByHand, ledger, someEvents, type Account } from '../testing/ledger-model.js';
import { oneByOneReadStore } from '../testing/one-by-one-read-store.js';

/** The same storage, opened by one of several processes that die at the crash point. */
interface Storage {
  open(crashPoint: CrashPoint): Promise<ReadStore>;
  dispose(): Promise<void>;
}

/** One turn of one of three processes. One that did not move for long delivers old batches again. */
interface Turn {
  readonly process: 0 | 1 | 2;
  /** How much of the log it gets to see. */
  readonly upTo: number;
  /** Dies at the n-th crash point, counted over this turn. */
  readonly diesAt: number | undefined;
  /** Begins together with the turn before it and runs interleaved. */
  readonly together: boolean;
}
interface Plan {
  readonly commands: number;
  readonly batchMax: readonly [number, number, number];
  readonly turns: readonly Turn[];
}

const turn: fc.Arbitrary<Turn> = fc.record({
  process: fc.constantFrom(0 as const, 1 as const, 2 as const),
  upTo: fc.integer({ min: 0, max: 100 }),
  diesAt: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  together: fc.boolean(),
});
const plan: fc.Arbitrary<Plan> = fc.record({
  commands: fc.integer({ min: 1, max: 60 }),
  batchMax: fc.tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 15 })),
  turns: fc.array(turn, { maxLength: 12 }),
});

/** The part of a log that a process sees so far, cut between two commands. */
class Window {
  private end = 0;
  constructor(private readonly log: ArrayLog) {}
  async open(percent: number): Promise<void> {
    const wanted = Math.floor(((await this.log.head()) * percent) / 100);
    this.end = Math.max(this.end, (await this.log.readAll(0, { max: wanted })).next);
  }
  readonly subscribe: ArrayLog['subscribe'] = (from, options) => this.log.subscribe(from, options);
  readonly head: ArrayLog['head'] = async () => this.end;
  readonly readAll: ArrayLog['readAll'] = async (from, options) => {
    const slice = await this.log.readAll(from, options);
    const next = Math.max(from, Math.min(slice.next, this.end));
    return { events: slice.events.filter(({ position }) => position < next), next };
  };
}

class Process {
  private projector: Projector | undefined;
  private left = Infinity;
  private readonly window: Window;
  deaths = 0;
  constructor(
    log: ArrayLog,
    private readonly storage: Storage,
    private readonly batchMax: number,
  ) {
    this.window = new Window(log);
  }

  async turn({ upTo, diesAt = Infinity }: Pick<Turn, 'upTo' | 'diesAt'>): Promise<void> {
    this.left = diesAt;
    try {
      await this.window.open(upTo);
      const crashPoint = (): void => {
        this.left -= 1;
        if (this.left === 0) throw new Error('killed');
      };
      this.projector ??= createProjector({
        log: this.window,
        store: await this.storage.open(crashPoint),
        models: [ledger()],
        decode: decodeWritten,
        batchMax: this.batchMax,
        whenAhead: 'wait',
        rebuildBeyond: Infinity,
        crashPoint,
      });
      await this.projector.catchUp();
    } catch (error) {
      if ((error as Error).message !== 'killed') throw error;
      this.deaths += 1;
      this.projector = undefined;
    }
  }
}

/** Plays a plan, lets one last process finish, and compares with the fold of the log by hand. */
const play = async (
  { commands, batchMax, turns }: Plan,
  storage: Storage,
): Promise<{ readonly equal: boolean; readonly deaths: number }> => {
  const log = arrayLog();
  for (const command of someEvents(commands)) log.write(...command);
  const processes = batchMax.map((max) => new Process(log, storage, max));
  try {
    for (let next = 0; next < turns.length;) {
      const group = [turns[next] as Turn];
      for (
        next += 1;
        turns[next]?.together === true && group.every(({ process }) => process !== turns[next]?.process);
        next += 1
      )
        group.push(turns[next] as Turn);
      await Promise.all(group.map((one) => processes[one.process]?.turn(one)));
    }
    await new Process(log, storage, 8).turn({ upTo: 100, diesAt: undefined });
    const live: Collection<Account> = await (await storage.open(() => {})).live(ledger());
    const equal = (await live.checkpoint()) === (await log.head()) && (await live.digest()) === foldByHand(log.written);
    return { equal, deaths: processes.reduce((sum, { deaths }) => sum + deaths, 0) };
  } finally {
    await storage.dispose();
  }
};

const memory = (): Storage => {
  // A crash leaves what is stored: all processes share one memory, each with its own crash points.
  let current: CrashPoint = () => {};
  const store = memoryReadStore({ crashPoint: (name) => current(name) });
  return {
    open: async (crashPoint) => ({
      ...store,
      live: async (model) => {
        const live = await store.live<never>(model);
        return Object.assign(Object.create(live) as typeof live, {
          apply: (batch: Parameters<typeof live.apply>[0]) => {
            current = crashPoint;
            return live.apply(batch);
          },
        });
      },
    }),
    dispose: () => store.close(),
  };
};

const oneByOne =
  (order: 'documents-first' | 'checkpoint-first', forget?: (live: Collection<never>) => Collection<never>) =>
  (): Storage => {
    const kept = memoryReadStore();
    return {
      open: async (crashPoint) => {
        const store = oneByOneReadStore(kept, { crashPoint, order });
        return forget === undefined
          ? store
          : { ...store, live: async (model) => forget(await store.live<never>(model)) };
      },
      dispose: () => kept.close(),
    };
  };

const sqlite = (): Storage => {
  const folder = mkdtempSync(join(tmpdir(), 'projector-'));
  const stores: ReadStore[] = [];
  return {
    open: async (crashPoint) => {
      const store = await openSqliteReadStore({ folder, crashPoint });
      stores.push(store);
      return store;
    },
    dispose: async () => {
      await Promise.all(stores.map((store) => store.close()));
      rmSync(folder, { recursive: true });
    },
  };
};

describe('C4: a read model equals the fold of the log, however it is split, delivered again, interleaved or cut off', () => {
  it.each([
    ['memory', memory, 1_000],
    ['one document at a time', oneByOne('documents-first'), 1_000],
    ['sqlite', sqlite, 200],
  ] as const)('on %s', async (_, storage, numRuns) => {
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(plan, async (one) => {
        const played = await play(one, storage());
        deaths += played.deaths;
        return played.equal;
      }),
      { numRuns },
    );
    expect(deaths).toBeGreaterThan(numRuns / 10);
  });

  const unguarded = (live: Collection<never>): Collection<never> =>
    Object.assign(Object.create(live) as typeof live, {
      load: async (ids: readonly string[]) =>
        new Map([...(await live.load(ids))].map(([id, placed]) => [id, { ...placed, position: 0 }])),
    });
  it.each([
    ['a checkpoint written before its documents', oneByOne('checkpoint-first')],
    ['documents that do not say where they stand', oneByOne('documents-first', unguarded)],
  ])('would notice %s', async (_, storage) => {
    const found = await fc.check(
      fc.asyncProperty(plan, async (one) => (await play(one, storage())).equal),
      { numRuns: 1_000, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});
