import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Problem } from "../../../orchestrator/problem.ts";
import { builtEngine, cachedBuild } from "../../../rehearsal/engine/built.ts";
import { emptyMachine, type Machine } from "./machine-fixture.ts";

/** A Go that knows its version, lists three packages and "builds" by what `build` says; $out is where to. */
const go = (build: string, version = "go1.99.0") => `
case "$1" in
  env) echo ${version};;
  list) echo 'go: downloading x v1' >&2; echo a; echo b; echo c;;
  build)
    for word in "$@"; do [ "$last" = -o ] && out=$word; last=$word; done
    echo "$PPID" >> "$HOME.builds"
    ${build};;
esac`;
const BUILDS = 'for tool in pulumi dynamic; do touch "$out$tool"; chmod 755 "$out$tool"; done';

describe("a built engine", () => {
  let machine: Machine;
  const builds = async () =>
    (await readFile(`${machine.options.env.HOME}.builds`, "utf8")).trim().split("\n").length;
  const leftInCache = async () => (await readdir(machine.cache)).filter((name) => !name.endsWith(".lock"));
  const failure = (work: Promise<unknown>): Promise<Problem> =>
    work.then(
      () => expect.fail("passed"),
      (e) => e,
    );
  beforeEach(async () => {
    machine = await emptyMachine();
    await machine.terraformProvider();
  });
  afterEach(() => machine.remove());

  it("is kept in the cache, named by its sources and by Go, and found again without Go", async () => {
    const path = await machine.command("go", go(BUILDS));
    const engine = await builtEngine(machine.options);
    expect(engine.pulumiRoot).to.match(/engine-[0-9a-f]{12}-\w+-\w+-go1\.99\.0$/);
    await writeFile(path, "#!/bin/sh\nexit 1\n");
    expect(await cachedBuild(machine.options)).to.deep.equal(engine);
  });

  it("is not found when there is none", async () => {
    expect(await cachedBuild(machine.options)).to.equal(undefined);
  });

  it("is built once when two ask at the same time", async () => {
    await machine.command("go", go(`sleep 0.3; ${BUILDS}`));
    const engines = await Promise.all([builtEngine(machine.options), builtEngine(machine.options)]);
    expect(engines[0]).to.deep.equal(engines[1]);
    expect(await builds()).to.equal(1);
    expect(machine.lines.filter((line) => line.startsWith("waiting for process"))).to.have.length(1);
  });

  it("that fails half-way leaves nothing that counts, tells Go's last words, and is started over", async () => {
    await machine.command("go", go('touch "$out"pulumi; echo "no space left on device" >&2; exit 1'));
    const problem = await failure(builtEngine(machine.options));
    expect(problem.code).to.equal("engine-build-failed");
    expect(problem.message).to.contain("no space left on device");
    expect(await leftInCache()).to.deep.equal([]);
    await machine.command("go", go(BUILDS));
    expect((await builtEngine(machine.options)).source).to.equal("built");
  });

  it("removes what a killed build left behind", async () => {
    await machine.command("go", go(BUILDS));
    const { pulumiRoot } = await builtEngine(machine.options);
    await machine.file(
      join("cache", "sentiment-analyzer-promotion", `${pulumiRoot.split("/").at(-1)}.draft-x`, "a"),
      "",
    );
    await writeFile(join(pulumiRoot, "bin", "pulumi"), "");
    await chmod(join(pulumiRoot, "bin", "pulumi"), 0o644);
    await builtEngine(machine.options);
    expect(await leftInCache()).to.deep.equal([pulumiRoot.split("/").at(-1)]);
  });

  it("ends Go and all that it started when aborted", async () => {
    await machine.command("go", go(`(sleep 60) & echo $! > "$HOME.pid"; sleep 60`));
    const abort = new AbortController();
    const failed = failure(builtEngine({ ...machine.options, signal: abort.signal }));
    const read = () => readFile(`${machine.options.env.HOME}.pid`, "utf8").catch(() => "");
    let pid = await read();
    while (pid === "") {
      await delay(20);
      pid = await read();
    }
    abort.abort(new Error("enough"));
    expect((await failed).message).to.equal("enough");
    expect(await leftInCache()).to.deep.equal([]);
    expect(await isRunning(Number(pid))).to.equal(false);
  });

  it("needs Go", async () => {
    const problem = await failure(builtEngine(machine.options));
    expect(problem.code).to.equal("go-missing");
    expect(problem.message).to.contain("1.26");
  });

  it("needs a Go that is new enough", async () => {
    await machine.command("go", go(BUILDS, "go1.9.7"));
    const problem = await failure(builtEngine(machine.options));
    expect(problem.code).to.equal("go-too-old");
    expect(problem.message).to.contain("go1.9.7");
  });

  it("tells a Go that refuses to say its version what it said", async () => {
    await machine.command("go", "echo 'go.mod requires go >= 1.26 (running go 1.24)' >&2; exit 1");
    expect((await failure(builtEngine(machine.options))).message).to.contain("running go 1.24");
  });

  it("does not start building when there is no Terraform provider to go with it", async () => {
    await machine.command("go", go(BUILDS));
    machine.options.env.TF_PLUGIN_CACHE_DIR = "";
    expect((await failure(builtEngine(machine.options))).code).to.equal("terraform-provider-missing");
    expect(await leftInCache().catch(() => [])).to.deep.equal([]);
  });
});

/** A process that has ended but that nobody has asked about yet does not count. */
async function isRunning(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z");
  return !/\) [ZX]/.test(state);
}
