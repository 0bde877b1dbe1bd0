import type { Campaigns } from './campaign.js';
import { runKills } from './kill-campaign.js';
import { runPowerCuts, runWalCuts } from './power-campaign.js';
import { runStoresKilled, runStoresPowerCuts } from './stores-campaign.js';
import { runSyscallFaults } from './syscall-campaign.js';

const campaigns: {
  readonly [Name in keyof Campaigns]: (plan: Campaigns[Name]['plan']) => Promise<Campaigns[Name]['report']>;
} = {
  kills: runKills,
  syscalls: runSyscallFaults,
  powerCuts: runPowerCuts,
  walCuts: runWalCuts,
  storesKilled: runStoresKilled,
  storesPowerCut: runStoresPowerCuts,
};

// run-campaign <name> <plan as JSON>: prints the report as JSON.
const [name, plan] = process.argv.slice(2);
if (name === undefined || plan === undefined || !(name in campaigns))
  throw new Error(`Say one of ${Object.keys(campaigns).join(', ')} and its plan`);
process.stdout.write(
  JSON.stringify(await (campaigns[name as keyof Campaigns] as (plan: unknown) => Promise<unknown>)(JSON.parse(plan))),
);
