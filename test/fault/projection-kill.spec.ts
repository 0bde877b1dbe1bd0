import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '#event-sourcing/testing/commits.js';
import { untilFound } from './until-found.js';
import { foldByHand, someEvents } from '#event-sourcing/testing/ledger-model.js';

type Store = 'sqlite' | 'one-by-one' | 'checkpoint-first';
type Task = 'follow' | 'rebuild';

const program = join(import.meta.dirname, '../../dist/test/fault/projection-child.js');
/** As in the child. */
const written = someEvents(400, 97).flat();
const right = `${written.length} ${foldByHand(written)}`;
/** `PROJECTION_KILLS=1000` for the long form. */
const killsWanted = Number(process.env['PROJECTION_KILLS'] ?? 60);
const patience = 60_000 + killsWanted * 2_000;

const run = (
  folder: string,
  store: Store,
  task: Task,
  crashPoint?: string,
): { readonly killed: boolean; readonly answer: string } => {
  const { signal, status, stdout, stderr } = spawnSync(process.execPath, [program, folder, store, task], {
    env: { ...process.env, BAOBEI_CRASH_POINT: crashPoint ?? '' },
    encoding: 'utf8',
  });
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(`The child failed by itself (is dist built?): ${stderr}`);
  return { killed: signal === 'SIGKILL', answer: stdout };
};

/**
 * Kills at random points until there were `kills`; a child that lives to the end of the log has its answer checked, and
 * the next begins afresh.
 */
const survive = (
  store: Store,
  task: Task,
  points: readonly string[],
  kills: number,
  seed: number,
): { readonly injected: number; readonly wrong: readonly string[] } => {
  const random = seededRandom(seed);
  let injected = 0;
  const wrong: string[] = [];
  while (injected < kills && wrong.length === 0) {
    const folder = mkdtempSync(join(tmpdir(), 'projection-kill-'));
    try {
      // A few lives each, then one that may finish.
      for (let life = 0; life < 6 && injected < kills; life += 1) {
        if (
          run(folder, store, task, `${points[Math.floor(random() * points.length)]}:${1 + Math.floor(random() * 25)}`)
            .killed
        )
          injected += 1;
      }
      const { answer } = run(folder, store, 'follow');
      if (answer !== right) wrong.push(`seed ${seed}: ${answer} instead of ${right}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return { injected, wrong };
};

describe('a projector that is killed', () => {
  const seed = Date.now() % 1_000_000;

  it.each([
    ['sqlite', ['after-documents', 'after-apply']],
    ['one-by-one', ['between-documents', 'after-documents', 'after-apply']],
  ] as const)(
    'D6: leaves on %s what the fold of the log gives',
    (store, points) => {
      const { injected, wrong } = survive(store, 'follow', points, killsWanted / 2, seed);
      expect(wrong).toEqual([]);
      expect(injected).toBeGreaterThanOrEqual(killsWanted / 2);
    },
    patience,
  );

  it(
    'D6 calibration: a checkpoint written before its documents is noticed',
    async () => {
      const round = await untilFound(async (turn) => {
        const { injected, wrong } = survive('checkpoint-first', 'follow', ['between-documents'], 60, seed + turn);
        expect(injected).toBeGreaterThan(0);
        return wrong.length === 1;
      });
      expect(round).toBeGreaterThan(0);
    },
    patience * 4,
  );

  it('D8: finishes a rebuild or leaves the old generation, wherever it dies', () => {
    const points = ['after-documents', 'before-swap', 'in-swap', 'after-swap'];
    let injected = 0;
    const folder = mkdtempSync(join(tmpdir(), 'projection-rebuild-'));
    expect(run(folder, 'sqlite', 'follow').answer).toBe(right);
    for (const point of points) {
      for (let time = 1; time <= 3; time += 1) {
        if (run(folder, 'sqlite', 'rebuild', `${point}:${point === 'after-documents' ? time : 1}`).killed)
          injected += 1;
        expect(run(folder, 'sqlite', 'follow').answer).toBe(right);
      }
    }
    expect(injected).toBe(12);
    expect(run(folder, 'sqlite', 'rebuild').answer).toBe(right);
    rmSync(folder, { recursive: true });
  });
});
