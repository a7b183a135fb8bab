import { expect } from "chai";
import type { GitHub } from "../../orchestrator/ports/github.ts";
import { openPull } from "../fakes/github/pulls.ts";
import { DEPENDABOT, MAINTAINER } from "../fakes/github/state.ts";
import type { FakeGitHub } from "../fakes/github-server.ts";

type Made = { github: GitHub; at: FakeGitHub };

/** What whoever uses the port may rely on. `at` is where the story before is told. */
export function githubContract(make: () => Promise<Made>): void {
  let github: GitHub;
  let at: FakeGitHub;
  let first: string;

  beforeEach(async () => {
    ({ github, at } = await make());
    first = at.state.repository.commit("main", { "a.txt": "one\n", "b.txt": "one\n" });
    at.state.sign(first, MAINTAINER, MAINTAINER);
  });

  /** A branch with one commit, and a pull request from it. */
  function proposed(branch = "topic", files: Record<string, string | null> = { "a.txt": "two\n" }) {
    const sha = at.state.repository.commit(branch, files, { from: first });
    at.state.sign(sha, DEPENDABOT, DEPENDABOT);
    return openPull(at.state, { title: "A topic", head: branch, base: "main", user: DEPENDABOT });
  }

  it("knows the repository, its branches and its commits, with the accounts that GitHub finds", async () => {
    expect(await github.repository()).to.deep.equal({
      id: 4242,
      name: at.state.fullName,
      defaultBranch: "main",
    });
    expect(await github.headOf("main")).to.equal(first);
    expect(await github.commit(first)).to.deep.include({
      sha: first,
      parents: [],
      tree: at.state.repository.treeOf(first),
      author: { id: MAINTAINER.id, login: MAINTAINER.login, kind: "User" },
      signature: { verified: true, reason: "valid" },
    });
  });

  it("finds nothing where there is nothing", async () => {
    expect(await github.headOf("nothing")).to.equal(undefined);
    expect(await github.commit("0".repeat(40))).to.equal(undefined);
    expect(await github.pull(99)).to.equal(undefined);
    expect(await github.fileAt("nothing.txt", first)).to.equal(undefined);
    expect(await github.pullsFrom("nothing")).to.deep.equal([]);
  });

  it("gives a file as it is at a commit", async () => {
    const later = at.state.repository.commit("main", { "a.txt": '{"json": "é"}\n' });
    expect(await github.fileAt("a.txt", first)).to.equal("one\n");
    expect(await github.fileAt("a.txt", later)).to.equal('{"json": "é"}\n');
  });

  it("says what was changed between two commits, and how they stand to each other", async () => {
    const { head } = proposed("topic", { "b.txt": null, "c.txt": "one\n" });
    const { status, files } = await github.compare(first, head.sha);
    expect(status).to.equal("ahead");
    expect(files.map(({ path, previousPath, status: how }) => [path, previousPath, how])).to.deep.equal([
      ["c.txt", "b.txt", "renamed"],
    ]);
    expect((await github.compare(head.sha, first)).status).to.equal("behind");
  });

  it("follows a pull request from open to merged", async () => {
    const { number, head } = proposed();
    const open = await github.pull(number);
    expect(open).to.deep.include({
      state: "open",
      merged: null,
      mergeCommit: null,
      commits: 1,
      changedFiles: 1,
    });
    expect(open?.author).to.deep.equal({ id: DEPENDABOT.id, login: DEPENDABOT.login, kind: "Bot" });
    const merging = { head: head.sha, method: "merge" as const, title: "Merge it", message: "" };
    const merged = await github.mergePull(number, merging);
    const sha = (await github.headOf("main")) as string;
    expect(merged).to.deep.equal({ merged: true, sha });
    expect(await github.pull(number)).to.deep.include({ state: "closed", mergeCommit: sha });
    expect(await github.pullsWith(sha)).to.deep.equal([number]);
  });

  it("does not merge what has become another, nor what conflicts, and says so", async () => {
    const { number, head } = proposed();
    const stale = await github.mergePull(number, { head: first, method: "merge", title: "", message: "" });
    expect(stale).to.deep.include({ merged: false });
    at.state.push(
      "main",
      at.state.repository.commit("other", { "a.txt": "x\n" }, { from: first }),
      MAINTAINER,
    );
    const refused = await github.mergePull(number, {
      head: head.sha,
      method: "merge",
      title: "",
      message: "",
    });
    expect(refused).to.deep.include({ merged: false, because: "Pull Request is not mergeable" });
    await github.pull(number);
    expect((await github.pull(number))?.mergeable).to.equal(false);
  });

  it("makes a commit and a branch, once, and removes it, once", async () => {
    const tree = at.state.repository.treeOf(first);
    const sha = await github.createCommit({ message: "The same again", tree, parents: [first] });
    expect(await github.createBranch("again", sha)).to.equal(true);
    expect(await github.createBranch("again", sha)).to.equal(false);
    expect(await github.headOf("again")).to.equal(sha);
    expect(await github.deleteBranch("again")).to.equal(true);
    expect(await github.deleteBranch("again")).to.equal(false);
  });

  it("opens a pull request, and finds it by its branch whatever became of it", async () => {
    at.state.repository.commit("topic", { "a.txt": "two\n" }, { from: first });
    const order = { title: "Title", body: "Body", head: "topic", base: "main", draft: true };
    const pull = await github.openPull(order);
    expect(pull).to.deep.include({ title: "Title", body: "Body", draft: true, state: "open" });
    Object.assign(at.state.pulls[0] as object, { state: "closed" });
    expect((await github.pullsFrom("topic")).map(({ number }) => number)).to.deep.equal([pull.number]);
  });

  it("comments and edits what it said", async () => {
    const { number } = proposed();
    const { id } = await github.comment(number, "first");
    await github.editComment(id, "second");
    expect((await github.comments(number)).map(({ body }) => body)).to.deep.equal(["second"]);
  });

  it("gives whole lists, however many pages they take", async () => {
    const changes = Array.from({ length: 101 }, (_, n) => ({ [`${n}.txt`]: `${n}\n` }));
    const last = at.state.repository.commits("long", changes, { from: first });
    const { number } = openPull(at.state, { title: "Long", head: "long", base: "main", user: MAINTAINER });
    expect(await github.commitsOf(number)).to.have.length(101);
    expect(await github.filesOf(number)).to.have.length(101);
    for (let n = 1; n <= 101; n++) at.state.note("topic", "push", MAINTAINER, first, last);
    expect(await github.pushesTo("topic")).to.have.length(101);
  }).timeout(30_000);

  it("tells who changed a branch, newest first", async () => {
    at.state.push("topic", first, DEPENDABOT);
    at.state.push("topic", at.state.repository.commit("x", { "a.txt": "y" }, { from: first }), MAINTAINER);
    const pushes = (await github.pushesTo("topic")).map(({ kind, actor }) => [kind, actor?.id]);
    expect(pushes).to.deep.equal([
      ["push", MAINTAINER.id],
      ["branch_creation", DEPENDABOT.id],
    ]);
  });

  it("records deployments, how far they got, and which one stands now", async () => {
    const order = { environment: "trial", description: "d".repeat(200), promotionId: "p1" };
    const id = await github.recordDeployment({ sha: first, ...order });
    const [before] = await github.deploymentsOf("trial");
    expect(before).to.deep.equal({ id, sha: first, environment: "trial", promotionId: "p1", state: null });
    const news = { description: "d".repeat(200), url: "https://github.example/run" };
    await github.recordDeploymentState(id, { state: "success", ...news });
    const next = await github.recordDeployment({ sha: first, ...order, promotionId: "p2" });
    await github.recordDeploymentState(next, { state: "success", ...news });
    expect((await github.deploymentsOf("trial")).map(({ state }) => state)).to.deep.equal([
      "success",
      "inactive",
    ]);
    expect(await github.deploymentsOf("elsewhere")).to.deep.equal([]);
  });
}
