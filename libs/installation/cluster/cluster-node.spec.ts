import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemIds, systemStopwatch, systemTimers } from '#adapters/clock-system/clock-system.js';
import { memoryHeartbeats } from '#adapters/heartbeats-memory/heartbeats-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { memoryPositions } from '#adapters/positions-memory/positions-memory.js';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { Journal } from '#event-sourcing/ports/journal.js';
import type { Code, CommandId, OrganisationId, PartyId } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from '#features/deciding/decision-facts.js';
import { protectionStatus } from '#features/dossier/protection/protection-status/protection-status.js';
import { register } from '#features/dossier/registration/register/register.js';
import { on, programId, rehearsalKeys, rehearsalText } from '#features/dossier/testing/rehearsal.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { isLive } from '#test/simulation/folders.js';
import { Reference } from '#test/simulation/reference.js';
import { ClusterNode, deadlines, notices, pen, projections } from './cluster-node.js';

const now = on('2026-03-02');
const base = (commandId: string, by: string): CommandBase => ({
  commandId: commandId as CommandId,
  by: by as PartyId,
  receivedAt: now,
  receivedBy: 'system' as Code,
  ...(by === 'root' ? { granted: ['administrator' as const] } : {}),
});
const leaseTimes = { round: 20, hold: 300, silence: 400 };
/** Where nobody falls silent: a busy machine must not look like one that is dead. */
const patientTimes = { ...leaseTimes, hold: 8_000, silence: 10_000 };

/** Several servers in one process, over one journal, one read store and one key store. */
class Cluster {
  readonly errors: unknown[] = [];
  readonly journal: Journal = memoryJournal('cluster');
  private readonly folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  private readonly keyStore = { ...rehearsalKeys(), close: async () => undefined };
  private readonly readStore = { ...memoryReadStore(), close: async () => undefined };
  private readonly positions = memoryPositions();
  readonly heartbeats = memoryHeartbeats();
  readonly nodes: ClusterNode[] = [];
  times = leaseTimes;

  async add({ isPeer = true } = {}): Promise<ClusterNode> {
    const { journal, keyStore, readStore, positions, heartbeats } = this;
    const node = await ClusterNode.open({
      journal: { ...bound(journal), close: async () => undefined },
      keyStore,
      readStore,
      positions,
      heartbeats,
      folder: join(this.folder, String(this.nodes.length)),
      clock: { now: () => now },
      timers: systemTimers,
      stopwatch: systemStopwatch,
      ids: systemIds,
      organisation: 'cluster' as OrganisationId,
      leaseTimes: this.times,
      onError: (error) => {
        this.errors.push(error);
      },
      ...(isPeer ? { peer: { host: '127.0.0.1', port: 0 } } : {}),
    });
    this.nodes.push(node);
    await node.start();
    return node;
  }

  holderOf(lease: Code): ClusterNode | undefined {
    return this.nodes.find(({ leases }) => leases.holds(lease));
  }

  async close(): Promise<void> {
    for (const node of this.nodes) await node.close();
    rmSync(this.folder, { recursive: true });
  }
}
const bound = (journal: Journal): Journal => ({
  journalId: journal.journalId,
  append: (batch, head) => journal.append(batch, head),
  read: (from, max) => journal.read(from, max),
  head: () => journal.head(),
  wake: (listener) => journal.wake(listener),
  close: () => journal.close(),
});

