import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pulumiEngine } from "../../orchestrator/adapters/pulumi-engine.ts";
import type { Environment } from "../../orchestrator/environment.ts";
import type { Engine, ReleaseProgram } from "../../orchestrator/ports/engine.ts";
import { knownSecrets } from "../../orchestrator/secrets.ts";
import { engineContract } from "../contracts/engine.ts";
import { makeRelease } from "../fakes/release.ts";
import { engine } from "./engine-fixture.ts";

const ROOT = join(import.meta.dirname, "../..");

/** An infra program that needs no cloud: what it makes, and the version that it reports, are its release's own. */
const PROGRAM = `
import pulumi from "@pulumi/pulumi";
export const project = { name: "trial" };
export const stacks = { trial: { config: {} } };
export const program = ({ sha }) => async () => {
  new pulumi.ComponentResource("trial:index:Thing", sha);
  return {
    functions: { dashboard: { functionName: "trial-dashboard", version: sha, alias: "live" } },
    dashboardUrl: "https://trial.example/",
    alarms: [],
    alertsTopicArn: "arn:aws:sns:us-east-1:000000000000:alerts",
    itemsTable: "trial-items",
  };
};
`;

/** What an update leaves that is killed while it makes a resource: its lock, and that nobody knows whether it is made. */
function leaveHalfDone(kept: string, name: string): void {
  const locks = join(kept, "locks/organization/trial/trial");
  mkdirSync(locks, { recursive: true });
  const timestamp = "2026-11-24T12:00:00Z";
  const lock = { pid: 1, username: "somebody", hostname: "a host that is gone", timestamp };
  writeFileSync(join(locks, "11111111-2222-4333-8444-555555555555.json"), JSON.stringify(lock));
  const state = join(kept, "stacks/trial/trial.json");
  const stack = JSON.parse(readFileSync(state, "utf8"));
  const type = "trial:index:Thing";
  const resource = { urn: `urn:pulumi:trial::trial::${type}::${name}`, custom: false, type };
  stack.checkpoint.latest.pending_operations = [{ resource, type: "creating" }];
  writeFileSync(state, JSON.stringify(stack));
}

const release = (name: string): ReleaseProgram => ({
  manifest: makeRelease(name).manifest,
  program: Buffer.from(PROGRAM),
});

describe("the engine adapter, with the real engine and a state in a directory", function () {
  this.timeout(120_000);
  let directory: string;
  const began: Engine[] = [];

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    await engine();
    process.env.PULUMI_CONFIG_PASSPHRASE = "of a test";
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "engine-"));
  });
  afterEach(async () => {
    await Promise.all(began.splice(0).map((each) => each.close()));
    rmSync(directory, { recursive: true, force: true });
  });
  after(() => {
    delete process.env.PULUMI_CONFIG_PASSPHRASE;
  });

  async function adapter(readOnly = false): Promise<Engine> {
    const { pulumiRoot } = await engine();
    const state = join(directory, "state");
    mkdirSync(state, { recursive: true });
    const made = pulumiEngine({
      root: ROOT,
      environment: { name: "trial", promotion: { state: `file://${state}` } } as Environment,
      access: { region: "us-east-1" },
      toolchain: async () => ({ pulumiRoot, close: async () => {} }),
      configuration: {},
      readOnly,
      secrets: knownSecrets(),
    });
    began.push(made);
    return made;
  }

  const { signal } = new AbortController();
  const kept = () => readdirSync(join(directory, "state"), { recursive: true, encoding: "utf8" }).sort();

  it("looks at a stack that does not exist as at an empty one, and leaves no trace where it would be", async () => {
    const { changes } = await (await adapter(true)).preview(release("one"), signal);
    expect(changes.map(({ operation }) => operation)).to.deep.equal(["create"]);
    expect(kept()).to.deep.equal([]);
  });

  it("looks at a stack that exists as it is, and leaves it so", async () => {
    const writing = await adapter();
    await writing.up(release("one"), await writing.preview(release("one"), signal), signal);
    const before = kept();
    const looking = await adapter(true);
    const again = await looking.preview(release("one"), signal);
    expect(again.changes.map(({ operation }) => operation)).to.deep.equal(["same"]);
    const next = await looking.preview(release("other"), signal);
    expect(next.changes.map(({ operation }) => operation)).to.have.members(["create", "delete"]);
    expect(kept()).to.deep.equal(before);
  });

  engineContract(async () => ({
    engine: await adapter(),
    one: release("one"),
    other: release("other"),
    async disturb() {
      const [somebody, third] = [await adapter(), release("third")];
      await somebody.up(third, await somebody.preview(third, signal), signal);
    },
    interrupt: async () => leaveHalfDone(join(directory, "state/.pulumi"), release("other").manifest.sha),
  }));
});
