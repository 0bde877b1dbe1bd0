import { runKills } from './kill-campaign.js';

// soak-kill [kills] [seed]: D1 and C11 in their long form.
const report = await runKills({
  kills: Number(process.argv[2] ?? 10_000),
  seed: Number(process.argv[3] ?? Date.now() % 1_000_000),
});
console.info(report);
process.exitCode = report.faults.length === 0 ? 0 : 1;
