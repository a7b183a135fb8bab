import { globSync } from "node:fs";
import { resolve } from "node:path";
import type { InstrumenterContext } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  type CompleteDryRunResult,
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import Mocha from "mocha";

/** What the instrumented code looks at: which mutant is active, and whose turn it is. */
const context = globalThis as typeof globalThis & { __stryker__?: InstrumenterContext };
context.__stryker__ ??= {};
const stryker = context.__stryker__;

/** The tests that name what the core does. The simulation and the faults would kill what no test names. */
const TESTS = "test/orchestrator/{promotion,steps,scenarios}/**/*.test.ts";
/** A test that goes wrong may wait for ever; Stryker ends it, but a test that says so is quicker. */
const TIMEOUT_MS = 5_000;

/**
 * Runs the unit tests in this process for one mutant after the other: loading them takes longer than running those that
 * reach a mutant. Stryker's own runner for mocha does not know mocha 12.
 */
class CoreTests implements TestRunner {
  readonly #mocha = new Mocha({ timeout: TIMEOUT_MS });
  #loaded = false;
  #beforeEach: ((title: string) => void) | undefined;

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init(): Promise<void> {
    this.#mocha.cleanReferencesAfterRun(false);
    for (const file of globSync(TESTS).sort()) this.#mocha.addFile(resolve(file));
    const begins = (title: string) => this.#beforeEach?.(title);
    this.#mocha.suite.beforeEach(function () {
      begins(this.currentTest?.fullTitle() ?? "");
    });
  }

  async dryRun({ coverageAnalysis }: DryRunOptions): Promise<DryRunResult> {
    this.#beforeEach = (title) => {
      stryker.currentTestId = title;
    };
    const result = await this.#run();
    this.#beforeEach = undefined;
    return coverageAnalysis === "off" ? result : { ...result, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
    stryker.hitLimit = hitLimit;
    stryker.hitCount = hitLimit === undefined ? undefined : 0;
    const only = testFilter ? new Set(testFilter) : undefined;
    const result = await this.#run(activeMutant.id, only);
    return toMutantRunResult(determineHitLimitReached(stryker.hitCount, stryker.hitLimit) ?? result);
  }

  async #run(mutant?: string, only?: Set<string>): Promise<CompleteDryRunResult> {
    // What is made while a module is loaded is made once: such a mutant must be active by then.
    stryker.activeMutant = mutant;
    if (!this.#loaded) await this.#mocha.loadFilesAsync();
    this.#loaded = true;
    bailAtFirst(this.#mocha.suite, mutant !== undefined);
    choose(this.#mocha.suite, only);
    return { status: DryRunStatus.Complete, tests: await this.#play() };
  }

  #play(): Promise<TestResult[]> {
    const tests: TestResult[] = [];
    let began = performance.now();
    const add = (test: Mocha.Runnable, failure?: Error) => {
      const name = test.ctx?.currentTest?.fullTitle() ?? test.fullTitle();
      const told = { id: name, name, timeSpentMs: performance.now() - began };
      tests.push(
        failure
          ? { ...told, status: TestStatus.Failed, failureMessage: failure.message || "it failed" }
          : { ...told, status: TestStatus.Success },
      );
      began = performance.now();
    };
    return new Promise((done) => {
      const runner = this.#mocha.run(() => done(tests));
      runner.on("pass", (test) => add(test));
      runner.on("fail", (test, error) => add(test, error as Error));
    });
  }
}

function bailAtFirst(suite: Mocha.Suite, bail: boolean): void {
  suite.bail(bail);
  for (const inner of suite.suites) bailAtFirst(inner, bail);
}

/** All tests of a suite as they were loaded: each run gets those of them that it wants. */
const loaded = new WeakMap<Mocha.Suite, Mocha.Test[]>();

function choose(suite: Mocha.Suite, only: Set<string> | undefined): void {
  const all = loaded.get(suite) ?? suite.tests;
  loaded.set(suite, all);
  suite.tests = only ? all.filter((test) => only.has(test.fullTitle())) : all;
  for (const inner of suite.suites) choose(inner, only);
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "core-tests", CoreTests)];
