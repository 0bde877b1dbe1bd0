import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeEvent } from '#event-sourcing/envelope.js';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import { catalogue } from '#features/edge/catalogue.js';
import { playSeeded, steppedClock, type SteppedClock } from './seeded-story.js';

const program = join(import.meta.dirname, '../../dist/test/e2e/seeded-story.js');
interface Told {
  readonly zone: string;
  readonly offset: number;
  readonly events: number;
  readonly digests: readonly string[];
}
const playIn = async (zone: string): Promise<Told> => {
  if (!existsSync(program)) throw new Error('There is no dist; cure: npm run build');
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env: { ...process.env, TZ: zone, LC_ALL: zone === 'UTC' ? 'C' : 'zh_CN.UTF-8' },
    maxBuffer: 1_000_000,
  });
  return JSON.parse(stdout) as Told;
};

describe("C7: the host's zone decides nothing", () => {
  it('200 commands, three times over, leave the same read models in Shanghai, Los Angeles and under UTC', async () => {
    const told: Told[] = [];
    for (const zone of ['UTC', 'Asia/Shanghai', 'America/Los_Angeles']) told.push(await playIn(zone));
    expect(told.map(({ offset }) => offset)).toEqual([0, -480, 420]);
    expect(told[0]!.events).toBeGreaterThan(800);
    expect(told[1]).toMatchObject({ digests: told[0]!.digests, events: told[0]!.events });
    expect(told[2]).toMatchObject({ digests: told[0]!.digests, events: told[0]!.events });
    expect(new Set(told[0]!.digests).size).toBe(3);
  });
});

describe('C7: a clock that jumps', () => {
  const hour = 3_600_000;
  const year = 365 * 24 * hour;
  const moved = (clock: SteppedClock, milliseconds: number): void => {
    clock.at = new Date(Date.parse(clock.at) + milliseconds).toISOString();
  };
  const play = (seed: number, step: (clock: SteppedClock, number: number) => void): Promise<readonly StoredEvent[]> => {
    let number = 0;
    return playSeeded({
      seed,
      commands: 80,
      clock: steppedClock('2026-03-02T02:00:00.000Z'),
      step: (clock) => {
        number += 1;
        step(clock, number);
      },
    });
  };
  /**
   * The reference has refused an early expiry and a time that goes back while the story was played; here the whole log
   * again, by its own words.
   */
  const expectOrder = (events: readonly StoredEvent[]): void => {
    for (const [place, { recordedAt }] of events.entries())
      expect(place === 0 || events[place - 1]!.recordedAt <= recordedAt).toBe(true);
    for (const stored of events) {
      const { event, times } = decodeEvent(stored, catalogue);
      if (event.type === 'Expired' || event.type === 'Abandoned')
        expect((event as unknown as { readonly endedAt: string }).endedAt <= times.recordedAt).toBe(true);
    }
  };

  it.each<[string, (clock: SteppedClock, number: number) => void]>([
    [
      'an hour back and forth',
      (clock, number) => {
        moved(clock, number % 2 === 0 ? -hour : hour + 600_000);
      },
    ],
    [
      'a year on and back',
      (clock, number) => {
        moved(clock, number === 40 ? year : number === 60 ? -year : 600_000);
      },
    ],
    [
      'a day back every tenth command',
      (clock, number) => {
        moved(clock, number % 10 === 0 ? -24 * hour : 3 * hour);
      },
    ],
    ['frozen', () => undefined],
  ])('%s: recordedAt never goes back and nothing ends early', async (_name, step) => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const events = await play(seed, step);
      expect(events.length).toBeGreaterThan(100);
      expectOrder(events);
    }
  });

  it('frozen, everything is recorded at one moment and the order of the log alone ranks it', async () => {
    const events = await play(7, () => undefined);
    expect(
      new Set(events.filter(({ commandId }) => /(^|\/)c[^/]*$/.test(commandId)).map(({ recordedAt }) => recordedAt))
        .size,
    ).toBe(1);
  });
});
