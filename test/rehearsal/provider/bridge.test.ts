import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Problem } from "../../../orchestrator/problem.ts";
import { startBridge } from "../../../rehearsal/provider/bridge.ts";

describe("the bridge's process", () => {
  let directory: string;
  const bridge = async (script: string) => {
    const file = join(directory, "bridge");
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return file;
  };
  const start = async (script: string, env: NodeJS.ProcessEnv = {}, lines: string[] = []) =>
    startBridge(await bridge(script), {
      env: { PATH: process.env.PATH, ...env },
      log: (line) => lines.push(line),
    });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "bridge-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("announces its port, runs, and is gone after stop", async () => {
    const started = await start("echo 4321; exec sleep 60");
    expect(started.port).to.equal(4321);
    expect(started.whyGone()).to.equal(undefined);
    await started.stop();
    expect(() => process.kill(started.pid, 0)).to.throw("ESRCH");
  });

  it("gets the environment it is given, without AWS_CA_BUNDLE, and nothing of ours", async () => {
    const lines: string[] = [];
    const env = { AWS_CA_BUNDLE: "/x", AWS_REGION: "eu-west-1" };
    const started = await start(
      'echo "[$AWS_CA_BUNDLE$HOME$AWS_REGION]" >&2; sleep 0.1; echo 1; exec sleep 60',
      env,
      lines,
    );
    await started.stop();
    expect(lines).to.deep.equal(["[eu-west-1]"]);
  });

  it("that does not start is a problem that tells its last words", async () => {
    const problem: Problem = await start("echo 'out of memory' >&2; exit 3").catch((error) => error);
    expect(problem.code).to.equal("provider-start-failed");
    expect(problem.message).to.contain("exit code 3").and.to.contain("out of memory");
  });

  it("that is missing or says nonsense is a problem, too", async () => {
    const none: Problem = await startBridge("/none", { env: {}, log: () => {} }).catch((error) => error);
    expect(none.message).to.contain("ENOENT");
    const nonsense: Problem = await start("echo hello; exec sleep 60").catch((error) => error);
    expect(nonsense.message).to.contain('"hello"');
  });

  it("that dies later is known to be gone, with its last words", async () => {
    const started = await start("echo 1; echo panic >&2; sleep 0.05; kill -KILL $$");
    while (started.whyGone() === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(started.whyGone()).to.contain("SIGKILL").and.to.contain("panic");
    await started.stop();
  });
});