const prepare = async ({ installation: { desk } }: ClusterNode, claimants: number): Promise<void> => {
  await desk.send(openProgram, { ...base('open', 'root'), programId, title: { zh: '排练', en: 'Rehearsal' } });
  await desk.send(publishPolicy, {
    ...base('publish', 'root'),
    programId,
    text: rehearsalText({ 'secondClaim: case': 'secondClaim: refuse' }),
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
const file = (
  { installation: { desk } }: ClusterNode,
  claimant: number,
  phone = '13800000001',
  id = `file-${claimant}`,
): Promise<Outcome> =>
  desk.send(register, {
    ...base(id, `dealer-${claimant}`),
    programId,
    class: 'walkIn',
    channel: 'system',
    form: { name: '王芳', phone },
    attachments: [],
  });

/** Waits for what the servers do by themselves, not for a time. */
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds())
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
};

const liveClaims = async (journal: Journal): Promise<number> => {
  const reference = new Reference();
  for (let from = 0; ;) {
    const events = await journal.read(from, 1_000);
    if (events.length === 0) break;
    for (const event of events) reference.take(event);
    from += events.length;
  }
  return reference.claims.filter((claim) => isLive(claim, now)).length;
};

describe('several servers on one journal', () => {
  let cluster: Cluster;
  beforeEach(() => {
    cluster = new Cluster();
  });
  afterEach(() => cluster.close());
  const holders = (): readonly number[] =>
    [pen, projections, notices, deadlines].map(
      (lease) => cluster.nodes.filter(({ leases }) => leases.holds(lease)).length,
    );

  it('64 parties file one customer through four of them: one is protected, most commands were handed to the pen', async () => {
    for (let server = 0; server < 4; server += 1) await cluster.add();
    await until(() => holders().every((count) => count === 1));
    await prepare(cluster.nodes[1]!, 64);
    const outcomes = await Promise.all(
      Array.from({ length: 64 }, (_, claimant) => file(cluster.nodes[claimant % 4]!, claimant)),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'refused')).toHaveLength(63);
    expect(await liveClaims(cluster.journal)).toBe(1);
    expect(cluster.nodes.reduce((sum, { log }) => sum + log.handed, 0)).toBeGreaterThan(64);
    expect(cluster.errors).toEqual([]);
  });

  it('what one server has recorded another shows, once it is asked with the position of the answer', async () => {
    for (let server = 0; server < 3; server += 1) await cluster.add();
    await until(() => holders().every((count) => count === 1));
    await prepare(cluster.nodes[2]!, 3);
    for (let server = 0; server < 3; server += 1) {
      const outcome = await file(cluster.nodes[server]!, server, `1380000000${server}`);
      if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
      const reader = cluster.nodes[(server + 1) % 3]!.installation.readings;
      await reader.seen(outcome.position, protectionStatus);
      expect((await (await reader.of(protectionStatus)).page({ where: {}, order: [], first: 10 })).rows).toHaveLength(
        server + 1,
      );
    }
  });

  it('a holder that stops in good order is replaced at once, one whose heart stops after its silence; no command is lost on the way', async () => {
    const [first] = [await cluster.add(), await cluster.add()];
    await until(() => holders().every((count) => count === 1));
    expect(cluster.holderOf(pen)).toBe(first);
    await prepare(cluster.nodes[1]!, 40);
    const filing = (async () => {
      const outcomes: Outcome[] = [];
      for (let claimant = 0; claimant < 40; claimant += 1)
        outcomes.push(await file(cluster.nodes.at(-1)!, claimant, `138000001${String(claimant).padStart(2, '0')}`));
      return outcomes;
    })();
    await cluster.nodes.shift()!.close();
    const outcomes = await filing;
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(40).fill('accepted'));
    expect(await liveClaims(cluster.journal)).toBe(40);
    await until(() => holders().every((count) => count === 1));
  });

  it('the holder of the pen leaves everything else to a server that has nothing to do, and takes it up again when that one is gone', async () => {
    cluster.times = patientTimes;
    const first = await cluster.add();
    await until(() => holders().every((count) => count === 1));
    await prepare(first, 6);
    const second = await cluster.add();
    await until(() => [projections, notices, deadlines].every((lease) => cluster.holderOf(lease) === second));
    const third = await cluster.add();
    for (let claimant = 0; claimant < 6; claimant += 1) {
      const outcome = await file([first, second, third][claimant % 3]!, claimant, `1380000000${claimant}`);
      const reader = first.installation.readings;
      await reader.seen((outcome as { position: number }).position, protectionStatus);
      expect((await (await reader.of(protectionStatus)).page({ where: {}, order: [], first: 10 })).rows).toHaveLength(
        claimant + 1,
      );
    }
    expect(
      [pen, projections, notices, deadlines].map((lease) => cluster.nodes.indexOf(cluster.holderOf(lease)!)),
    ).toEqual([0, 1, 1, 1]);
    for (const gone of [second, third]) await cluster.nodes.splice(cluster.nodes.indexOf(gone), 1)[0]!.close();
    await until(() => [pen, projections, notices, deadlines].every((lease) => cluster.holderOf(lease) === first));
    expect(cluster.errors).toEqual([]);
  });

  it('what is left to a server that does not take it is taken up again, and left to that one no more', async () => {
    cluster.times = patientTimes;
    const first = await cluster.add();
    await until(() => holders().every((count) => count === 1));
    let beats = 0;
    const ghost = setInterval(() => {
      beats += 1;
      void cluster.heartbeats.beat('idle', 'ghost', 0);
    }, leaseTimes.round);
    const given = async (): Promise<number> => (await first.log.readAll(0, { types: ['LeaseReleased'] })).events.length;
    await until(() => first.leases.terms().get(projections)! > 1);
    const before = beats;
    await until(() => beats > before + 20);
    clearInterval(ghost);
    expect([
      await given(),
      [pen, projections, notices, deadlines].map((lease) => first.leases.terms().get(lease)),
      holders(),
    ]).toEqual([3, [1, 2, 2, 2], [1, 1, 1, 1]]);
  });

  it('an old sign of a server that is long gone moves nothing', async () => {
    cluster.times = patientTimes;
    await cluster.heartbeats.beat('idle', 'gone', 0);
    const first = await cluster.add();
    await until(() => holders().every((count) => count === 1));
    await systemTimers.sleep(3 * leaseTimes.round);
    expect([pen, projections, notices, deadlines].map((lease) => first.leases.terms().get(lease))).toEqual([
      1, 1, 1, 1,
    ]);
  });

  it('is not ready while the journal does not answer', async () => {
    const {
      installation: {
        parts: { readiness },
      },
    } = await cluster.add();
    await until(() => holders().every((count) => count === 1));
    expect([await readiness!['journal']!(), await readiness!['heartbeats']!()]).toEqual([true, true]);
    cluster.journal.head = () => Promise.reject(new Error('away'));
    await expect(readiness!['journal']!()).rejects.toThrow('away');
  });

  it('one that nobody can reach, as a command line, hands its commands on and holds nothing', async () => {
    await cluster.add();
    await until(() => holders().every((count) => count === 1));
    const guest = await cluster.add({ isPeer: false });
    await prepare(guest, 1);
    expect((await file(guest, 0)).outcome).toBe('accepted');
    expect([guest.log.handed > 0, guest.leases.holds(pen)]).toEqual([true, false]);
  });
});
