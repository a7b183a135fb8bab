/**
 * Mutation testing of the core: `npm run mutation`. Each mutant must be killed by a unit test of the promotion, of its steps
 * or of a scenario.
 */
export default {
  mutate: ["orchestrator/promotion/**/*.ts", "orchestrator/steps/**/*.ts"],
  plugins: ["./test/mutation/runner.ts"],
  testRunner: "core-tests",
  coverageAnalysis: "perTest",
  // A text for people may be put in other words. Where a test, a script or the ledger goes by a text, that is a type.
  mutator: { excludedMutations: ["StringLiteral"] },
  // Erased, not compiled: what the types forbid is still a mutant, and a test must notice it.
  disableTypeChecks: false,
  concurrency: 2,
  timeoutMS: 10_000,
  reporters: ["clear-text"],
  clearTextReporter: { allowColor: false, reportTests: false },
  thresholds: { high: 98, low: 95, break: 95 },
  tempDirName: ".stryker-tmp",
  cleanTempDir: "always",
};
