import { expect } from "chai";
import {
  AFTER,
  addCommit,
  BRANCH,
  begin,
  files,
  mergeUpdate,
  proposeUpdate,
  runs,
} from "../../fakes/github/dependabot.ts";
import { openPull } from "../../fakes/github/pulls.ts";
import { DEPENDABOT, MAINTAINER, STRANGER, WEB_FLOW } from "../../fakes/github/state.ts";
import { laneScene } from "./lane-scene.ts";

const ACTIONS_LIKE = { id: 41898282, login: "github-actions[bot]", type: "Bot" };

describe("the lane of a merge needs a person", () => {
  const scene = laneScene();

  it("for a commit that was added to Dependabot's", async () => {
    const signed = { author: MAINTAINER, committer: MAINTAINER };
    const sha = scene.merged({}, () => {
      addCommit(
        scene.at.state,
        BRANCH,
        { "package.json": `${files(AFTER)["package.json"]} ` },
        { signed, pusher: MAINTAINER, message: "Help" },
      );
    });
    expect(await scene.codes(sha)).to.deep.equal(["commit-author", "commit-committer", "pushed"]);
  });

  it("for the default branch merged into Dependabot's", async () => {
    const sha = scene.merged({}, () => {
      const { repository } = scene.at.state;
      const old = repository.head(BRANCH) as string;
      const joined = repository.commitTree(
        repository.treeOf(old),
        [old, repository.head("main") as string],
        "Merge main",
      );
      scene.at.state.push(BRANCH, scene.at.state.sign(joined, MAINTAINER, WEB_FLOW), MAINTAINER);
    });
    expect(await scene.codes(sha)).to.deep.equal(["commit-author", "commit-merge", "pushed"]);
  });

  it("for a branch that somebody forced back to an older update of Dependabot's", async () => {
    const sha = scene.merged({}, () => {
      const older = scene.at.state.repository.head(BRANCH) as string;
      addCommit(scene.at.state, BRANCH, { "package.json": `${files(AFTER)["package.json"]} ` });
      scene.at.state.push(BRANCH, older, STRANGER);
    });
    expect(await scene.codes(sha)).to.deep.equal(["pushed"]);
  });

  it("for a rename that makes another file the lock", async () => {
    begin(scene.at.state, { "other.json": files(AFTER)["package-lock.json"] as string });
    const changes = {
      "other.json": null,
      "package-lock.json": files(AFTER)["package-lock.json"] as string,
    };
    const sha = mergeUpdate(
      scene.at.state,
      proposeUpdate(scene.at.state, { changes: { ...files(AFTER), ...changes } }),
    );
    expect(await scene.codes(sha)).to.include("file");
  });

  it("for a 101st commit and a 101st file, behind the first page", async () => {
    const more = Array.from({ length: 100 }, (_, n) => ({ [`src/${n}.ts`]: "x" }));
    const sha = scene.merged({}, () => {
      scene.at.state.push(BRANCH, scene.at.state.repository.commits(BRANCH, more), DEPENDABOT);
    });
    expect(await scene.codes(sha)).to.include.members(["commit-author", "file"]);
  }).timeout(60_000);

  it("for more commits than GitHub shows, although each that it shows is well", async () => {
    const sha = scene.merged({}, (pull) => {
      const { repository } = scene.at.state;
      const again = Array.from({ length: 250 }, () => ({}));
      scene.at.state.push(BRANCH, repository.commits(BRANCH, again), DEPENDABOT);
      for (const sha of repository.between(pull.base.sha, pull.head.sha))
        scene.at.state.sign(sha, DEPENDABOT, WEB_FLOW);
    });
    expect(await scene.codes(sha)).to.include("commits-hidden");
  }).timeout(60_000);

  it("for a merge by somebody who may not", async () => {
    begin(scene.at.state);
    expect(
      await scene.codes(mergeUpdate(scene.at.state, proposeUpdate(scene.at.state), STRANGER)),
    ).to.deep.equal(["merged-by"]);
  });

  it("for a rebase: GitHub does not sign what it makes then", async () => {
    begin(scene.at.state);
    const sha = mergeUpdate(scene.at.state, proposeUpdate(scene.at.state), undefined, "rebase");
    expect(await scene.codes(sha)).to.deep.equal(["merge-signature"]);
  });

  it("for a squash whose tree is another than the pull request's", async () => {
    begin(scene.at.state);
    const pull = proposeUpdate(scene.at.state);
    const before = scene.at.state.repository.head("main") as string;
    const squashed = scene.at.state.repository.commit(
      "squash",
      { ...files(AFTER), "src.ts": "evil" },
      { from: before },
    );
    scene.at.state.sign(squashed, DEPENDABOT, WEB_FLOW);
    scene.at.state.push("main", squashed, MAINTAINER, "pr_merge");
    Object.assign(pull, {
      state: "closed",
      merged_at: scene.at.state.now(),
      merged_by: DEPENDABOT,
      merge_commit_sha: squashed,
    });
    expect(await scene.codes(squashed)).to.deep.equal(["merged-otherwise"]);
  });

  it("for a merge that a person made by hand and pushed", async () => {
    begin(scene.at.state);
    const pull = proposeUpdate(scene.at.state);
    const { repository } = scene.at.state;
    const parents = [repository.head("main") as string, pull.head.sha];
    const joined = scene.at.state.sign(
      repository.commitTree(repository.treeOf(pull.head.sha), parents, "Merge"),
      MAINTAINER,
      MAINTAINER,
    );
    scene.at.state.push("main", joined, MAINTAINER);
    Object.assign(pull, {
      state: "closed",
      merged_at: scene.at.state.now(),
      merged_by: MAINTAINER,
      merge_commit_sha: joined,
    });
    expect(await scene.codes(joined)).to.deep.equal(["arrival", "merge-committer", "merged-by"]);
  });

  it("for a commit that was pushed without a pull request", async () => {
    const first = begin(scene.at.state);
    const signed = scene.at.state.sign(
      scene.at.state.repository.commit("pushing", files(AFTER), { from: first }),
      DEPENDABOT,
      WEB_FLOW,
    );
    scene.at.state.push("main", signed, DEPENDABOT);
    expect(await scene.codes(signed)).to.deep.equal(["no-pull"]);
  });

  it("for a pull request that was closed and not merged, its commit pushed by hand", async () => {
    begin(scene.at.state);
    const pull = proposeUpdate(scene.at.state);
    pull.state = "closed";
    scene.at.state.push("main", pull.head.sha, MAINTAINER);
    expect(await scene.codes(pull.head.sha)).to.deep.equal(["no-pull"]);
  });

  it("for a merge into another branch", async () => {
    const first = begin(scene.at.state);
    scene.at.state.push("release", first, MAINTAINER);
    const sha = mergeUpdate(scene.at.state, proposeUpdate(scene.at.state, { base: "release" }));
    expect(await scene.codes(sha)).to.deep.equal(["not-on-branch"]);
  });

  it("for a merge into another branch that the default branch took over", async () => {
    const first = begin(scene.at.state);
    scene.at.state.push("release", first, MAINTAINER);
    const sha = mergeUpdate(scene.at.state, proposeUpdate(scene.at.state, { base: "release" }));
    scene.at.state.push("main", sha, MAINTAINER);
    expect(await scene.codes(sha)).to.deep.equal(["arrival", "base"]);
  });

  it("for a merge that a force push took away, also when it came back", async () => {
    const sha = scene.merged();
    scene.at.state.push(
      "main",
      scene.at.state.repository.commit(
        "gone",
        { "src.ts": "x" },
        { from: scene.at.state.deployments[0]?.sha },
      ),
      MAINTAINER,
    );
    expect(await scene.codes(sha)).to.deep.equal(["not-on-branch"]);
    scene.at.state.push("main", sha, MAINTAINER, "force_push");
    expect(await scene.codes(sha)).to.deep.equal(["arrival"]);
  });

  it("for a merge that stayed although the branch was forced after it", async () => {
    const sha = scene.merged();
    for (const branch of ["later", "instead"])
      scene.at.state.push(
        "main",
        scene.at.state.repository.commit(branch, { [branch]: "x" }, { from: sha }),
        MAINTAINER,
      );
    expect(await scene.codes(sha)).to.deep.equal(["forced"]);
  });

  it("for the revert of an update, and for the revert of that", async () => {
    const sha = scene.merged();
    const { repository } = scene.at.state;
    const parent = repository.read(sha).parents[0] as string;
    scene.at.state.push(
      "revert-1",
      scene.at.state.sign(
        repository.commitTree(repository.treeOf(parent), [sha], "Revert"),
        MAINTAINER,
        WEB_FLOW,
      ),
      MAINTAINER,
    );
    const revert = openPull(scene.at.state, {
      title: "Revert",
      head: "revert-1",
      base: "main",
      user: MAINTAINER,
    });
    expect(await scene.codes(mergeUpdate(scene.at.state, revert))).to.include("author");
  });

  it("for a pull request that was merged before, and whose branch was merged again by hand", async () => {
    const sha = scene.merged();
    runs(scene.at.state, sha);
    const again = addCommit(
      scene.at.state,
      BRANCH,
      { "package.json": `${files(AFTER)["package.json"]} ` },
      { from: sha },
    );
    scene.at.state.push("main", again, ACTIONS_LIKE);
    expect(await scene.codes(again)).to.deep.equal(["no-pull"]);
  });

  it("for a person's change that waits before it: it would go along unseen", async () => {
    begin(scene.at.state);
    addCommit(
      scene.at.state,
      "topic",
      { "src.ts": "mine" },
      { signed: { author: MAINTAINER }, pusher: MAINTAINER, from: scene.at.state.repository.head("main") },
    );
    mergeUpdate(
      scene.at.state,
      openPull(scene.at.state, { title: "Mine", head: "topic", base: "main", user: MAINTAINER }),
    );
    const { objections } = await scene.decide(mergeUpdate(scene.at.state, proposeUpdate(scene.at.state)));
    expect(objections.map(({ code }) => code)).to.include("author");
    expect(objections[0]?.because).to.contain("pull request 2");
  });

  it("when it is not known what runs, or it runs already, or a job alone says that it runs", async () => {
    const sha = scene.merged();
    scene.at.state.deployments.length = 0;
    expect(await scene.codes(sha)).to.deep.equal(["running-unknown"]);
    runs(scene.at.state, scene.at.state.repository.read(sha).parents[0] as string, "success", {});
    expect(await scene.codes(sha)).to.deep.equal(["running-unknown"]);
    runs(scene.at.state, sha);
    expect(await scene.codes(sha)).to.deep.equal(["nothing-new"]);
  });

  it("when production runs what is on no path to it", async () => {
    const sha = scene.merged();
    const { objections } = await scene.decide(
      sha,
      scene.at.state.repository.commit("elsewhere", { "x.txt": "x" }),
    );
    expect(objections.map(({ code }) => code)).to.include("no-pull");
  });
});
