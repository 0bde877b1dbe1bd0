import { spawnSync } from 'node:child_process';

/** Set in the runs that this spec starts, so that they do not start others. */
const within = process.env['HOST_ZONE_UNDER_TEST'];
const jest = 'node_modules/jest/bin/jest.js';

describe('the zone of the machine', () => {
  if (within !== undefined) {
    it(`is ${within} in this run`, () => expect(Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(within));
    return;
  }
  it.each(['Asia/Shanghai', 'America/Los_Angeles', 'Pacific/Apia'])(
    '%s changes no result: golden clocks, calendars and laws hold',
    (zone) => {
      const run = spawnSync(
        process.execPath,
        [
          '--experimental-vm-modules',
          '--disable-warning=ExperimentalWarning',
          jest,
          'libs/time/',
          '-i',
          '--json',
          '--silent',
          '--coverage=false',
          '--selectProjects',
          'unit',
        ],
        {
          env: { ...process.env, TZ: zone, HOST_ZONE_UNDER_TEST: zone },
          encoding: 'utf8',
          timeout: 280_000,
          maxBuffer: 1 << 26,
        },
      );
      const result = JSON.parse(run.stdout) as { numFailedTests: number; numPassedTests: number; success: boolean };
      expect(result).toMatchObject({ numFailedTests: 0, success: true });
      expect(result.numPassedTests).toBeGreaterThan(100);
    },
    // Three whole runs of the folder, on a machine that may be busy.
    300_000,
  );
});
