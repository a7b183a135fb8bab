import { expect } from "chai";
import { octokitGitHub } from "../../../orchestrator/adapters/octokit-github.ts";
import { decideLane } from "../../../orchestrator/github/lane.ts";
import { readPolicy } from "../../../orchestrator/github/policy.ts";
import { refused } from "../../contracts/refused.ts";
import {
  AFTER,
  addCommit,
  BEFORE,
  BRANCH,
  begin,
  entry,
  files,
  mergeUpdate,
  type Project,
  proposeUpdate,
  runs,
  type Tale,
} from "../../fakes/github/dependabot.ts";
import { openPull } from "../../fakes/github/pulls.ts";
import { DEPENDABOT, MAINTAINER, type Pull, STRANGER, UNSIGNED, WEB_FLOW } from "../../fakes/github/state.ts";
import { broken, type FakeGitHub, forbidden, limited, startGitHub } from "../../fakes/github-server.ts";

const policy = readPolicy(`${import.meta.dirname}/../../..`);

describe("the lane of a merge", () => {
  let at: FakeGitHub;
  beforeEach(async () => {
    at = await startGitHub();
  });
  afterEach(() => at.close());

  const decide = (sha: string, running?: string) =>
    decideLane(octokitGitHub(at.access), policy, { sha, running });
  const codes = async (sha: string) => {
    const { lane, objections } = await decide(sha);
    expect(lane).to.equal(objections.length === 0 ? "production-auto" : "production");
    return [...new Set(objections.map(({ code }) => code))].sort();
  };

  /** Dependabot's story with one difference, merged. */
  function merged(tale: Tale = {}, before: (pull: Pull) => void = () => {}): string {
    begin(at.state);
    const pull = proposeUpdate(at.state, tale);
    before(pull);
    return mergeUpdate(at.state, pull);
  }

  describe("needs nobody", () => {
    for (const method of ["merge", "squash"] as const)
      it(`when Dependabot's update came by ${method}`, async () => {
        begin(at.state);
        const sha = mergeUpdate(at.state, proposeUpdate(at.state), undefined, method);
        const { lane, merges } = await decide(sha);
        expect(lane).to.equal("production-auto");
        expect(merges.map(({ updates }) => updates)).to.deep.equal([
          [{ name: "left", from: "1.2.3", to: "1.2.4", step: "patch" }],
        ]);
      });

    it("when others were merged since: it is on the branch, and nothing before it waits", async () => {
      const sha = merged();
      at.state.push(
        "main",
        at.state.repository.commit("later", { "src.ts": "x" }, { from: sha }),
        MAINTAINER,
      );
      expect(await codes(sha)).to.deep.equal([]);
    });

    it("when two updates have gathered, both Dependabot's", async () => {
      merged();
      const next: Project = {
        ...AFTER,
        dependencies: { left: "1.3.0" },
        packages: { ...AFTER.packages, "node_modules/left": entry("1.3.0") },
      };
      const second = proposeUpdate(at.state, {
        branch: "dependabot/npm_and_yarn/left-1.3.0",
        changes: files(next),
      });
      expect(await codes(mergeUpdate(at.state, second))).to.deep.equal([]);
    });

    it("when only what a package brings goes up", async () => {
      const packages = { ...BEFORE.packages, "node_modules/inner": entry("2.0.1") };
      expect(await codes(merged({ changes: files({ ...BEFORE, packages }) }))).to.deep.equal([]);
    });

    it("when Dependabot itself has made its branch anew, and the branch was deleted afterwards", async () => {
      const sha = merged({}, () => {
        const again = { from: at.state.repository.head("main"), message: "Bump left" };
        addCommit(at.state, BRANCH, files(AFTER), again);
      });
      at.state.note(BRANCH, "branch_deletion", MAINTAINER, sha, "0".repeat(40));
      expect(await codes(sha)).to.deep.equal([]);
    });
  });

  describe("needs a person", () => {
    const other = (change: Partial<Project>) => ({ changes: files({ ...AFTER, ...change }) });
    const inner = (more: object, version = "2.0.1") =>
      other({ packages: { ...AFTER.packages, "node_modules/inner": entry(version, more) } });
    const left = (more: object, version = "1.2.4") =>
      other({
        dependencies: { left: version },
        packages: { ...AFTER.packages, "node_modules/left": entry(version, more) },
      });
    const bot = (change: object) => ({ ...DEPENDABOT, ...change });
    const by = (author: typeof DEPENDABOT | null, more: object = {}) => ({ signed: { author, ...more } });

    const told: [what: string, tale: Tale, codes: string[]][] = [
      ["a person's pull request", { user: MAINTAINER }, ["author"]],
      [
        "a person who is called dependabot",
        { user: bot({ id: 77, login: "dependabot", type: "User" }) },
        ["author"],
      ],
      ["another bot with Dependabot's name", { user: bot({ id: 77 }) }, ["author"]],
      ["a person with the bot's very login", { user: bot({ id: 77, type: "User" }) }, ["author"]],
      ["Dependabot's id under another name", { user: bot({ login: "renamed[bot]" }) }, ["author"]],
      ["an author whom GitHub does not know", by(null), ["commit-author"]],
      [
        "a commit under Dependabot's e-mail that nobody signed",
        { signed: { verification: UNSIGNED } },
        ["commit-signature"],
      ],
      [
        "a signature that GitHub finds wrong",
        { signed: { verification: { verified: false, reason: "bad_email" } } },
        ["commit-signature"],
      ],
      [
        "a signature that holds, but for no valid reason",
        { signed: { verification: { verified: true, reason: "unknown_key" } } },
        ["commit-signature"],
      ],
      [
        "a person's signature on a commit in Dependabot's name",
        { signed: { committer: MAINTAINER } },
        ["commit-committer"],
      ],
      ["a commit by a person, made on GitHub's page", by(MAINTAINER), ["commit-author"]],
      [
        "a commit with another author beside",
        { message: "Bump left\n\nCo-authored-by: Somebody <somebody@example.com>" },
        ["co-authored"],
      ],
      [
        "a co-author who calls itself Dependabot",
        { message: "Bump left\n\nco-authored-by: dependabot[bot] <support@example.com>" },
        ["co-authored"],
      ],
      ["an old commit of Dependabot's, pushed by somebody else", { pusher: STRANGER }, ["pushed"]],
      ["a pull request from a fork", { fork: 5 }, ["fork"]],
      ["a pull request from a repository that is gone", { fork: null }, ["fork"]],
      ["a branch that is not Dependabot's", { branch: "topic" }, ["branch"]],
      ["a file beside", { changes: { ...files(AFTER), "src.ts": "evil" } }, ["file"]],
      [
        "a workflow beside",
        { changes: { ...files(AFTER), ".github/workflows/ci.yml": "on: push" } },
        ["file"],
      ],
      [
        "a file by the name of the lock elsewhere",
        { changes: { ...files(AFTER), "src/package-lock.json": "{}" } },
        ["file"],
      ],
      [
        "a change of the registry's settings",
        { changes: { ...files(AFTER), ".npmrc": "registry=https://example.com" } },
        ["file"],
      ],
      [
        "a lock that is gone",
        { changes: { ...files(AFTER), "package-lock.json": null } },
        ["file", "unreadable"],
      ],
      ["a manifest that is no JSON", { changes: { ...files(AFTER), "package.json": "{" } }, ["unreadable"]],
      ["a title of a patch over a major update", left({}, "2.0.0"), ["update-too-far"]],
      [
        "a minor update before 1.0.0",
        other({ dependencies: { left: "1.2.4", inner: "0.2.0" } }),
        ["lock-differs", "update-too-far"],
      ],
      ["a major update of what a package brings", inner({}, "3.0.0"), ["update-too-far"]],
      ["a version that goes down", left({}, "1.2.2"), ["update-too-far"]],
      ["a version that is not finished", left({}, "1.2.4-beta.1"), ["lock-version", "update-too-far"]],
      [
        "a version that is an address",
        other({ dependencies: { left: "git+https://example.com/left.git" } }),
        ["lock-differs", "update-too-far"],
      ],
      [
        "a package more in the manifest",
        other({ dependencies: { left: "1.2.4", more: "1.0.0" } }),
        ["lock-differs", "update-too-far"],
      ],
      [
        "a script of the manifest",
        other({ more: { scripts: { postinstall: "evil" } } }),
        ["manifest-otherwise"],
      ],
      [
        "an override in the manifest",
        other({ more: { overrides: { inner: "9.9.9" } } }),
        ["manifest-otherwise"],
      ],
      [
        "a package from another registry",
        left({ resolved: "https://example.com/left/-/left-1.2.4.tgz" }),
        ["lock-elsewhere"],
      ],
      ["a script that runs when a package is installed", left({ hasInstallScript: true }), ["lock-script"]],
      [
        "a new package with such a script",
        other({
          packages: { ...AFTER.packages, "node_modules/new": entry("1.0.0", { hasInstallScript: true }) },
        }),
        ["lock-script"],
      ],
      ["a package without a digest", left({ integrity: undefined }), ["lock-unpinned"]],
      ["a package with a weak digest", left({ integrity: "sha1-AAAA" }), ["lock-unpinned"]],
      [
        "other bytes under the same version",
        inner({ integrity: `sha512-${"z".repeat(86)}==` }, "2.0.0"),
        ["lock-exchanged"],
      ],
      ["another package under a package's name", left({ name: "evil" }), ["lock-alias"]],
      ["a link in the place of a package", left({ link: true }), ["lock-link"]],
      [
        "a lock that was not made for the manifest",
        {
          changes: {
            ...files(AFTER),
            "package-lock.json": files({ ...AFTER, dependencies: { left: "1.2.3" } })[
              "package-lock.json"
            ] as string,
          },
        },
        ["lock-differs"],
      ],
      [
        "a lock that has another version than the manifest",
        other({ packages: { ...AFTER.packages, "node_modules/left": entry("1.2.5") } }),
        ["lock-differs"],
      ],
      [
        "a manifest alone that changes nothing",
        { changes: { "package.json": `${files(BEFORE)["package.json"]}\n` } },
        ["no-update"],
      ],
    ];
    for (const [what, tale, wanted] of told)
      it(`for ${what}`, async () => {
        expect(await codes(merged(tale))).to.deep.equal(wanted);
      });

    it("for a commit that was added to Dependabot's", async () => {
      const signed = { author: MAINTAINER, committer: MAINTAINER };
      const sha = merged({}, () => {
        addCommit(
          at.state,
          BRANCH,
          { "package.json": `${files(AFTER)["package.json"]} ` },
          { signed, pusher: MAINTAINER, message: "Help" },
        );
      });
      expect(await codes(sha)).to.deep.equal(["commit-author", "commit-committer", "pushed"]);
    });

    it("for the default branch merged into Dependabot's", async () => {
      const sha = merged({}, () => {
        const { repository } = at.state;
        const old = repository.head(BRANCH) as string;
        const joined = repository.commitTree(
          repository.treeOf(old),
          [old, repository.head("main") as string],
          "Merge main",
        );
        at.state.push(BRANCH, at.state.sign(joined, MAINTAINER, WEB_FLOW), MAINTAINER);
      });
      expect(await codes(sha)).to.deep.equal(["commit-author", "commit-merge", "pushed"]);
    });

    it("for a branch that somebody forced back to an older update of Dependabot's", async () => {
      const sha = merged({}, () => {
        const older = at.state.repository.head(BRANCH) as string;
        addCommit(at.state, BRANCH, { "package.json": `${files(AFTER)["package.json"]} ` });
        at.state.push(BRANCH, older, STRANGER);
      });
      expect(await codes(sha)).to.deep.equal(["pushed"]);
    });

    it("for a rename that makes another file the lock", async () => {
      begin(at.state, { "other.json": files(AFTER)["package-lock.json"] as string });
      const changes = {
        "other.json": null,
        "package-lock.json": files(AFTER)["package-lock.json"] as string,
      };
      const sha = mergeUpdate(
        at.state,
        proposeUpdate(at.state, { changes: { ...files(AFTER), ...changes } }),
      );
      expect(await codes(sha)).to.include("file");
    });

    it("for a 101st commit and a 101st file, behind the first page", async () => {
      const more = Array.from({ length: 100 }, (_, n) => ({ [`src/${n}.ts`]: "x" }));
      const sha = merged({}, () => {
        at.state.push(BRANCH, at.state.repository.commits(BRANCH, more), DEPENDABOT);
      });
      expect(await codes(sha)).to.include.members(["commit-author", "file"]);
    }).timeout(60_000);

    it("for more commits than GitHub shows, although each that it shows is well", async () => {
      const sha = merged({}, (pull) => {
        const { repository } = at.state;
        const again = Array.from({ length: 250 }, () => ({}));
        at.state.push(BRANCH, repository.commits(BRANCH, again), DEPENDABOT);
        for (const sha of repository.between(pull.base.sha, pull.head.sha))
          at.state.sign(sha, DEPENDABOT, WEB_FLOW);
      });
      expect(await codes(sha)).to.include("commits-hidden");
    }).timeout(60_000);

    it("for a merge by somebody who may not", async () => {
      begin(at.state);
      expect(await codes(mergeUpdate(at.state, proposeUpdate(at.state), STRANGER))).to.deep.equal([
        "merged-by",
      ]);
    });

    it("for a rebase: GitHub does not sign what it makes then", async () => {
      begin(at.state);
      const sha = mergeUpdate(at.state, proposeUpdate(at.state), undefined, "rebase");
      expect(await codes(sha)).to.deep.equal(["merge-signature"]);
    });

    it("for a squash whose tree is another than the pull request's", async () => {
      begin(at.state);
      const pull = proposeUpdate(at.state);
      const before = at.state.repository.head("main") as string;
      const squashed = at.state.repository.commit(
        "squash",
        { ...files(AFTER), "src.ts": "evil" },
        { from: before },
      );
      at.state.sign(squashed, DEPENDABOT, WEB_FLOW);
      at.state.push("main", squashed, MAINTAINER, "pr_merge");
      Object.assign(pull, {
        state: "closed",
        merged_at: at.state.now(),
        merged_by: DEPENDABOT,
        merge_commit_sha: squashed,
      });
      expect(await codes(squashed)).to.deep.equal(["merged-otherwise"]);
    });

    it("for a merge that a person made by hand and pushed", async () => {
      begin(at.state);
      const pull = proposeUpdate(at.state);
      const { repository } = at.state;
      const parents = [repository.head("main") as string, pull.head.sha];
      const joined = at.state.sign(
        repository.commitTree(repository.treeOf(pull.head.sha), parents, "Merge"),
        MAINTAINER,
        MAINTAINER,
      );
      at.state.push("main", joined, MAINTAINER);
      Object.assign(pull, {
        state: "closed",
        merged_at: at.state.now(),
        merged_by: MAINTAINER,
        merge_commit_sha: joined,
      });
      expect(await codes(joined)).to.deep.equal(["arrival", "merge-committer", "merged-by"]);
    });

    it("for a commit that was pushed without a pull request", async () => {
      const first = begin(at.state);
      const signed = at.state.sign(
        at.state.repository.commit("pushing", files(AFTER), { from: first }),
        DEPENDABOT,
        WEB_FLOW,
      );
      at.state.push("main", signed, DEPENDABOT);
      expect(await codes(signed)).to.deep.equal(["no-pull"]);
    });

    it("for a pull request that was closed and not merged, its commit pushed by hand", async () => {
      begin(at.state);
      const pull = proposeUpdate(at.state);
      pull.state = "closed";
      at.state.push("main", pull.head.sha, MAINTAINER);
      expect(await codes(pull.head.sha)).to.deep.equal(["no-pull"]);
    });

    it("for a merge into another branch", async () => {
      const first = begin(at.state);
      at.state.push("release", first, MAINTAINER);
      const sha = mergeUpdate(at.state, proposeUpdate(at.state, { base: "release" }));
      expect(await codes(sha)).to.deep.equal(["not-on-branch"]);
    });

    it("for a merge into another branch that the default branch took over", async () => {
      const first = begin(at.state);
      at.state.push("release", first, MAINTAINER);
      const sha = mergeUpdate(at.state, proposeUpdate(at.state, { base: "release" }));
      at.state.push("main", sha, MAINTAINER);
      expect(await codes(sha)).to.deep.equal(["arrival", "base"]);
    });

    it("for a merge that a force push took away, also when it came back", async () => {
      const sha = merged();
      at.state.push(
        "main",
        at.state.repository.commit("gone", { "src.ts": "x" }, { from: at.state.deployments[0]?.sha }),
        MAINTAINER,
      );
      expect(await codes(sha)).to.deep.equal(["not-on-branch"]);
      at.state.push("main", sha, MAINTAINER, "force_push");
      expect(await codes(sha)).to.deep.equal(["arrival"]);
    });

    it("for a merge that stayed although the branch was forced after it", async () => {
      const sha = merged();
      for (const branch of ["later", "instead"])
        at.state.push(
          "main",
          at.state.repository.commit(branch, { [branch]: "x" }, { from: sha }),
          MAINTAINER,
        );
      expect(await codes(sha)).to.deep.equal(["forced"]);
    });

    it("for the revert of an update, and for the revert of that", async () => {
      const sha = merged();
      const { repository } = at.state;
      const parent = repository.read(sha).parents[0] as string;
      at.state.push(
        "revert-1",
        at.state.sign(
          repository.commitTree(repository.treeOf(parent), [sha], "Revert"),
          MAINTAINER,
          WEB_FLOW,
        ),
        MAINTAINER,
      );
      const revert = openPull(at.state, {
        title: "Revert",
        head: "revert-1",
        base: "main",
        user: MAINTAINER,
      });
      expect(await codes(mergeUpdate(at.state, revert))).to.include("author");
    });

    it("for a pull request that was merged before, and whose branch was merged again by hand", async () => {
      const sha = merged();
      runs(at.state, sha);
      const again = addCommit(
        at.state,
        BRANCH,
        { "package.json": `${files(AFTER)["package.json"]} ` },
        { from: sha },
      );
      at.state.push("main", again, ACTIONS_LIKE);
      expect(await codes(again)).to.deep.equal(["no-pull"]);
    });

    it("for a person's change that waits before it: it would go along unseen", async () => {
      begin(at.state);
      addCommit(
        at.state,
        "topic",
        { "src.ts": "mine" },
        { signed: { author: MAINTAINER }, pusher: MAINTAINER, from: at.state.repository.head("main") },
      );
      mergeUpdate(
        at.state,
        openPull(at.state, { title: "Mine", head: "topic", base: "main", user: MAINTAINER }),
      );
      const { objections } = await decide(mergeUpdate(at.state, proposeUpdate(at.state)));
      expect(objections.map(({ code }) => code)).to.include("author");
      expect(objections[0]?.because).to.contain("pull request 2");
    });

    it("when it is not known what runs, or it runs already, or a job alone says that it runs", async () => {
      const sha = merged();
      at.state.deployments.length = 0;
      expect(await codes(sha)).to.deep.equal(["running-unknown"]);
      runs(at.state, at.state.repository.read(sha).parents[0] as string, "success", {});
      expect(await codes(sha)).to.deep.equal(["running-unknown"]);
      runs(at.state, sha);
      expect(await codes(sha)).to.deep.equal(["nothing-new"]);
    });

    it("when production runs what is on no path to it", async () => {
      const sha = merged();
      const { objections } = await decide(sha, at.state.repository.commit("elsewhere", { "x.txt": "x" }));
      expect(objections.map(({ code }) => code)).to.include("no-pull");
    });

    it("for a commit that GitHub does not know", async () => {
      merged();
      expect(await codes("0".repeat(40))).to.deep.equal(["not-on-branch"]);
    });

    const strange: [what: string, on: RegExp, body: unknown][] = [
      ["a list that is none", /GET .*\/commits\/.*\/pulls/, { strange: true }],
      [
        "commits without what GitHub says of their signature",
        /GET .*\/pulls\/\d+\/commits/,
        [{ sha: "x", commit: { message: "", tree: { sha: "x" } }, parents: [{ sha: "y" }] }],
      ],
      [
        "a pull request without its author",
        /GET .*\/pulls\/\d+$/,
        { number: 2, base: { ref: "main", sha: "" }, head: { ref: "", sha: "" } },
      ],
      ["nothing at all", /GET .*\/activity/, null],
    ];
    for (const [what, on, body] of strange)
      it(`when GitHub answers with ${what}`, async () => {
        const sha = merged();
        at.breaks(on, { status: 200, body }, 99);
        expect(await codes(sha)).not.to.deep.equal([]);
      });

    it("when GitHub does not find what it has just shown", async () => {
      const sha = merged();
      at.breaks(/GET .*\/files/, { status: 404, body: { message: "Not Found" } });
      expect(await codes(sha)).to.deep.equal(["not-judged"]);
    });
  });

  describe("is not decided", () => {
    const silent: [what: string, answer: Parameters<FakeGitHub["breaks"]>[1], code: string][] = [
      ["when GitHub is down", broken(503), "github-fails"],
      ["when GitHub cannot be reached", "drop", "github-unreachable"],
      [
        "when the token is not known",
        { status: 401, body: { message: "Bad credentials" } },
        "github-token-refused",
      ],
      ["when the token may not look", forbidden, "github-forbids"],
      ["when no more may be asked", limited(Date.now() + 3_600_000), "github-limits"],
    ];
    for (const [what, answer, code] of silent)
      it(what, async () => {
        const sha = merged();
        at.breaks(/GET .*\/pulls\/\d+/, answer, 99);
        await refused(code, decide(sha));
      });
  });
});

const ACTIONS_LIKE = { id: 41898282, login: "github-actions[bot]", type: "Bot" };
