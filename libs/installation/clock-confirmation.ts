import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, systemStopwatch } from '#adapters/clock-system/clock-system.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { ClockGuard, type ClockHold, type Confirmation } from './clock-guard.js';

/** In a server's data folder: when an operator said that its clock is right, by that clock. */
export const confirmationFile = 'clock.confirmed';

export const confirmClock = (folder: string): Instant => {
  const now = systemClock.now();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, confirmationFile), `${now}\n`, { mode: 0o600 });
  return now;
};

/** `undefined` when nobody has, or when what stands there is no moment. */
const confirmedIn = (folder: string): Confirmation | undefined => {
  try {
    const [at, accepted] = readFileSync(join(folder, confirmationFile), 'utf8').trim().split('\n') as Instant[];
    return at === undefined || Number.isNaN(Date.parse(at)) ? undefined : { at, ...(accepted && { accepted }) };
  } catch {
    return undefined;
  }
};

export interface GuardedClock {
  /** False where a wrong clock is told of and trusted all the same: in development. */
  readonly holds: boolean;
  readonly onHold: (hold: ClockHold | undefined) => void;
}

/** The machine's own clock, believed as long as it agrees with the log and with the time that has passed. */
export const systemClockGuard = (folder: string, { holds, onHold }: GuardedClock): ClockGuard =>
  new ClockGuard({
    clock: systemClock,
    stopwatch: systemStopwatch,
    confirmed: () => confirmedIn(folder),
    accept: (recordedAt) => {
      const at = confirmedIn(folder)?.at ?? systemClock.now();
      writeFileSync(join(folder, confirmationFile), `${at}\n${recordedAt}\n`, { mode: 0o600 });
    },
    holds,
    onHold,
  });
