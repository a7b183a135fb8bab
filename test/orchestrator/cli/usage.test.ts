import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { environmentNames } from "../../../orchestrator/environment.ts";

const ROOT = join(import.meta.dirname, "../../..");
const [env = ""] = environmentNames(ROOT);
const SHA = "0".repeat(40);

type Run = { code: number | null; out: string; err: string };

describe("the command line", function () {
  this.timeout(30_000);
  let nothingRuns: string;

  before(() => {
    nothingRuns = mkdtempSync(join(tmpdir(), "rehearsal-"));
  });
  after(() => rmSync(nothingRuns, { recursive: true }));

  async function command(...given: string[]): Promise<Run> {
    const child = spawn(process.execPath, [join(ROOT, "orchestrator/cli.ts"), ...given], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, REHEARSAL_DIR: nothingRuns },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [code, out, err] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
    return { code, out, err };
  }

  it("explains each command, without an error", async () => {
    const { code, out } = await command("promote", "--help");
    expect(code).to.equal(0);
    for (const flag of ["--env", "--sha", "--local", "--json", "--strategy", "--bake"])
      expect(out).to.contain(flag);
  });

  const promote = ["promote", "--env", env, "--sha", SHA];
  const misused: [what: string, given: string[], says: RegExp][] = [
    ["an unknown command", ["launch"], /unknown command/],
    ["an unknown flag", ["promote", "--env", env, "--sha", SHA, "--fast"], /unknown option/],
    ["no environment", ["promote", "--sha", SHA], /--env/],
    ["no release", ["promote", "--env", env], /either --sha or --latest-validated/],
    [
      "two ways to say which release",
      ["promote", "--env", env, "--sha", SHA, "--latest-validated"],
      /either --sha or --latest-validated/,
    ],
    ["no environment to remove from", ["gc", "--dry-run"], /--env/],
    ["releases of an unknown environment", ["releases", "--env", "moon"], /environment-unknown/],
    ["a preview for no pull request", ["preview", "--env", env, "--pr", "seven"], /--pr got "seven"/],
    ["no reason for a rollback", ["rollback", "--env", env], /--reason/],
    ["an unknown environment", ["promote", "--env", "moon", "--sha", SHA], /environment-unknown/],
    ["no reason to go without a drill", [...promote, "--skip-drill"], /--skip-drill needs a reason/],
    ["a malformed SHA", ["promote", "--env", env, "--sha", "xyz"], /sha-malformed/],
    [
      "a malformed SHA to go back to",
      ["rollback", "--env", env, "--to", "xyz", "--reason", "r"],
      /option-invalid/,
    ],
    ["an override without a reason", [...promote, "--override", "hold"], /--override needs a reason/],
    ["an override with an empty reason", [...promote, "--override", "hold", "--reason", " "], /--reason/],
    [
      "a guard that nobody knows, naming those there are",
      [...promote, "--override", "hold,digests", "--reason", "r"],
      /"digests", which is not one of quarantine, alarms, hold, freeze, rollback-target/,
    ],
    ["no guard at all", [...promote, "--override", "", "--reason", "r"], /option-invalid/],
    [
      "leave to lose something without a reason",
      [...promote, "--allow-destructive", "urn:pulumi:a"],
      /--allow-destructive needs a reason/,
    ],
    [
      "leave to lose what is no URN",
      [...promote, "--allow-destructive", "items", "--reason", "r"],
      /"items", which is not the URN/,
    ],
    ["a hold without a reason", ["hold", "--env", env], /--reason/],
    [
      "a hold that ends before now",
      ["hold", "--env", env, "--reason", "r", "--until", "2020-01-01"],
      /--until/,
    ],
    [
      "a hold of no commit",
      ["hold", "--env", env, "--reason", "r", "--sha", "xyz", "--local"],
      /sha-malformed/,
    ],
    ["no promotion to report", ["report", "--env", env], /missing required argument/],
    [
      "two sources at once",
      ["promote", "--env", env, "--sha", SHA, "--release-dir", "x", "--from", env],
      /--from/,
    ],
    ["an unknown source", ["promote", "--env", env, "--sha", SHA, "--from", "moon"], /environment-unknown/],
    ["a bake time that is none", ["promote", "--env", env, "--sha", SHA, "--bake", "soon"], /--bake/],
    ["an environment that is compared with itself", ["diff", "--env", env, "--with", env], /--with/],
    [
      "a strategy that is none",
      ["promote", "--env", env, "--sha", SHA, "--strategy", "fast"],
      /"fast" is not/,
    ],
  ];
  for (const [what, given, says] of misused)
    it(`ends with 2 and says why, without a stack trace: ${what}`, async () => {
      const { code, out, err } = await command(...given);
      expect(err).to.match(says);
      expect(code).to.equal(2);
      expect(out).to.equal("");
      expect(err).not.to.match(/^\s+at /m);
    });

  for (const given of [["status", "--env", env], ["gc", "--env", env], ["releases"]])
    it(`ends with 3 when no rehearsal environment runs, naming the command that starts one: ${given[0]}`, async () => {
      const { code, err } = await command(...given, "--local");
      expect(code).to.equal(3);
      expect(err).to.contain("npm run local -- up");
    });

  it("prints exactly one JSON document on stdout for a failure too", async () => {
    const { code, out } = await command("status", "--env", "moon", "--json");
    expect(code).to.equal(2);
    expect(JSON.parse(out).reason).to.include({ code: "environment-unknown" });
  });
});
