import fc from 'fast-check';
import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { memoryPositions } from '#adapters/positions-memory/positions-memory.js';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import { seededRandom } from '#event-sourcing/testing/scheduler.js';
import { seededIds, simulatedClock, type SimulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { CommandId, Instant, OrganisationId } from '#event-sourcing/vocabulary.js';
import { due } from '#features/deadline/due/due.js';
import { caseFile } from '#features/dossier/collision/case-file/case-file.js';
import { dossierFolding, type Dossier } from '#features/dossier/dossier.js';
import type { Registration } from '#features/dossier/registration.js';
import type { DossierId } from '#features/dossier/events.js';
import { dossierStream } from '#features/dossier/on-dossier.js';
import { ownership } from '#features/dossier/protection/ownership/ownership.js';
import { protectionStatus } from '#features/dossier/protection/protection-status/protection-status.js';
import { registrationCard } from '#features/dossier/registration/registration-card/registration-card.js';
import { on, openingOf, rehearsalText } from '#features/dossier/testing/rehearsal.js';
import { Installation } from '#installation/installation.js';
import { Reference } from '#test/simulation/reference.js';
import { nextIntent } from '#test/simulation/story.js';

const regimes: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'secondClaim: case': 'secondClaim: refuse', 'lateArrival: overturn': 'lateArrival: refuse' },
  { 'pendingSecondClaim: queue': 'pendingSecondClaim: case', 'ownRepeat: refuse': 'ownRepeat: renew' },
];

interface Played {
  readonly installation: Installation;
  readonly reference: Reference;
  readonly clock: SimulatedClock;
}

/**
 * Each number is one command, chosen by it from what the log then makes possible, sent twice under one id; so a failing
 * list shrinks to the commands that matter.
 */
const play = async (numbers: readonly number[], regime = 0): Promise<Played> => {
  const { events, keyStore } = await openingOf(rehearsalText(regimes[regime]));
  const journal = memoryJournal();
  await journal.append(events, 0);
  const clock = simulatedClock(on('2026-03-02'));
  const installation = await Installation.open({
    log: memoryEventLog({ journal }),
    keyStore,
    readStore: memoryReadStore(),
    positions: memoryPositions(),
    clock,
    timers: clock,
    ids: seededIds('invariants'),
    organisation: 'rehearsal' as OrganisationId,
    keyPoolSize: 16,
  });
  const reference = new Reference();
  const { log } = installation.parts;
  const readOn = async (): Promise<void> => {
    for (const event of (await log.readAll(reference.head)).events) reference.take(event);
  };
  await readOn();
  for (const [place, number] of numbers.entries()) {
    const random = seededRandom(number);
    if (random.chance(0.3)) moveClock(clock, reference, random.below(1_000));
    const intent = nextIntent({ random, log: reference, now: clock.now(), id: `c${place}` as CommandId });
    const first = await intent.send(installation.desk, intent.id);
    const head = await log.head();
    const again = await intent.send(installation.desk, intent.id);
    expect(await log.head()).toBe(head);
    expect({ ...again, repeated: true }).toEqual({ ...first, repeated: true });
    await readOn();
  }
  await installation.catchUp();
  return { installation, reference, clock };
};

const moveClock = (clock: SimulatedClock, reference: Reference, number: number): void => {
  const next = reference.dueTimes.filter((time) => time > clock.now()).toSorted()[0];
  clock.set(
    next !== undefined && number % 2 === 0
      ? (next as Instant)
      : (new Date(Date.parse(clock.now()) + (number + 1) * 60_000).toISOString() as Instant),
  );
};

const stories = fc.record({
  numbers: fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 30 }),
  regime: fc.nat(regimes.length - 1),
});
const dossierIn = (installation: Installation, id: string): Promise<Dossier> =>
  installation.engine.ask(dossierStream(id as DossierId), dossierFolding);

const standing = ({ protection }: Registration): boolean =>
  protection.state === 'live' || protection.state === 'suspended';

