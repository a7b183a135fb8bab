import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { loadEnvironment } from "../../orchestrator/environment.ts";
import { promotion } from "../../orchestrator/promotion/course.ts";
import { lookFromOutside } from "../../rehearsal/story/outside.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { documentOf, run, transcript } from "./command.ts";
import { leftAfter, marked } from "./processes.ts";
import {
  about,
  type Commands,
  commandsFor,
  credentials,
  firstAndLast,
  isTool,
  printedTo,
  raised,
  razed,
} from "./promotions.ts";
import { CTRL_C, isUsable, openTerminal } from "./terminal.ts";

const KEYS = "promotionId env sha previousSha outcome reason steps traffic startedAt endedAt".split(" ");
const STEPS = promotion.steps.map(({ name }) => name);

/** The shortest promotion that still is one: what it watches for is another suite's to show. */
const QUICK = ["--bake", "1s", "--strategy", "all-at-once"];
const LONG = ["--bake", "60s", "--strategy", "all-at-once"];

describe("promotions on one machine, by the command line", function () {
  this.timeout(240_000);
  let checkout: Checkout;
  let access: AwsAccess;
  let commands: Commands;
  let first: string;
  let last: string;
  let A: string;
  let B: string;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    checkout = checkOutNow();
    ({ first, last } = firstAndLast(checkout));
    A = checkout.git("rev-parse", "HEAD");
    access = await raised(checkout);
    commands = commandsFor(checkout, access);
  });
  after(() => razed(checkout));

  const takenBack = () =>
    run(checkout, ["rollback", "--env", first, "--reason", "a drill", "--local", "--json"]);

  /** Somebody who ran Pulumi by hand and whose process died: no promotion knows of that lock. */
  async function leaveStackLocked(env: string): Promise<void> {
    const { promotion: of } = loadEnvironment(checkout.root, env);
    const client = new S3Client({ ...clientSettings(access), forcePathStyle: true });
    const { host: Bucket, pathname } = new URL(of.state);
    const lock = { pid: 7, username: "ada", hostname: "a laptop", timestamp: "2026-11-24T12:00:00Z" };
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: `${pathname.slice(1)}/.pulumi/locks/organization/sentiment-analyzer/${env}/7.json`,
        Body: JSON.stringify(lock),
      }),
    );
  }

  it("build the release of what is checked out", async () => {
    expect(await commands.packaged()).to.equal(A);
  });

  it("are refused where the attestation is missing, and nothing is touched", async () => {
    await commands.refused(
      last,
      await commands.looked(last),
      await commands.promote(last, A),
      "attestation-missing",
    );
  });

  it("bring a release to the first environment, and tell it as the contract has it", async () => {
    const ended = await commands.promote(first, A);
    const document = about(ended);
    expect(ended.code, ended.err).to.equal(0);
    expect(Object.keys(document)).to.deep.equal(KEYS);
    expect(document).to.deep.include({
      env: first,
      sha: A,
      previousSha: null,
      outcome: "promoted",
      reason: null,
    });
    expect(document.steps.map(({ name }) => name)).to.deep.equal(STEPS);
    for (const step of document.steps) {
      expect(Object.keys(step)).to.deep.equal(["name", "outcome", "ms"]);
      // A first release has no way back that could be rehearsed.
      expect(step.outcome, step.name).to.equal(step.name === "drill" ? "skipped" : "passed");
    }
    for (const line of document.traffic)
      expect(Object.keys(line)).to.deep.equal(["function", "version", "sha", "weight"]);
    await commands.runs(first, A, document);
  });

  it("tell their progress as JSON lines", async () => {
    const { err } = await run(checkout, ["promote", "--env", first, "--sha", A, "--local", "--json"]);
    const lines = err
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
    expect(lines[0]).to.include({ type: "started", environment: first, sha: A });
    expect(lines.map(({ type }) => type)).to.include.members([
      "step-started",
      "step-finished",
      "note",
      "ended",
    ]);
  });

  it("change nothing where the release runs already", async () => {
    const before = await commands.looked(first);
    expect(Object.keys(before.versions)).to.have.length(4);
    expect(before.alarms).not.to.deep.equal([]);
    const ended = await commands.promote(first, A);
    const { outcome, steps } = about(ended);
    expect({ code: ended.code, outcome }).to.deep.equal({ code: 0, outcome: "unchanged" });
    expect(await commands.looked(first)).to.deep.equal(before);
    const preview = steps.find(({ name }) => name === "preview");
    process.stdout.write(`      (a warm preview without a change took ${preview?.ms} ms)\n`);
  });

  it("cannot be taken back where there is no earlier release, and nothing is touched", async () => {
    const before = await commands.looked(first);
    const ended = await takenBack();
    await commands.refused(first, before, ended, "nothing-to-return-to");
  });

  it("take the same bytes to the last environment once they are attested", async () => {
    const ended = await commands.promote(last, A, ...QUICK);
    expect(about(ended).outcome, ended.err).to.equal("promoted");
    expect(ended.code).to.equal(0);
    await commands.runs(last, A, about(ended));
    const digests = async (env: string) =>
      Object.values((await commands.looked(env)).versions).map((versions) => versions.at(-1)?.split(" ")[1]);
    expect(await digests(last)).to.deep.equal(await digests(first));
  });

  it("are refused when a byte of the release was changed, and nothing is touched", async () => {
    B = checkout.commit("lambdas/dashboard/routes.ts", (text) =>
      text.replace("const DEFAULT_LIMIT = 20;", "const DEFAULT_LIMIT = 30;"),
    );
    expect(await commands.packaged()).to.equal(B);
    const zip = join(checkout.root, ".releases", B, "dashboard", B, "lambda.zip");
    const bytes = readFileSync(zip);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(zip, bytes);
    await commands.refused(
      first,
      await commands.looked(first),
      await commands.promote(first, B),
      "digest-mismatch",
    );
    const over = await run(checkout, ["package", "--json"]);
    expect(documentOf(over).reason, "what was changed is not overwritten").to.include({ code: "key-taken" });
    rmSync(join(checkout.root, ".releases", B), { recursive: true });
    expect(await commands.packaged()).to.equal(B);
  });

  it("never run twice at once: one goes on, the other is refused, naming it; what a killed one leaves is cleared up", async () => {
    const racers = [commands.promoting(first, B, ...LONG), commands.promoting(first, B, ...LONG)];
    const over = await Promise.race(racers.map(async (racer) => ({ racer, loser: await racer.ended })));
    const { loser } = over;
    const winner = racers.find((racer) => racer !== over.racer);
    expect(loser.code, loser.err).to.equal(3);
    expect(about(loser).reason).to.include({ code: "lease-taken" });
    expect(about(loser).reason?.message).to.contain(`process ${winner?.pid}`);
    await winner?.says(/"step-started","step":"watch"/);

    expect(await marked(checkout.mark).then((all) => all.filter(isTool))).not.to.deep.equal([]);
    winner?.kill("SIGKILL");
    expect((await winner?.ended)?.signal).to.equal("SIGKILL");
    expect(await leftAfter(checkout.mark, 5_000, isTool), "within 5 s").to.deep.equal([]);

    const next = await commands.promote(first, B, ...QUICK);
    expect(next.code).to.equal(3);
    expect(about(next).reason?.message).to.contain(`process ${winner?.pid}`);
    expect(about(next).reason?.remedy).to.contain("npm run unlock");
    const unlock = ["unlock", "--env", first, "--reason", "its process was killed", "--local", "--json"];
    await leaveStackLocked(first);
    const unlocked = documentOf(await run(checkout, unlock));
    expect(unlocked).to.deep.include({ env: first, broken: true });
    expect(unlocked.stackLocks).to.deep.equal(["ada on a laptop (process 7) since 2026-11-24T12:00:00Z"]);

    const after = await commands.promote(first, B, ...QUICK);
    expect(after.err).to.contain("cleared up after");
    expect(after.code, after.err).to.equal(0);
    expect(about(after)).to.include({ outcome: "promoted", previousSha: A });
    await commands.runs(first, B, about(after));
  });

  it("stop at an interrupt, with the traffic back where it was and no process left", async () => {
    const C = checkout.commit("lambdas/dashboard/routes.ts", (text) =>
      text.replace("const DEFAULT_LIMIT = 30;", "const DEFAULT_LIMIT = 10;"),
    );
    expect(await commands.packaged()).to.equal(C);
    const running = commands.promoting(first, C, ...LONG);
    await running.says(/"step-started","step":"watch"/);
    running.kill("SIGINT");
    const ended = await running.ended;
    expect(ended.code, ended.err).to.equal(5);
    expect(about(ended)).to.include({ outcome: "needs-human" });
    expect(about(ended).reason).to.include({ code: "stopped-midway" });
    await commands.runs(first, B, about(ended));
    expect(await leftAfter(checkout.mark, 1_000, isTool)).to.deep.equal([]);
  });

  it("stop at one Ctrl-C in a terminal too, though npm passes it on once more", async () => {
    const C = checkout.git("rev-parse", "HEAD");
    const command = ["npm", "run", "promote", "--", "--env", first, "--sha", C, "--local", ...LONG];
    // A shell that makes way for its only command: what npm passes on gets to the promotion itself.
    const terminal = openTerminal(checkout, command, { npm_config_script_shell: "bash" });
    await terminal.shows(/100 % on the new release/, 60_000);
    terminal.type(CTRL_C);
    await terminal.shows(/the prompt/, 60_000);
    const shown = terminal.shown();
    expect(shown).to.contain("Stopping at a safe place").and.to.contain("[stopped-midway]");
    expect(shown).not.to.match(/ended with 0\b/);
    expect(shown, "a step that never ran").not.to.match(/✔\S* (validate|finish)/);
    expect(shown).to.contain(`all of it on ${B}, proved`);
    isUsable(shown);
    await terminal.close();
    expect(await commands.status(first)).to.include({ sha: B, inFlight: null, lease: null });
    expect(await (await lookFromOutside(first, access)).version()).to.equal(B);
  });

  it("are taken back on request, in seconds, and what was taken back is not promoted again", async () => {
    const ended = await takenBack();
    expect(ended.code, ended.err).to.equal(0);
    expect(about(ended)).to.include({ previousSha: B });
    await commands.runs(first, A, about(ended));
    const history = documentOf(
      await run(checkout, ["history", "--env", first, "--verify", "--local", "--json"]),
    ) as { entries: { promotionId: string; event: { type: string; why?: string; rollbackMs?: number } }[] };
    const entries = history.entries
      .filter(({ promotionId }) => promotionId === about(ended).promotionId)
      .map(({ event }) => event);
    expect(entries.find(({ type }) => type === "promotion-started")).to.include({ why: "a drill" });
    expect(entries.find(({ type }) => type === "promotion-ended")?.rollbackMs).to.be.within(1, 5_000);
    await commands.refused(
      first,
      await commands.looked(first),
      await commands.promote(first, B),
      "quarantined",
    );
  });

  it("are told by status and history, with a chain that holds", async () => {
    expect(await commands.status(first)).to.include({ env: first, sha: A, inFlight: null, lease: null });
    expect(await commands.status(last)).to.include({ env: last, sha: A, inFlight: null, lease: null });
    const { code, out, err } = await run(checkout, ["history", "--env", first, "--verify", "--local"]);
    expect(code).to.equal(0);
    expect(err).to.contain("the chain holds");
    for (const word of ["promoted", "unchanged", "rolled-back", "refused", "interrupted", "quarantined"])
      expect(out).to.contain(word);
  });

  it("let no credential out: not to the terminal, not to a log, not to the ledger", async () => {
    const keys = await credentials(checkout, access, [first, last]);
    expect(keys.filter((key) => key.length > 16)).to.have.length(6);
    const histories = await Promise.all(
      [first, last].map((env) => run(checkout, ["history", "--env", env, "--local", "--json"])),
    );
    const places = {
      ...printedTo(checkout),
      "what commands printed": transcript.join(""),
      ledgers: JSON.stringify(histories),
    };
    expect(Object.keys(places).filter((name) => name.endsWith(".log"))).not.to.deep.equal([]);
    for (const [place, text] of Object.entries(places))
      for (const key of keys) expect(text.includes(key), `a credential in ${place}`).to.equal(false);
  });

  it("need an environment that runs, which goes down and comes up again as it was", async () => {
    expect(documentOf(await run(checkout, ["local", "status", "--json"]))).to.deep.include({
      endpoint: access.endpoint,
      environments: [first, last],
    });
    const running = (await marked(checkout.mark)).map(({ command }) => command).join("\n");
    expect(running).to.contain("emulator/plugin").and.to.contain("news/server.ts");
    expect((await run(checkout, ["local", "down"])).code).to.equal(0);
    expect(await leftAfter(checkout.mark, 1_000)).to.deep.equal([]);

    const ended = await commands.promote(first, A);
    expect(ended.code).to.equal(3);
    expect(about(ended).reason).to.include({ code: "local-not-running" });

    expect((await run(checkout, ["local", "up"])).code).to.equal(0);
    expect(await commands.status(first)).to.include({ sha: A, lease: null });
    expect(about(await commands.promote(first, A)).outcome).to.equal("unchanged");
    expect((await run(checkout, ["local", "down"])).code).to.equal(0);
    expect(await leftAfter(checkout.mark, 1_000)).to.deep.equal([]);
  });

  it("leave no temporary file behind, but for those of the one that was killed", () => {
    const left = readdirSync(checkout.scratch).filter((name) => !name.startsWith("node-compile-cache"));
    expect(left.filter((name) => name.startsWith("promotion-"))).to.have.length.at.most(1);
    expect(left.filter((name) => !/^(promotion-|plugin)/.test(name))).to.deep.equal([]);
  });
});
