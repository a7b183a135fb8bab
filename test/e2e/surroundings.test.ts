import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { environmentNames } from "../../orchestrator/environment.ts";
import { type BareMachine, BUILDS, bareMachine, fakeGo, lendEmulator } from "./bare-machine.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { documentOf, type Ended, launch, run } from "./command.ts";
import { endMarked, leftAfter } from "./processes.ts";
import { temporaryFiles } from "./temporary-files.ts";

const UNKNOWN = "0".repeat(40);

/** The exit code is 2 for what is the user's to put right, and 3 for what the surroundings refuse. */
type Refusal = { exit: 2 | 3; code: string; says?: RegExp };

/** One error with its code, one next command, one document, no stack trace; nothing runs and nothing was made. */
async function refused(checkout: Checkout, ended: Ended, { exit, code, says = /./ }: Refusal): Promise<void> {
  const { err } = ended;
  expect(err).to.contain(`[${code}]\nnext: `);
  expect(err.match(/^error: /gm)).to.have.length(1);
  expect(err.match(/^next: \S/gm)).to.have.length(1);
  expect(err).not.to.match(/^\s+at .*:\d+:\d+\)?$/m);
  const { outcome, reason } = documentOf(ended) as { outcome: string; reason: Record<string, string> };
  expect(outcome).to.equal("refused");
  expect(Object.keys(reason)).to.deep.equal(["code", "message", "remedy"]);
  expect(reason.code).to.equal(code);
  expect(reason.message).to.match(says);
  expect(ended.code).to.equal(exit);
  expect(await leftAfter(checkout.mark, 1_000)).to.deep.equal([]);
  expect(existsSync(join(checkout.rehearsal, "record.json")), "a record").to.equal(false);
  expect(temporaryFiles(checkout)).to.deep.equal([]);
}

