import { createProjector } from '#event-sourcing/projection/projector.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import { openMongoReadStore } from '#adapters/read-store-mongodb/read-store-mongodb.js';
import { catalogue } from '#features/edge/catalogue.js';
import { readModels } from '#features/edge/readings.js';
import { deadlines, notices, pen, projections } from '#installation/cluster/cluster-node.js';
import { readDatabase } from '#installation/cluster/open-cluster-node.js';
import { disturb, pause, runClients, startAgain, type Injected } from './campaign.js';
import { ClusterRig, type Urls } from './rig.js';
import { examine, type Findings } from './witness.js';

export interface ClusterStoryPlan {
  readonly servers: number;
  readonly clients: number;
  readonly operations: number;
  readonly customers: number;
  readonly lanes?: number;
  readonly processes: boolean;
  readonly disturbEvery?: number;
  readonly frozenFor?: number;
  readonly seed?: number;
}
export interface ClusterStory {
  readonly findings: Findings;
  readonly injected: Injected | undefined;
  readonly milliseconds: number;
  readonly seen: number;
  readonly attempts: number;
  readonly digestsDiffer: readonly string[];
  readonly noticesTwice: number;
  readonly complaints: readonly string[];
}

/**
 * Clients against servers that are killed and frozen; then the log is asked whether every answer was true, and the read
 * models whether they are its fold.
 */
export const playCluster = async (urls: Urls, plan: ClusterStoryPlan): Promise<ClusterStory> => {
  const parties = 16;
  const rig = await ClusterRig.start(urls, plan.servers, {
    parties,
    policy: {
      'secondClaim: case': 'secondClaim: refuse',
      'lateArrival: overturn': 'lateArrival: refuse',
      'visibility:': 'notices: [{ on: Approved, to: filer, channels: system, says: lastDay }]\nvisibility:',
    },
  });
  try {
    while ([pen, projections, notices, deadlines].some((lease) => rig.holderOf(lease) === undefined)) await pause(50);
    const [over, began] = [new AbortController(), performance.now()];
    const disturbing =
      plan.disturbEvery === undefined
        ? undefined
        : disturb(rig, { every: plan.disturbEvery, frozenFor: plan.frozenFor ?? 12_000, signal: over.signal, pen });
    // Heard below, once the clients have ended.
    disturbing?.catch(() => undefined);
    const seen = await runClients(rig, { ...plan, parties, seed: plan.seed ?? 1 });
    const milliseconds = performance.now() - began;
    over.abort();
    const injected = await disturbing;
    for (const server of rig.servers) {
      server.thaw();
      if (!server.isRunning) await startAgain(server);
    }
    const { log, installation } = rig.guest;
    await log.reach((await log.journalHead()) - 1, AbortSignal.timeout(30_000));
    const findings = await examine(log, seen, installation.clock.now());
    return {
      findings,
      injected,
      milliseconds,
      seen: seen.length,
      attempts: seen.reduce((sum, { attempts }) => sum + attempts, 0),
      digestsDiffer: await differing(rig),
      noticesTwice: await doubledNotices(rig),
      complaints: rig.servers.flatMap(({ complaints }) => complaints),
    };
  } finally {
    await rig.stop();
  }
};

/** Read models that are not what the log folds to, once they have seen all of it. */
const differing = async ({ guest, urls, organisation }: ClusterRig): Promise<readonly string[]> => {
  const { log } = guest;
  const head = await settled(guest);
  const store = memoryReadStore();
  await createProjector({
    log,
    store,
    models: readModels,
    decode: (stored) => decodeEvent(stored, catalogue),
  }).catchUp();
  const kept = openMongoReadStore({ url: urls.mongo, database: readDatabase(organisation) });
  try {
    const differ: string[] = [];
    for (const model of readModels) {
      const [there, folded] = [await kept.live(model), await store.live(model)];
      if ((await there.checkpoint()) < head || (await there.digest()) !== (await folded.digest()))
        differ.push(model.name);
    }
    return differ;
  } finally {
    await kept.close();
  }
};

/** Waits until nothing more is recorded (a notice may follow a ruling) and every read model has seen all. */
const settled = async ({ log, installation: { readings } }: ClusterRig['guest']): Promise<number> => {
  for (;;) {
    const head = await log.journalHead();
    for (let waited = 0; waited < 60; waited += 1) {
      try {
        await readings.seen(head - 1, ...readModels);
        break;
      } catch {
        await pause(500);
      }
    }
    await pause(1_500);
    if ((await log.journalHead()) === head) return head;
  }
};

const doubledNotices = async ({ guest: { log } }: ClusterRig): Promise<number> => {
  const about = new Map<string, number>();
  for (let from = 0; ;) {
    const { events, next } = await log.readAll(from, { types: ['NoticeIssued'] });
    for (const { data } of events) {
      const { body } = JSON.parse(Buffer.from(data).toString('utf8')) as { body: { about: string; to: string } };
      about.set(`${body.about} ${body.to}`, (about.get(`${body.about} ${body.to}`) ?? 0) + 1);
    }
    if (next === from) break;
    from = next;
  }
  return [...about.values()].filter((count) => count > 1).length;
};
