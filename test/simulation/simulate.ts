import { parentPort, workerData } from 'node:worker_threads';
import { World } from './world.js';

/** Interleavings `from`, `from + step`, …, `count` of them. */
export interface Interleavings {
  readonly from: number;
  readonly step: number;
  readonly count: number;
}
export interface Simulated {
  readonly events: number;
  readonly commands: number;
  readonly refused: number;
}

/** Throws at the first interleaving that breaks a promise, with its last steps. */
export const simulate = async ({ from, step, count }: Interleavings): Promise<Simulated> => {
  let [events, commands, refused] = [0, 0, 0];
  for (let played = 0; played < count; played += 1) {
    const run = await World.play(from + played * step);
    if (run.violation !== undefined) throw new Error(`${run.violation}\n${run.steps.slice(-40).join('\n')}`);
    events += run.events;
    commands += run.commands;
    refused += run.refused;
  }
  return { events, commands, refused };
};

// In a thread of its own: plays what it was given, and posts the sums. What it throws reaches the one who started it.
if (parentPort !== null && workerData !== null && 'simulate' in workerData)
  parentPort.postMessage(await simulate((workerData as { readonly simulate: Interleavings }).simulate));
