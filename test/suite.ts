import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";
import { randomFrom } from "./random.ts";
import { filesOf, ROOT, suiteNamed } from "./suites.ts";

const [name = "unit", counts, ...chosen] = process.argv.slice(2);
const suite = suiteNamed(name);
const files = chosen.length > 0 ? chosen : filesOf(suite);
const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 1_000_000));
const mocha = new Mocha({ timeout: suite.timeoutMs, forbidOnly: true, reporter: "spec" });
for (const file of suite.shuffled ? shuffle(files, seed) : files) mocha.addFile(join(ROOT, file));
await mocha.loadFilesAsync();
if (suite.shuffled) {
  shuffleWithin(mocha.suite);
  process.stdout.write(`Order of the tests: TEST_SEED=${seed}\n`);
}
const runner = mocha.run((failures) => {
  const { passes, failures: failed = failures, pending } = runner.stats ?? { passes: 0, pending: 0 };
  if (counts) writeFileSync(counts, JSON.stringify({ passed: passes, failed, skipped: pending }));
  // What a test left open must not keep the suite from ending.
  process.exit(failed > 0 || passes === 0 ? 1 : 0);
});

/** No test may lean on the one before it: within each `describe`, they run in another order every time. */
function shuffleWithin(within: Mocha.Suite): void {
  within.tests = shuffle(within.tests, seed);
  for (const inner of within.suites) shuffleWithin(inner);
}

/** The Fisher-Yates shuffle; a seed gives the same order again. */
function shuffle<T>(items: T[], from: number): T[] {
  const result = [...items];
  const random = randomFrom(from);
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
