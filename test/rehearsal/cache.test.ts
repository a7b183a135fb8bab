import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { cacheDirectory, withLock } from "../../rehearsal/cache.ts";

const CACHE = new URL("../../rehearsal/cache.ts", import.meta.url).href;
const quiet = { progress: () => {} };

describe("cacheDirectory", () => {
  it("follows XDG_CACHE_HOME, else the platform's custom", () => {
    expect(cacheDirectory({ XDG_CACHE_HOME: "/c", HOME: "/h" })).to.equal("/c/sentiment-analyzer-promotion");
    expect(cacheDirectory({ HOME: "/h" }, "linux")).to.equal("/h/.cache/sentiment-analyzer-promotion");
    expect(cacheDirectory({ HOME: "/h" }, "darwin")).to.equal(
      "/h/Library/Caches/sentiment-analyzer-promotion",
    );
  });
});

describe("withLock", () => {
  let directory: string;
  let lock: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "lock-"));
    lock = join(directory, "lock");
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("lets one in at a time and hands back what the work returns", async () => {
    let inside = 0;
    const work = async () => {
      inside += 1;
      expect(inside).to.equal(1);
      await delay(20);
      inside -= 1;
      return "done";
    };
    const results = await Promise.all([1, 2, 3].map(() => withLock(lock, work, quiet)));
    expect(results).to.deep.equal(["done", "done", "done"]);
  });

  it("is free again after work that failed", async () => {
    const failed = await withLock(lock, () => Promise.reject(new Error("no luck")), quiet).catch(
      (e) => e.message,
    );
    expect(failed).to.equal("no luck");
    expect(await withLock(lock, async () => "in", quiet)).to.equal("in");
  });

  it("says once for whom it waits", async () => {
    const lines: string[] = [];
    const first = withLock(lock, () => delay(500), quiet);
    await delay(50);
    await withLock(lock, async () => {}, { progress: (line) => lines.push(line) });
    await first;
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain(`process ${process.pid}`).and.to.contain(lock);
  });

  it("gives up waiting when aborted", async () => {
    const abort = new AbortController();
    const first = withLock(lock, () => delay(400), quiet);
    await delay(50);
    setTimeout(() => abort.abort(new Error("enough")), 50);
    const told = await withLock(lock, async () => "in", { ...quiet, signal: abort.signal }).catch(
      (e) => e.message,
    );
    expect(told).to.equal("enough");
    await first;
  });

  it("does not take a process that was given the number of a dead holder for the holder", async () => {
    await withLock(lock, async () => {}, quiet);
    await writeFile(join(lock, "9"), JSON.stringify({ pid: process.pid, started: "1", host: hostname() }));
    expect(await withLock(lock, async () => "in", quiet)).to.equal("in");
  });

  it("lets exactly one of several processes at a time take over from a holder that was killed", async () => {
    const script = join(directory, "contender.ts");
    const log = join(directory, "log");
    await writeFile(
      script,
      `import { appendFileSync } from "node:fs";
       import { withLock } from ${JSON.stringify(CACHE)};
       await withLock(${JSON.stringify(lock)}, async () => {
         appendFileSync(${JSON.stringify(log)}, "+");
         await new Promise((resolve) => setTimeout(resolve, Number(process.argv[2])));
         appendFileSync(${JSON.stringify(log)}, "-");
       }, { progress: () => {} });`,
    );
    await writeFile(log, "");
    const holder = spawn(process.execPath, [script, "60000"]);
    while ((await readFile(log, "utf8")) === "") await delay(20);
    const contenders = Array.from({ length: 5 }, () => spawn(process.execPath, [script, "5"]));
    await delay(100);
    holder.kill("SIGKILL");
    await Promise.all(contenders.map((contender) => once(contender, "exit")));
    expect(await readFile(log, "utf8")).to.equal(`+${"+-".repeat(5)}`);
  });
});
