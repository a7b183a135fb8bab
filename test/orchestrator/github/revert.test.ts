import { expect } from "chai";
import { octokitGitHub } from "../../../orchestrator/adapters/octokit-github.ts";
import { readPolicy } from "../../../orchestrator/github/policy.ts";
import { type RevertOrder, revertMerge } from "../../../orchestrator/github/revert.ts";
import { refused } from "../../contracts/refused.ts";
import { virtualClock } from "../../fakes/clock.ts";
import { AFTER, BEFORE, begin, files, mergeUpdate, proposeUpdate } from "../../fakes/github/dependabot.ts";
import { openPull } from "../../fakes/github/pulls.ts";
import { ACTIONS, MAINTAINER } from "../../fakes/github/state.ts";
import { broken, type FakeGitHub, startGitHub } from "../../fakes/github-server.ts";

const policy = readPolicy(`${import.meta.dirname}/../../..`);
const LOG = "https://github.example/run/1";

describe("the revert of a merge", () => {
  let at: FakeGitHub;
  beforeEach(async () => {
    at = await startGitHub();
  });
  afterEach(() => at.close());

  const main = () => at.state.repository.head("main") as string;
  const text = (path: string) => at.state.repository.blob(main(), path);
  const move = (changes: Record<string, string | null>) =>
    at.state.push("main", at.state.repository.commit("moving", changes, { from: main() }), MAINTAINER);

  function merged(method: "merge" | "squash" | "rebase" = "merge"): string {
    begin(at.state);
    return mergeUpdate(at.state, proposeUpdate(at.state), ACTIONS, method);
  }

  const revert = (sha: string, order: Partial<RevertOrder> = {}, mergeReverts = true) => {
    const ports = { github: octokitGitHub(at.access), clock: virtualClock() };
    const whole = { sha, step: "validate", logUrl: LOG, force: null, ...order };
    return revertMerge(ports, { ...policy, mergeReverts }, whole);
  };

  const branches = () =>
    at.state.activities.filter(({ activity_type }) => activity_type === "branch_creation").length;

  for (const method of ["merge", "squash"] as const)
    it(`takes a merge by ${method} back out of the branch, and proposes the same again as a draft`, async () => {
      const sha = merged(method);
      const { outcome, pull, again, revert: by } = await revert(sha);
      expect(outcome).to.equal("reverted");
      expect(at.state.repository.treeOf(main())).to.equal(
        at.state.repository.treeOf(at.state.deployments[0]?.sha ?? ""),
      );
      expect(at.state.pulls.map(({ number, state, draft }) => [number, state, draft])).to.deep.equal([
        [pull, "closed", false],
        [by?.number, "closed", false],
        [again?.number, "open", true],
      ]);
      const proposed = await octokitGitHub(at.access).filesOf(again?.number ?? 0);
      expect(proposed.map(({ path }) => path)).to.deep.equal(["package-lock.json", "package.json"]);
    });

  it("names the step that failed and its log below the pull request, and where it goes on", async () => {
    const { pull, revert: by, again } = await revert(merged());
    expect(at.state.comments.map(({ issue }) => issue)).to.deep.equal([pull]);
    for (const said of ["`validate`", LOG, `#${by?.number}`, `#${again?.number}`])
      expect(at.state.comments[0]?.body).to.contain(said);
  });

  it("takes back only that merge, whatever came since", async () => {
    const sha = merged();
    move({ "src.ts": "zero\none\ntwo\nthree\n", "new.ts": "new" });
    await revert(sha);
    expect(text("package.json")).to.equal(files(BEFORE)["package.json"]);
    expect([text("src.ts"), text("new.ts")]).to.deep.equal(["zero\none\ntwo\nthree\n", "new"]);
  });

  it("takes back only that merge's lines of a file that was changed since", async () => {
    const sha = merged();
    move({ "package.json": (text("package.json") ?? "").replace('"name": "service"', '"name": "renamed"') });
    await revert(sha);
    expect(JSON.parse(text("package.json") ?? "")).to.deep.include({
      name: "renamed",
      dependencies: BEFORE.dependencies,
    });
  });

  it("hands a conflict to people, with all of it prepared", async () => {
    const sha = merged();
    move({ "package.json": files({ ...AFTER, dependencies: { left: "1.2.5" } })["package.json"] as string });
    const tip = main();
    const { outcome, because, revert: by, again } = await revert(sha);
    expect([outcome, again]).to.deep.equal(["prepared", null]);
    expect(because).to.contain("conflict");
    expect(main()).to.equal(tip);
    expect(at.state.pulls.find(({ number }) => number === by?.number)).to.deep.include({ state: "open" });
    expect(at.state.comments[0]?.body).to.contain("waits for a person");
  });

  it("waits for a person where GitHub's rules do not let it merge, and goes on from there once they did", async () => {
    const sha = merged();
    at.state.mergeRefusal = "At least 1 approving review is required by reviewers with write access.";
    const waiting = await revert(sha);
    expect(waiting).to.deep.include({ outcome: "prepared", because: at.state.mergeRefusal });
    at.state.mergeRefusal = undefined;
    const done = await revert(sha);
    expect([done.outcome, done.revert]).to.deep.equal(["reverted", waiting.revert]);
    expect(at.state.comments).to.have.length(1);
    expect(at.state.comments[0]?.body).not.to.contain("waits");
  });

  it("leaves the merging to people where the policy says so", async () => {
    const tip = merged();
    expect(await revert(tip, {}, false)).to.deep.include({ outcome: "prepared" });
    expect(main()).to.equal(tip);
  });

  it("does nothing twice when it is run twice, also after its branch was deleted", async () => {
    const sha = merged();
    const once = await revert(sha);
    const [tip, made] = [main(), branches()];
    await octokitGitHub(at.access).deleteBranch(at.state.pulls[1]?.head.ref ?? "");
    expect(await revert(sha)).to.deep.equal(once);
    expect([main(), branches(), at.state.pulls.length, at.state.comments.length]).to.deep.equal([
      tip,
      made,
      3,
      1,
    ]);
  });

  it("does nothing twice when it dies at any of its requests, with the effect or without", async () => {
    for (const fault of ["drop-afterwards", "drop"] as const)
      for (let death = 1; death < 12; death++) {
        const own = await startGitHub();
        try {
          at.close();
          at = own;
          const sha = merged();
          let writes = 0;
          const dying = { test: (asked: string) => !asked.startsWith("GET") && ++writes >= death } as RegExp;
          at.breaks(dying, fault, 99);
          const died = await revert(sha).then(
            () => false,
            () => true,
          );
          at.server.faults.length = 0;
          const { outcome } = await revert(sha);
          const seen = [outcome, at.state.pulls.length, at.state.comments.length, branches()];
          expect(seen, `${fault} at write ${death}`).to.deep.equal(["reverted", 3, 1, 3]);
          expect(text("package.json")).to.equal(files(BEFORE)["package.json"]);
          if (!died) break;
        } finally {
          if (own !== at) own.close();
        }
      }
  }).timeout(120_000);

  it("has nothing to do where somebody has undone it by hand", async () => {
    const sha = merged();
    move(files(BEFORE));
    expect(await revert(sha)).to.deep.include({ outcome: "undone-before", revert: null, again: null });
    expect(at.state.pulls).to.have.length(1);
  });

  it("does not insist where somebody closed the revert", async () => {
    const sha = merged();
    await revert(sha, {}, false);
    Object.assign(at.state.pulls[1] as object, { state: "closed" });
    expect(await revert(sha)).to.deep.include({
      outcome: "prepared",
      because: "somebody closed it without merging it",
    });
    expect(main()).to.equal(sha);
  });

  it("leaves its branch to whoever pushed to it, and takes back nothing of theirs when they have merged it", async () => {
    const sha = merged();
    move({ "package.json": files({ ...AFTER, dependencies: { left: "1.2.5" } })["package.json"] as string });
    await revert(sha);
    const [, opened] = at.state.pulls;
    const branch = opened?.head.ref ?? "";
    const { repository } = at.state;
    const both = [repository.head(branch) as string, main()];
    at.state.push(branch, repository.commitTree(repository.treeOf(main()), both, "Solve it"), MAINTAINER);
    expect(await revert(sha)).to.deep.include({
      outcome: "prepared",
      because: "somebody has pushed to its branch",
    });
    mergeUpdate(at.state, opened as NonNullable<typeof opened>, MAINTAINER);
    const { outcome, again } = await revert(sha);
    expect(outcome).to.equal("reverted");
    const proposed = await octokitGitHub(at.access).filesOf(again?.number ?? 0);
    expect(proposed.map(({ path }) => path)).to.deep.equal(["package-lock.json", "package.json"]);
  });

  it("proposes nothing again where people squashed the revert: upon that it would say nothing", async () => {
    const sha = merged();
    await revert(sha, {}, false);
    mergeUpdate(at.state, at.state.pulls[1] as never, MAINTAINER, "squash");
    expect(await revert(sha)).to.deep.include({ outcome: "reverted", again: null });
  });

  describe("is refused", () => {
    it("for what a person merged, unless it is forced", async () => {
      begin(at.state);
      const sha = mergeUpdate(at.state, proposeUpdate(at.state, { user: MAINTAINER }));
      await refused("revert-refused", revert(sha));
      expect(at.state.pulls).to.have.length(1);
      expect((await revert(sha, { force: "production is down" })).outcome).to.equal("reverted");
      expect(at.state.pulls[1]?.body).to.contain("production is down");
    });

    it("for a commit that no pull request was merged as, even by force", async () => {
      const first = begin(at.state);
      move({ "src.ts": "x" });
      for (const sha of [first, main(), "0".repeat(40)])
        await refused("revert-refused", revert(sha, { force: "because" }));
    });

    it("when its branch holds something else", async () => {
      const sha = merged();
      const { number } = at.state.pulls[0] as { number: number };
      at.state.push(
        `revert/${number}-${sha.slice(0, 12)}`,
        at.state.repository.commit("evil", { "x.ts": "x" }, { from: sha }),
        MAINTAINER,
      );
      await refused("revert-branch-taken", revert(sha));
      expect(main()).to.equal(sha);
    });

    it("when GitHub gives no answer", async () => {
      const sha = merged();
      at.breaks(/POST/, broken(502));
      await refused("github-fails", revert(sha));
    });
  });

  it("takes back all commits of a pull request that was rebased, by force", async () => {
    begin(at.state);
    const first = main();
    at.state.repository.commits("topic", [{ "a.ts": "a" }, { "b.ts": "b" }], { from: first });
    const pull = openPull(at.state, { title: "Two", head: "topic", base: "main", user: MAINTAINER });
    const sha = mergeUpdate(at.state, pull, MAINTAINER, "rebase");
    await revert(sha, { force: "both" });
    expect(at.state.repository.treeOf(main())).to.equal(at.state.repository.treeOf(first));
  });
});
