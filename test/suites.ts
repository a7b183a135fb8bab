import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");

type Suite = {
  files: string;
  timeoutMs: number;
  shuffled: boolean;
  /** How many groups of files run at once, each in a process of its own. */
  sideBySide: number;
};

/** The suites: what runs where. `test/integration` is not here: it is a promotion that runs it, against what is deployed. */
export const SUITES: Record<string, Suite> = {
  unit: {
    files: "test/{docs,infra,lambdas,orchestrator,rehearsal}/**/*.test.ts",
    timeoutMs: 10_000,
    shuffled: true,
    sideBySide: 1,
  },
  emulator: { files: "test/emulator/**/*.test.ts", timeoutMs: 60_000, shuffled: false, sideBySide: 1 },
  // They wait for AWS, or its emulator, much of the time.
  e2e: { files: "test/e2e/**/*.test.ts", timeoutMs: 900_000, shuffled: false, sideBySide: 2 },
};

export function suiteNamed(name: string): Suite {
  const suite = SUITES[name];
  if (!suite) throw new Error(`there is no suite "${name}"; there are ${Object.keys(SUITES).join(", ")}`);
  return suite;
}

/** The files of a suite, relative to the project. */
export const filesOf = (suite: Suite): string[] => globSync(suite.files, { cwd: ROOT }).sort();

/** A fixture that raises one environment for all who use it in the same process, and leave it as they found it. */
const SHARED = /from "\.\/(service-fixture)\.ts"/;

/** What runs in one process: files that share an environment, and each other file by itself. The longest come first. */
export function groupsOf(suite: Suite): string[][] {
  const files = filesOf(suite);
  if (suite.sideBySide === 1) return [files];
  const groups = Object.groupBy(
    files,
    (file) => SHARED.exec(readFileSync(join(ROOT, file), "utf8"))?.[1] ?? file,
  );
  return Object.values(groups)
    .filter((group) => group !== undefined)
    .sort((a, b) => b.length - a.length);
}
