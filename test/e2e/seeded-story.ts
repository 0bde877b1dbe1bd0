import { createHash } from 'node:crypto';
import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { memoryPositions } from '#adapters/positions-memory/positions-memory.js';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import { canonicalText } from '#event-sourcing/canonical.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import type { Clock, Timers } from '#event-sourcing/ports/clock.js';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import { seededRandom, type Random } from '#event-sourcing/testing/scheduler.js';
import { seededIds } from '#event-sourcing/testing/simulated-clock.js';
import type { CommandId, Instant, OrganisationId } from '#event-sourcing/vocabulary.js';
import { catalogue } from '#features/edge/catalogue.js';
import { openingOf, rehearsalText } from '#features/dossier/testing/rehearsal.js';
import { readModels } from '#features/edge/readings.js';
import { Installation } from '#installation/installation.js';
import { Reference } from '#test/simulation/reference.js';
import { nextIntent } from '#test/simulation/story.js';

export interface SteppedClock extends Clock, Timers {
  at: string;
}
export const steppedClock = (at: string): SteppedClock => ({
  at,
  now() {
    return this.at as Instant;
  },
  sleep: () => Promise.resolve(),
});

export interface StoryOptions {
  readonly seed: number;
  readonly commands: number;
  readonly clock: SteppedClock;
  readonly step: (clock: SteppedClock, random: Random, reference: Reference) => void;
}

/**
 * One client, one command after the other and the deadlines between them, everything drawn from the seed; the log is
 * checked as it grows.
 */
export const playSeeded = async ({ seed, commands, clock, step }: StoryOptions): Promise<readonly StoredEvent[]> => {
  const random = seededRandom(seed);
  const { events, keyStore } = await openingOf(rehearsalText());
  const journal = memoryJournal();
  await journal.append(events, 0);
  const installation = await Installation.open({
    log: memoryEventLog({ journal }),
    keyStore,
    readStore: memoryReadStore(),
    positions: memoryPositions(),
    clock,
    timers: clock,
    ids: seededIds(seed),
    organisation: 'rehearsal' as OrganisationId,
    keyPoolSize: 16,
  });
  const { log } = installation.parts;
  const reference = new Reference();
  const readOn = async (): Promise<void> => {
    for (const event of (await log.readAll(reference.head)).events) reference.take(event);
  };
  for (let number = 1; number <= commands; number += 1) {
    await readOn();
    step(clock, random, reference);
    const intent = nextIntent({ random, log: reference, now: installation.clock.now(), id: `c${number}` as CommandId });
    await intent.send(installation.desk, intent.id);
    await readOn();
    await installation.catchUp();
    await installation.meetDeadlines();
  }
  await readOn();
  const all: StoredEvent[] = [];
  for (let from = 0; from < reference.head;) {
    const { events: slice, next } = await log.readAll(from);
    all.push(...slice);
    from = next;
  }
  return all;
};

/** SHA-256 over every document of every read model, without what is drawn by chance: the boxes. */
export const digestOf = (events: readonly StoredEvent[]): string => {
  const digest = createHash('sha256');
  const recorded = events.map((stored) => decodeEvent(stored, catalogue));
  for (const model of readModels) {
    const rows = new Map<string, object>();
    for (const event of recorded)
      for (const id of model.on[event.event.type]?.ids(event) ?? []) {
        const row = model.on[event.event.type]!.fold(rows.get(id), event, id);
        if (typeof row === 'object') rows.set(id, row);
        else rows.delete(id);
      }
    for (const [id, row] of [...rows].toSorted(([one], [other]) => (one < other ? -1 : 1)))
      digest.update(`${model.name} ${id} ${canonicalText(JSON.parse(JSON.stringify(row, withoutBoxes)))}\n`);
  }
  return digest.digest('hex');
};
const withoutBoxes = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'alg' in value
    ? 'a box'
    : typeof value === 'bigint'
      ? String(value)
      : value;

/** Stories over the last Sunday of summer time, over the end of a year and over a leap day. */
const begins = ['2026-03-02T02:00:00.000Z', '2026-10-20T02:00:00.000Z', '2027-12-25T02:00:00.000Z'];
const someWayOn = (clock: SteppedClock, random: Random, reference: Reference): void => {
  const due = reference.dueTimes.filter((time) => time > clock.at).toSorted()[0];
  clock.at =
    random.chance(0.3) && due !== undefined
      ? due
      : new Date(Date.parse(clock.at) + random.pick([0, 1, 60_000, 3_600_000, 43_200_000, 86_400_000])).toISOString();
};

if (process.argv[1]?.endsWith('seeded-story.js') === true) {
  const digests: string[] = [];
  let count = 0;
  for (const [seed, at] of begins.entries()) {
    const events = await playSeeded({ seed: seed + 1, commands: 200, clock: steppedClock(at), step: someWayOn });
    digests.push(digestOf(events));
    count += events.length;
  }
  process.stdout.write(
    JSON.stringify({
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      offset: new Date(2026, 6, 1).getTimezoneOffset(),
      events: count,
      digests,
    }),
  );
}
