import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { memoryPositions } from '#adapters/positions-memory/positions-memory.js';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { seededIds, simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Code, CommandId, OrganisationId, PartyId } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from '#features/deciding/decision-facts.js';
import { ownership } from '#features/dossier/protection/ownership/ownership.js';
import { protectionStatus } from '#features/dossier/protection/protection-status/protection-status.js';
import { register } from '#features/dossier/registration/register/register.js';
import { endOfLastDay, on, programId, rehearsalKeys, rehearsalText } from '#features/dossier/testing/rehearsal.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { openEmbedded } from '#installation/embedded.js';
import { Installation } from '#installation/installation.js';
import { isLive } from '#test/simulation/folders.js';
import { Reference } from '#test/simulation/reference.js';

const claimants = 64;
const now = on('2026-03-02');
/** One number, as 64 people write it. */
const spelling = (claimant: number): string =>
  [
    '13800000001',
    '138 0000 0001',
    '+86 138-0000-0001',
    '(86)138-0000-0001',
    '0086 13800000001',
    '１３８０００００００１',
  ][claimant % 6]!;

const base = (commandId: string, by: string): CommandBase => ({
  commandId: commandId as CommandId,
  by: by as PartyId,
  receivedAt: now,
  receivedBy: 'system' as Code,
  ...(by === 'root' ? { granted: ['administrator' as const] } : {}),
});

const prepare = async ({ desk }: Installation, replaced: Readonly<Record<string, string>>): Promise<void> => {
  await desk.send(openProgram, { ...base('open', 'root'), programId, title: { zh: '排练', en: 'Rehearsal' } });
  await desk.send(publishPolicy, {
    ...base('publish', 'root'),
    programId,
    text: rehearsalText(replaced),
    effectiveFrom: on('2026-01-01'),
    authority: 'the tests',
  });
  for (let claimant = 0; claimant < claimants; claimant += 1)
    await desk.send(enrolParty, {
      ...base(`enrol-${claimant}`, 'root'),
      partyId: `dealer-${claimant}` as PartyId,
      kind: 'dealer',
      name: `渠道${claimant}`,
    });
};

const file = ({ desk }: Installation, claimant: number): Promise<Outcome> =>
  desk.send(register, {
    ...base(`file-${claimant}`, `dealer-${claimant}`),
    programId,
    class: 'walkIn',
    channel: 'system',
    form: { name: '王芳', phone: spelling(claimant) },
    attachments: [],
  });

/** Everybody at once, each twice: as clients do that heard no answer. */
const race = async (installations: readonly Installation[]): Promise<readonly Outcome[]> => {
  const everybody = Array.from({ length: claimants }, (_, claimant) => claimant);
  const sent = everybody.flatMap((claimant) => [
    file(installations[claimant % installations.length]!, claimant),
    file(installations[(claimant + 1) % installations.length]!, claimant),
  ]);
  return await Promise.all(sent);
};

/** The whole log read a second way: no invariant broken, each command once; then who stands. */
const readLog = async ({ parts }: Installation): Promise<Reference> => {
  const reference = new Reference();
  for (let from = 0, head = await parts.log.head(); from < head;) {
    const { events, next } = await parts.log.readAll(from);
    for (const event of events) reference.take(event);
    from = next;
  }
  return reference;
};

const expectOneHolder = async (
  installation: Installation,
  outcomes: readonly Outcome[],
  losers: 'refused' | 'inCase',
): Promise<void> => {
  const reference = await readLog(installation);
  const [root, ...others] = [...reference.folders.keys()];
  expect(others).toEqual([]);
  expect(reference.claims.filter((claim) => isLive(claim, now))).toHaveLength(1);

  for (let claimant = 0; claimant < claimants; claimant += 1)
    expect(reference.commands.has(`file-${claimant}`)).toBe(true);
  for (let place = 0; place < outcomes.length; place += 2)
    expect({ ...outcomes[place], repeated: true }).toEqual({ ...outcomes[place + 1], repeated: true });

  const refused = outcomes.filter(({ outcome }) => outcome === 'refused');
  expect(refused).toHaveLength(losers === 'refused' ? (claimants - 1) * 2 : 0);
  expect(outcomes.filter(({ outcome }) => outcome === 'indeterminate')).toEqual([]);
  for (const outcome of refused) {
    if (outcome.outcome !== 'refused') continue;
    // A truthful refusal: the day is the holder's, and the winner stands before it in the log.
    expect(outcome.events[0]!.event).toMatchObject({
      rejections: [{ reason: 'ProtectedByAnother', accepted: { freeFrom: endOfLastDay('2026-03-09') } }],
    });
  }
  await installation.catchUp();
  const status = await (await installation.readings.of(protectionStatus)).get(root!);
  const owners = await (await installation.readings.of(ownership)).get(root!);
  const winner = reference.claims.find((claim) => isLive(claim, now))!;
  expect(status).toMatchObject({ owner: winner.holder });
  expect(owners?.intervals).toHaveLength(1);
};

describe.each([
  ['a second claim is refused', { 'secondClaim: case': 'secondClaim: refuse' }, 'refused'],
  ['a second claim opens a case', {}, 'inCase'],
] as const)('C1: 64 parties file one customer at the same moment; %s', (_name, replaced, losers) => {
  it('on one installation on SQLite: one is protected, and after a restart the same one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parallel-'));
    const clock = simulatedClock(now);
    const options = { folder: join(folder, 'data'), masterKeyPath: join(folder, 'master.key'), clock, timers: clock };
    let installation = await openEmbedded(options);
    await prepare(installation, replaced);
    const outcomes = await race([installation]);
    await expectOneHolder(installation, outcomes, losers);
    await installation.close();
    installation = await openEmbedded(options);
    const again = await race([installation]);
    await expectOneHolder(installation, again, losers);
    expect(again.map((outcome) => outcome.outcome)).toEqual(outcomes.map((outcome) => outcome.outcome));
    await installation.close();
    rmSync(folder, { recursive: true });
  });

  it('on two installations over one journal, each often behind the other', async () => {
    const journal = memoryJournal();
    const keyStore = rehearsalKeys();
    const clock = simulatedClock(now);
    const open = (seed: number): Promise<Installation> =>
      Installation.open({
        log: memoryEventLog({ journal }),
        keyStore,
        readStore: memoryReadStore(),
        positions: memoryPositions(),
        clock,
        timers: clock,
        ids: seededIds(seed),
        organisation: 'parallel' as OrganisationId,
      });
    const installations = [await open(1), await open(2)];
    await prepare(installations[0]!, replaced);
    const outcomes = await race(installations);
    await expectOneHolder(installations[0]!, outcomes, losers);
    await expectOneHolder(installations[1]!, outcomes, losers);
    expect(installations.reduce((sum, { engine }) => sum + engine.redecided, 0)).toBeGreaterThan(0);
  });
});
