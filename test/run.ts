import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { groupsOf, suiteNamed } from "./suites.ts";

type Counts = { passed: number; failed: number };

const wanted = process.argv.length > 2 ? process.argv.slice(2) : ["unit", "emulator", "e2e"];
const scratch = mkdtempSync(join(tmpdir(), "test-counts-"));
const total: Counts = { passed: 0, failed: 0 };
let broken = false;

for (const name of wanted) {
  process.stdout.write(`\n── ${name} ──\n`);
  const began = performance.now();
  const suite = suiteNamed(name);
  const waiting = groupsOf(suite);
  const alone = waiting.length === 1;
  const lanes = Array.from({ length: suite.sideBySide }, async () => {
    for (let group = waiting.shift(); group; group = waiting.shift()) await runGroup(name, group, alone);
  });
  await Promise.all(lanes);
  process.stdout.write(`${name}: ${secondsSince(began)} s\n`);
}

rmSync(scratch, { recursive: true });
if (process.env.TEST_COUNTS) writeFileSync(process.env.TEST_COUNTS, JSON.stringify(total));
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = broken || total.failed > 0 || total.passed === 0 ? 1 : 0;

/** Runs some files in a process of their own. What it reports is shown at once if it is alone, else when it has ended. */
async function runGroup(suite: string, files: string[], alone: boolean): Promise<void> {
  const began = performance.now();
  const counts = join(scratch, `${suite}-${total.passed}-${began}`);
  if (!alone) process.stdout.write(`${files.join(", ")} begins\n`);
  const child = spawn(process.execPath, [join(import.meta.dirname, "suite.ts"), suite, counts, ...files], {
    stdio: ["ignore", alone ? "inherit" : "pipe", "inherit"],
  });
  const said: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => said.push(chunk));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  process.stdout.write(Buffer.concat(said));
  if (!alone) process.stdout.write(`${files.join(", ")} took ${secondsSince(began)} s\n`);
  const ended = read(counts);
  total.passed += ended?.passed ?? 0;
  // Files that ended without a count have failed as a whole.
  total.failed += ended?.failed ?? 1;
  broken ||= status !== 0;
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 1_000);
}

function read(file: string): Counts | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
