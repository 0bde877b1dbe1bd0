import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { seededRandom } from '#event-sourcing/testing/commits.js';
import { built, withFolder } from './children.js';
import type { ImportLine } from './import-lines.js';

interface Run {
  readonly verdicts: ReadonlyMap<number, { readonly said: string; readonly recordedBefore: boolean }>;
  readonly types?: Readonly<Record<string, number>>;
  readonly signal: NodeJS.Signals | null;
}

/** Runs an import; kills it as soon as it has told `killAt` verdicts. */
const run = async (folder: string, killAt = Infinity): Promise<Run> => {
  const child = spawn(process.execPath, [built('import-child'), JSON.stringify({ folder })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_, signal) => {
      resolve(signal);
    });
  });
  const verdicts = new Map<number, { readonly said: string; readonly recordedBefore: boolean }>();
  let types: Readonly<Record<string, number>> | undefined;
  for await (const text of createInterface({ input: child.stdout })) {
    const said = JSON.parse(text) as ImportLine;
    if ('types' in said) types = said.types;
    else verdicts.set(said.line, said);
    if (verdicts.size === killAt) child.kill('SIGKILL');
  }
  return { verdicts, ...(types === undefined ? {} : { types }), signal: await ended };
};
const saidBy = ({ verdicts }: Run): readonly (readonly [number, string])[] =>
  [...verdicts].map(([line, { said }]) => [line, said]);

it('D7 an import of 1,512 rows that is killed five times applies every row exactly once and reports like one that never was', async () => {
  const random = seededRandom(20_260_401);
  const rows = 1_512;
  // Later and later, so that each run gets past what the ones before it recorded; never so late that it ends before the
  // kill arrives.
  const points = Array.from({ length: 5 }, (_, index) => Math.floor(((index + random()) / 5) * (rows - 200)) + 1);
  const whole = await withFolder((folder) => run(folder));
  expect(whole).toMatchObject({ signal: null });
  expect(whole.verdicts.size).toBe(rows);

  await withFolder(async (folder) => {
    const acknowledged = new Set<number>();
    let injected = 0;
    for (const killAt of points) {
      const killed = await run(folder, killAt);
      expect(killed.types).toBeUndefined();
      if (killed.signal === 'SIGKILL') injected += 1;
      expect(saidBy(killed)).toEqual(saidBy(whole).slice(0, killed.verdicts.size));
      // Whatever was told before a kill is in the log after it.
      expect([...acknowledged].filter((line) => killed.verdicts.get(line)?.recordedBefore === false)).toEqual([]);
      for (const line of killed.verdicts.keys()) acknowledged.add(line);
    }
    expect(injected).toBe(points.length);

    const finished = await run(folder);
    expect([...acknowledged].filter((line) => finished.verdicts.get(line)?.recordedBefore !== true)).toEqual([]);
    expect([...finished.verdicts.values()].some(({ recordedBefore }) => !recordedBefore)).toBe(true);
    expect(saidBy(finished)).toEqual(saidBy(whole));
    expect(finished.types).toEqual(whole.types);
  });
});