describe("bad input and broken surroundings", function () {
  this.timeout(60_000);
  let checkout: Checkout;
  const [env = ""] = environmentNames(join(import.meta.dirname, "../.."));

  before(() => {
    checkout = checkOutNow();
  });
  after(async () => {
    await endMarked(checkout.mark);
    checkout.remove();
  });
  afterEach(() => {
    checkout.git("checkout", "--quiet", ".");
    checkout.git("clean", "--quiet", "--force");
  });

  const command = (args: string[], variables?: NodeJS.ProcessEnv) =>
    run(checkout, [...args, "--json"], variables);
  const promote = (sha: string, ...more: string[]) => ["promote", "--env", env, "--sha", sha, ...more];

  describe("what was typed", () => {
    const cases: [what: string, args: string[], refusal: Refusal][] = [
      ["an unknown command", ["launch"], { exit: 2, code: "usage", says: /launch/ }],
      ["an unknown flag", promote(UNKNOWN, "--fast"), { exit: 2, code: "usage", says: /--fast/ }],
      ["no environment", ["promote", "--sha", UNKNOWN], { exit: 2, code: "usage", says: /--env/ }],
      ["no SHA", ["promote", "--env", env], { exit: 2, code: "usage", says: /--sha/ }],
      [
        "an unknown environment",
        ["promote", "--env", "moon", "--sha", UNKNOWN, "--local"],
        { exit: 2, code: "environment-unknown", says: new RegExp(`moon.*${env}`) },
      ],
      ["a malformed SHA", promote("main"), { exit: 2, code: "sha-malformed", says: /"main"/ }],
      ["a SHA that is too short", ["package", "--sha", "abc123"], { exit: 2, code: "sha-malformed" }],
      ["a short SHA that nobody knows", promote("0000000"), { exit: 2, code: "sha-unknown" }],
      ["a SHA that nobody knows", ["package", "--sha", UNKNOWN], { exit: 2, code: "sha-unknown" }],
      ["no port", ["local", "up", "--port", "http"], { exit: 2, code: "option-invalid", says: /--port/ }],
      ["an unknown action", ["local", "restart"], { exit: 2, code: "option-invalid", says: /restart/ }],
      [
        "a rehearsal environment that does not run",
        promote(UNKNOWN, "--local"),
        { exit: 3, code: "local-not-running" },
      ],
      ["nothing to end", ["local", "down"], { exit: 3, code: "local-not-running" }],
    ];
    for (const [what, args, refusal] of cases)
      it(`is refused: ${what}`, async () => {
        await refused(checkout, await command(args), refusal);
        expect(existsSync(join(checkout.root, ".releases"))).to.equal(false);
      });
  });

  describe("the repository", () => {
    it("must have nothing uncommitted to be packaged, unless that is allowed", async () => {
      appendFileSync(join(checkout.root, "lambdas/item.ts"), "// not committed\n");
      await refused(checkout, await command(["package"]), { exit: 2, code: "dirty-tree", says: /1 file/ });
      expect(existsSync(join(checkout.root, ".releases"))).to.equal(false);
      const allowed = await command(["package", "--allow-dirty"]);
      expect(allowed.code, allowed.err).to.equal(0);
      expect(documentOf(allowed)).to.include({ sha: checkout.git("rev-parse", "HEAD") });
    });

    it("must be one", async () => {
      const bare = checkOutNow();
      rmSync(join(bare.root, ".git"), { recursive: true });
      for (const args of [["package"], promote("abcdef0")])
        await refused(bare, await run(bare, [...args, "--json"]), { exit: 2, code: "not-a-repository" });
      bare.remove();
    });
  });

  describe("the configuration", () => {
    const file = `Pulumi.${env}.yaml`;
    const status = ["status", "--env", env];
    const edit = (change: (text: string) => string) => {
      const text = execFileSync("git", ["show", `HEAD:${file}`], { cwd: checkout.root, encoding: "utf8" });
      writeFileSync(join(checkout.root, file), change(text));
    };
    const cases: [what: string, change: (text: string) => string, says: RegExp][] = [
      ["is no YAML", () => "config: [\n", /Pulumi\..*yaml is not valid/],
      ["is empty", () => "", /config|expected/],
      ["has a wrong type", (text) => text.replace("validate: true", "validate: perhaps"), /validate/],
      ["has a time that is none", (text) => text.replace("bake: 1m", "bake: soon"), /"soon"/],
      ["has an unknown setting", (text) => text.replace("bake: 1m", "backe: 1m"), /backe/],
      ["lacks a setting", (text) => text.replace(/\n\s+ledger: .*/, ""), /ledger/],
    ];
    for (const [what, change, says] of cases)
      it(`is refused, by the name of its file, when it ${what}`, async () => {
        edit(change);
        const ended = await command(status);
        await refused(checkout, ended, { exit: 2, code: "config-invalid", says });
        expect(ended.err).to.contain(file);
      });

    it("ends a start that had begun, and all that was started", async () => {
      edit(() => "config: [\n");
      await refused(checkout, await command(["local", "up"]), { exit: 2, code: "config-invalid" });
    });
  });

  describe("the machine", () => {
    let machine: BareMachine;
    beforeEach(() => {
      machine = bareMachine(checkout);
    });
    afterEach(() => machine.remove());

    const up = () => command(["local", "up"], machine.env);
    const kept = () =>
      readdirSync(machine.cache).filter((name) => name.startsWith("engine-") && !name.endsWith(".lock"));

    it("may have the port taken", async () => {
      const server: Server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as { port: number };
      const ended = await command(["local", "up", "--port", String(port)]);
      server.close();
      await refused(checkout, ended, { exit: 2, code: "port-taken", says: new RegExp(`${port}`) });
    });

    it("needs Python", async () => {
      await refused(checkout, await up(), { exit: 3, code: "python-missing", says: /3\.10/ });
    });

    it("needs a Python that is new enough", async () => {
      machine.command("python3", "echo 3.8");
      await refused(checkout, await up(), { exit: 3, code: "python-too-old", says: /found 3\.8/ });
    });

    it("tells what pip says when the emulator cannot be installed, and starts over the next time", async () => {
      const pip = (says: string) =>
        machine.command(
          "python3",
          `case "$2" in
  import*) echo 3.12;;
  venv) mkdir -p "$3/bin"; echo "#!/bin/sh
echo '${says}' >&2; exit 1" > "$3/bin/python"; chmod 755 "$3/bin/python";;
esac`,
        );
      for (const says of ["No matching distribution", "No space left on device"]) {
        pip(says);
        const refusal = { exit: 3, code: "emulator-install-failed", says: new RegExp(says) } as const;
        await refused(checkout, await up(), refusal);
      }
    });

    it("needs Go where no Pulumi is installed", async () => {
      await lendEmulator(machine);
      await refused(checkout, await up(), { exit: 3, code: "go-missing", says: /1\.26/ });
    });

    it("needs a Go that is new enough", async () => {
      await lendEmulator(machine);
      machine.command("go", fakeGo(BUILDS, "go1.20.3"));
      await refused(checkout, await up(), { exit: 3, code: "go-too-old", says: /go1\.20\.3/ });
    });

    it("tells Go's words when a build fails half-way, and starts over the next time", async () => {
      await lendEmulator(machine);
      machine.command("go", fakeGo(`echo half > "$out"pulumi; echo "no space left on device" >&2; exit 1`));
      const failed = { exit: 3, code: "engine-build-failed", says: /no space left on device/ } as const;
      await refused(checkout, await up(), failed);
      expect(kept()).to.deep.equal([]);

      machine.command("go", fakeGo(BUILDS));
      // It is built, but what such a Go builds is no provider.
      await refused(checkout, await up(), { exit: 3, code: "provider-start-failed" });
      expect(kept()).to.have.length(1);
      machine.command("go", "exit 1");
      await refused(checkout, await up(), { exit: 3, code: "provider-start-failed" });
    });

    it("may have a full disk: its own words are passed on", async function () {
      const full = join(checkout.scratch, "..", "full");
      mkdirSync(full);
      const mounted = `mount -t tmpfs -o size=16k tmpfs "${full}" && exec "$@" --out "${full}/out" --json`;
      const alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"];
      if (!canMount(alone, full)) this.skip();
      const packaging = [process.execPath, "orchestrator/cli.ts", "package"];
      const ended = await launch(checkout, [...alone, mounted, "sh", ...packaging]).ended;
      await refused(checkout, ended, { exit: 3, code: "disk-refuses", says: /no space left on device/ });
    });
  });
});

/** Not every machine lets its users have a file system of their own. */
function canMount([program = "", ...args]: string[], place: string): boolean {
  try {
    execFileSync(program, [...args, 'mount -t tmpfs -o size=16k tmpfs "$0"', place], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
