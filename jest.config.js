/** Three projects: everything that can run side by side, the suites that kill, starve or race real processes, which come after it, two at a time; and what runs on real servers only. */
const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
};

export default {
  testSequencer: '<rootDir>/test/slow-first.js',
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/(apps|libs|test)/**/*.spec.ts'], testPathIgnorePatterns: ['<rootDir>/test/fault/', '<rootDir>/node_modules/', '<rootDir>/dist/', '\\.live\\.spec\\.ts$'] },
    { ...shared, displayName: 'fault', testMatch: ['<rootDir>/test/fault/**/*.spec.ts'], testPathIgnorePatterns: ['<rootDir>/node_modules/', '<rootDir>/dist/', '\\.live\\.spec\\.ts$'] },
    // Needs real servers, which EVENTSTOREDB_URL and MONGODB_URL name.
    { ...shared, displayName: 'live', testMatch: ['<rootDir>/(apps|libs|test)/**/*.live.spec.ts'] },
  ],
  // A hang, and nothing else: on a machine that does other work too, a campaign takes several times as long.
  testTimeout: 600_000,
};