/** These fields and no other values in them; a field that is not there is one without a value. */
const expectFields = (row: object | undefined, expected: Readonly<Record<string, unknown>>): void => {
  expect(row).toBeDefined();
  expect(
    Object.fromEntries(Object.keys(expected).map((name) => [name, (row as Readonly<Record<string, unknown>>)[name]])),
  ).toEqual(expected);
};

/**
 * What a registration card, the protection's status, the line of owners and the list of deadlines must say of this
 * dossier.
 */
const expectReadModels = async (installation: Installation, dossier: Dossier): Promise<void> => {
  const cards = await installation.readings.of(registrationCard);
  const deadlines = await installation.readings.of(due);
  for (const registration of dossier.registrations.values()) {
    const {
      id,
      holder,
      filedBy,
      class: name,
      state,
      review,
      protection,
      shares,
      details,
      filedAt,
      rankedAt,
      policy,
      extension,
    } = registration;
    const window = protection.state === 'none' ? undefined : protection.window;
    expectFields(await cards.get(id), {
      registrationId: id,
      holder,
      filedBy,
      class: name,
      state,
      filedAt,
      rankedAt,
      details,
      policy,
      extensionRequested: extension.requested,
      review,
      shares,
      dueAt: review?.dueAt,
      ...(standing(registration)
        ? { startsAt: window?.startsAt, endsAt: window?.endsAt, lastDay: window?.lastDay }
        : {}),
      suspendedSince: protection.state === 'suspended' ? protection.since : undefined,
    });
    const dueAt =
      protection.state === 'live'
        ? protection.window.endsAt
        : protection.state === 'suspended'
          ? protection.until
          : state === 'underReview'
            ? review?.dueAt
            : undefined;
    expect((await deadlines.get(id))?.dueAt).toBe(dueAt);
  }
  const holder = [...dossier.registrations.values()].find(standing);
  const status = await (await installation.readings.of(protectionStatus)).get(dossier.id!);
  expect({
    owner: status?.owner,
    registrationId: status?.registrationId,
    endsAt: status?.endsAt,
    class: status?.class,
    suspended: status?.suspendedSince !== undefined,
    shares: status?.shares,
    mergedInto: status?.mergedInto,
  }).toEqual({
    owner: holder?.holder,
    registrationId: holder?.id,
    endsAt: holder === undefined || holder.protection.state === 'none' ? undefined : holder.protection.window.endsAt,
    class: holder?.class,
    suspended: holder?.protection.state === 'suspended',
    shares: holder?.shares,
    mergedInto: dossier.mergedInto,
  });
  const intervals = (await (await installation.readings.of(ownership)).get(dossier.id!))?.intervals ?? [];
  expect(
    intervals
      .filter(({ open }) => open)
      .map(({ owner, registrationId, suspended }) => ({ owner, registrationId, suspended })),
  ).toEqual(
    holder === undefined
      ? []
      : [{ owner: holder.holder, registrationId: holder.id, suspended: holder.protection.state === 'suspended' }],
  );
  const cases = await installation.readings.of(caseFile);
  for (const { id, claims, verdict, arbiters } of dossier.cases.values())
    expectFields(await cases.get(id), {
      caseId: id,
      claims,
      arbiters,
      state: verdict === undefined ? 'open' : 'decided',
    });
};

describe('whatever is asked, in whatever order', () => {
  it('C4, C11: the log breaks no invariant, a command asked twice is recorded once, and every read model says what the decisions rest on', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async ({ numbers, regime }) => {
        const { installation, reference } = await play(numbers, regime);
        for (const id of reference.folders.keys())
          await expectReadModels(installation, await dossierIn(installation, id));
      }),
      {
        numRuns: Number(process.env['STORIES'] ?? 120),
        ...(process.env['STORY_SEED'] === undefined ? {} : { seed: Number(process.env['STORY_SEED']) }),
      },
    );
  });
});
