export default {
  testMatch: ["<rootDir>/tests/**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "^.+\\.ts$": "<rootDir>/scripts/strip-types.mjs" },
  watchman: false,
  // No test waits for time to pass, but a busy machine takes its time, and many tests start processes.
  testTimeout: 20_000,
};
