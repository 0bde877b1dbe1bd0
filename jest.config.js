/** Two projects: everything that can run side by side, and the suites that kill, starve or race real processes, one at a time. */
const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
};

export default {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/(apps|libs|test)/**/*.spec.ts'], testPathIgnorePatterns: ['<rootDir>/test/fault/', '<rootDir>/node_modules/', '<rootDir>/dist/'] },
    { ...shared, displayName: 'fault', testMatch: ['<rootDir>/test/fault/**/*.spec.ts'] },
  ],
  testTimeout: 120_000,
};
