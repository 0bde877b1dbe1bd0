import { straceMissing } from './children.js';
import { runSyscallFaults } from './syscall-campaign.js';

// soak-syscalls [points per fault] [seed]: D2 and D4 in their long form, by default at every system call of the script.
const pointsMax = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const missing = straceMissing();
if (missing !== undefined) throw new Error(`Not run: ${missing}`);

const killed = await runSyscallFaults({
  calls: ['fsync', 'pwrite64', 'ftruncate', 'unlink', 'openat'],
  does: 'signal=SIGKILL',
  pointsMax,
  seed,
});
console.info('killed', killed);
const once = await runSyscallFaults({
  calls: ['fsync', 'pwrite64', 'pread64', 'ftruncate'],
  does: 'error=EIO',
  pointsMax,
  seed,
});
console.info('EIO once', once);
const lasting = await runSyscallFaults({
  calls: ['fsync', 'pwrite64', 'pread64'],
  does: 'error=EIO',
  pointsMax,
  seed,
  lasting: true,
});
console.info('EIO from then on', lasting);
const full = await runSyscallFaults({ calls: ['pwrite64'], does: 'error=ENOSPC', pointsMax, seed });
console.info('ENOSPC', full);
process.exitCode = [killed, once, lasting, full].every(({ faults }) => faults.length === 0) ? 0 : 1;
