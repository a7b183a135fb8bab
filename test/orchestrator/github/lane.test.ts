import { expect } from "chai";
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
} from "../../fakes/github/dependabot.ts";
import { MAINTAINER } from "../../fakes/github/state.ts";
import { broken, type FakeGitHub, forbidden, limited } from "../../fakes/github-server.ts";
import { laneScene } from "./lane-scene.ts";
import { TALES } from "./lane-tales.ts";

describe("the lane of a merge", () => {
  const scene = laneScene();

  describe("needs nobody", () => {
    for (const method of ["merge", "squash"] as const)
      it(`when Dependabot's update came by ${method}`, async () => {
        begin(scene.at.state);
        const sha = mergeUpdate(scene.at.state, proposeUpdate(scene.at.state), undefined, method);
        const { lane, merges } = await scene.decide(sha);
        expect(lane).to.equal("production-auto");
        expect(merges.map(({ updates }) => updates)).to.deep.equal([
          [{ name: "left", from: "1.2.3", to: "1.2.4", step: "patch" }],
        ]);
      });

    it("when others were merged since: it is on the branch, and nothing before it waits", async () => {
      const sha = scene.merged();
      scene.at.state.push(
        "main",
        scene.at.state.repository.commit("later", { "src.ts": "x" }, { from: sha }),
        MAINTAINER,
      );
      expect(await scene.codes(sha)).to.deep.equal([]);
    });

    it("when two updates have gathered, both Dependabot's", async () => {
      scene.merged();
      const next: Project = {
        ...AFTER,
        dependencies: { left: "1.3.0" },
        packages: { ...AFTER.packages, "node_modules/left": entry("1.3.0") },
      };
      const second = proposeUpdate(scene.at.state, {
        branch: "dependabot/npm_and_yarn/left-1.3.0",
        changes: files(next),
      });
      expect(await scene.codes(mergeUpdate(scene.at.state, second))).to.deep.equal([]);
    });

    it("when only what a package brings goes up", async () => {
      const packages = { ...BEFORE.packages, "node_modules/inner": entry("2.0.1") };
      expect(await scene.codes(scene.merged({ changes: files({ ...BEFORE, packages }) }))).to.deep.equal([]);
    });

    it("when Dependabot itself has made its branch anew, and the branch was deleted afterwards", async () => {
      const sha = scene.merged({}, () => {
        const again = { from: scene.at.state.repository.head("main"), message: "Bump left" };
        addCommit(scene.at.state, BRANCH, files(AFTER), again);
      });
      scene.at.state.note(BRANCH, "branch_deletion", MAINTAINER, sha, "0".repeat(40));
      expect(await scene.codes(sha)).to.deep.equal([]);
    });
  });

  describe("needs a person", () => {
    for (const [what, tale, wanted] of TALES)
      it(`for ${what}`, async () => {
        expect(await scene.codes(scene.merged(tale))).to.deep.equal(wanted);
      });

    it("for a commit that GitHub does not know", async () => {
      scene.merged();
      expect(await scene.codes("0".repeat(40))).to.deep.equal(["not-on-branch"]);
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
        const sha = scene.merged();
        scene.at.breaks(on, { status: 200, body }, 99);
        expect(await scene.codes(sha)).not.to.deep.equal([]);
      });

    it("when GitHub does not find what it has just shown", async () => {
      const sha = scene.merged();
      scene.at.breaks(/GET .*\/files/, { status: 404, body: { message: "Not Found" } });
      expect(await scene.codes(sha)).to.deep.equal(["not-judged"]);
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
        const sha = scene.merged();
        scene.at.breaks(/GET .*\/pulls\/\d+/, answer, 99);
        await refused(code, scene.decide(sha));
      });
  });
});
