import type { Urls } from './rig.js';
import { playCluster, type ClusterStoryPlan } from './cluster-story.js';

type Size = Pick<ClusterStoryPlan, 'operations' | 'customers' | 'disturbEvery' | 'frozenFor'>;

/** What several servers promise together, each in a process of its own, with clients that see what they are told. */
export const clusterPromises = (urls: () => Promise<Urls>, size: Size): void => {
  it('64 parties of few customers through four servers at once: each customer has one protection, and every answer is true', async () => {
    const { findings, digestsDiffer, noticesTwice } = await playCluster(await urls(), {
      servers: 4,
      clients: 64,
      operations: 64,
      customers: 1,
      processes: false,
    });
    expect({ ...findings, digestsDiffer, noticesTwice }).toMatchObject({
      accepted: 1,
      refused: 63,
      givenUp: 0,
      faults: [],
      liveTwice: 0,
      digestsDiffer: [],
      noticesTwice: 0,
    });
  }, 240_000);

  it('D10, C2: servers are killed and frozen under load; nothing answered is lost, doubled or untrue, and another does the work', async () => {
    const { findings, injected, digestsDiffer, noticesTwice, seen, attempts } = await playCluster(await urls(), {
      servers: 3,
      clients: 8,
      processes: true,
      ...size,
    });
    console.log(
      `D10: ${injected!.kills} kills, ${injected!.freezes} freezes of ${size.frozenFor} ms, ${injected!.stops} stops; the pen was taken over after ${injected!.takeovers.map((milliseconds) => `${(milliseconds / 1_000).toFixed(1)} s`).join(', ')}; ${seen} operations in ${attempts} attempts, ${findings.events} events`,
    );
    expect(injected!.kills + injected!.freezes).toBeGreaterThan(0);
    expect({
      faults: findings.faults,
      givenUp: findings.givenUp,
      liveTwice: findings.liveTwice,
      digestsDiffer,
      noticesTwice,
    }).toEqual({ faults: [], givenUp: 0, liveTwice: 0, digestsDiffer: [], noticesTwice: 0 });
  }, 600_000);
};
