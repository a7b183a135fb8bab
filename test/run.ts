import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Counts = { passed: number; failed: number };

const wanted = process.argv.length > 2 ? process.argv.slice(2) : ["unit", "emulator", "e2e"];
const scratch = mkdtempSync(join(tmpdir(), "test-counts-"));
const total: Counts = { passed: 0, failed: 0 };
let broken = false;

for (const suite of wanted) {
  const began = performance.now();
  process.stdout.write(`\n── ${suite} ──\n`);
  const file = join(scratch, suite);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, "suite.ts"), suite, file], {
    stdio: "inherit",
  });
  const counts = read(file);
  total.passed += counts?.passed ?? 0;
  // A suite that ended without a count has failed as a whole.
  total.failed += counts?.failed ?? 1;
  broken ||= status !== 0;
  process.stdout.write(`${suite}: ${Math.round((performance.now() - began) / 1_000)} s\n`);
}

rmSync(scratch, { recursive: true });
if (process.env.TEST_COUNTS) writeFileSync(process.env.TEST_COUNTS, JSON.stringify(total));
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = broken || total.failed > 0 || total.passed === 0 ? 1 : 0;

function read(file: string): Counts | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
