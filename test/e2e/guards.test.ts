import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { firstEnvironment } from "../../orchestrator/environment.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { documentOf, run } from "./command.ts";
import { about, type Commands, commandsFor, raised, razed } from "./promotions.ts";

/** What it watches for is another suite's to show. */
const QUICK = ["--bake", "1s", "--strategy", "all-at-once"];

type Entries = { entries: { promotionId: string; event: Record<string, unknown> & { type: string } }[] };
type DryRun = {
  wouldBe: string;
  permissions: string;
  lease: unknown;
  rollbackTarget: string | null;
  overrides: { guard: string }[];
  plan: { operation: string; type: string }[];
  reason: { code: string; remedy: string } | null;
};

describe("the guards of an environment, by the command line", function () {
  this.timeout(240_000);
  let checkout: Checkout;
  let commands: Commands;
  let env: string;
  let A: string;
  let B: string;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    checkout = checkOutNow();
    env = firstEnvironment(checkout.root);
    commands = commandsFor(checkout, await raised(checkout));
    A = await commands.packaged();
  });
  after(() => razed(checkout));

  const local = (command: string, ...more: string[]) =>
    run(checkout, [command, ...more, "--env", env, "--local", "--json"]);
  const history = async () => (documentOf(await local("history", "--verify")) as Entries).entries;

  /** Everything that a promotion may change, the ledger with it. */
  const everything = async () => ({ seen: await commands.looked(env), entries: await history() });

  async function triedOut(sha: string, ...more: string[]) {
    const before = await everything();
    const ended = await commands.promote(env, sha, "--dry-run", ...more);
    expect(await everything(), "what a dry run leaves").to.deep.equal(before);
    return { ended, document: documentOf(ended) as unknown as DryRun };
  }

  it("let a first release be tried out, and nothing is there afterwards that was not before", async () => {
    const { ended, document } = await triedOut(A);
    expect(ended.code, ended.err).to.equal(0);
    expect(document, ended.err).to.include({
      wouldBe: "promoted",
      permissions: "granted",
      lease: null,
      rollbackTarget: null,
    });
    expect(document.plan.map(({ type }) => type)).to.include("aws:dynamodb/table:Table");
    expect(new Set(document.plan.map(({ operation }) => operation))).to.deep.equal(new Set(["create"]));
  });

  it("refuse while somebody holds the environment, and let only an override pass, which is recorded", async () => {
    const first = await commands.promote(env, A, ...QUICK);
    expect(about(first).outcome, first.err).to.equal("promoted");
    B = checkout.commit("lambdas/dashboard/routes.ts", (text) =>
      text.replace("const DEFAULT_LIMIT = 20;", "const DEFAULT_LIMIT = 30;"),
    );
    expect(await commands.packaged()).to.equal(B);
    const held = await local("hold", "--reason", "the audit", "--until", "2d");
    expect(held.code, held.err).to.equal(0);

    const before = await commands.looked(env);
    const refused = await commands.promote(env, B, ...QUICK);
    await commands.refused(env, before, refused, "held");
    expect(about(refused).reason?.remedy).to.contain("--override hold");

    const override = ["--override", "hold", "--reason", "the audit knows"];
    const { ended, document } = await triedOut(B, ...override);
    expect(ended.code, ended.err).to.equal(0);
    expect(document, ended.err).to.deep.include({
      wouldBe: "promoted",
      rollbackTarget: A,
      permissions: "granted",
    });
    expect(document.overrides.map(({ guard }) => guard)).to.deep.equal(["hold"]);
    const updates = document.plan.filter(({ operation }) => operation === "update");
    expect(updates.map(({ type }) => type)).to.include("aws:lambda/function:Function");

    const promoted = await commands.promote(env, B, ...QUICK, ...override);
    expect(about(promoted).outcome, promoted.err).to.equal("promoted");
    const recorded = (await history()).filter(({ event }) => event.type === "overridden");
    expect(recorded).to.have.length(1);
    expect(recorded[0]?.promotionId).to.equal(about(promoted).promotionId);
    expect(recorded[0]?.event).to.include({ guard: "hold", reason: "the audit knows" });
    expect(recorded[0]?.event.because).to.contain("the audit");

    const report = join(checkout.scratch, "report.html");
    const { code, err } = await local("report", about(promoted).promotionId, "--out", report);
    expect(code, err).to.equal(0);
    expect(readFileSync(report, "utf8")).to.contain("the audit knows").and.to.contain("promoted");
  });

  it("are all named by a preview of the working tree, which leaves nothing and calls nobody", async () => {
    const file = join(checkout.root, "infra/function.ts");
    const [committed, summary] = [readFileSync(file, "utf8"), join(checkout.scratch, "summary.md")];
    const before = await everything();
    const preview = (...flags: string[]) =>
      run(checkout, ["preview", "--env", env, "--local", ...flags], { GITHUB_STEP_SUMMARY: summary });
    try {
      const same = await preview("--gate", "--sha", A, "--json");
      expect(same.code, same.err).to.equal(3);
      expect(documentOf(same)).to.include({ sha: A, runs: B, uncommitted: false, failure: null });
      expect((documentOf(same).gates as { code: string }[]).map(({ code }) => code)).to.deep.equal(["held"]);

      writeFileSync(file, committed.replace("-logs`", "-log`"));
      const losing = await preview();
      expect(losing.code, losing.err).to.equal(0);
      expect(losing.out).to.match(
        new RegExp(`^<!-- promotion-preview: ${env} -->\n## ${env}: \\d+ to delete, \\d+ to create`),
      );
      expect(losing.out)
        .to.contain("with changes that are in no commit")
        .and.to.contain("Data would be lost");
      for (const gate of ["destructive-change", "held"]) expect(losing.out).to.contain(`- \`${gate}\``);
      expect(losing.out, "what would be lost, with its values").to.contain("- retentionInDays: 14");
      expect(readFileSync(summary, "utf8")).to.contain(losing.out);

      writeFileSync(
        file,
        committed.replace("const logGroup", "throw new Error('not this way');\n    const logGroup"),
      );
      const failing = await preview("--json");
      expect(failing.code, failing.err).to.equal(3);
      expect(documentOf(failing)).to.have.nested.property("failure.code", "preview-failed");
      expect(failing.err).to.contain("not this way");
    } finally {
      writeFileSync(file, committed);
      rmSync(summary, { force: true });
    }
    expect(await everything(), "what a preview leaves").to.deep.equal(before);
  });

  it("never stop taking back", async () => {
    expect(await commands.status(env)).to.have.deep.nested.property("holds[0].because", "the audit");
    const ended = await local("rollback", "--reason", "a drill");
    expect(ended.code, ended.err).to.equal(0);
    await commands.runs(env, A, about(ended));
    expect((await local("release-hold", "--reason", "it is over")).code).to.equal(0);
    expect(await commands.status(env)).to.deep.include({ holds: [], sha: A });
    expect((await local("release-hold", "--reason", "once more")).code).to.equal(2);
  });
});
