import { straceMissing } from './children.js';
import { runPowerCuts, runWalCuts } from './power-campaign.js';

// soak-power [crash states] [cut logs] [seed]: D3 in its long form.
const seed = Number(process.argv[4] ?? Date.now() % 1_000_000);
const missing = straceMissing();
if (missing !== undefined) throw new Error(`Not run: ${missing}`);
const cuts = await runPowerCuts({ states: Number(process.argv[2] ?? 100_000), seed });
console.info('power cuts', cuts);
const logs = await runWalCuts({ states: Number(process.argv[3] ?? 100_000), seed });
console.info('cut and scribbled write-ahead logs', logs);
process.exitCode = cuts.faults.length + logs.faults.length === 0 ? 0 : 1;
