import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { requireCleanTree, resolveCommit } from "../../../orchestrator/release/git.ts";
import { problemOf } from "./problem-of.ts";
import { makeProject, type Project } from "./project.ts";

describe("finding a commit", () => {
  let project: Project;
  let first: string;
  let second: string;

  before(() => {
    project = makeProject();
    first = project.git("rev-parse", "HEAD");
    second = project.commit({ "notes.txt": "more\n" });
  });
  after(() => project.remove());

  it("takes a whole SHA, a short one, one in capitals, and HEAD", async () => {
    expect(await resolveCommit(project.root, first)).to.equal(first);
    expect(await resolveCommit(project.root, first.slice(0, 7))).to.equal(first);
    expect(await resolveCommit(project.root, second.slice(0, 12).toUpperCase())).to.equal(second);
    expect(await resolveCommit(project.root, "HEAD")).to.equal(second);
  });

  for (const given of ["", "abc123", "main", "HEAD~1", "zzzzzzz", `${"a".repeat(41)}`, "--all", "1234567 "]) {
    it(`refuses "${given}" as no SHA`, async () => {
      const { code, owner, message } = await problemOf(resolveCommit(project.root, given));
      expect({ code, owner }).to.deep.equal({ code: "sha-malformed", owner: "user" });
      expect(message).to.include(`"${given}"`);
    });
  }

  it("refuses a SHA that nobody knows", async () => {
    expect((await problemOf(resolveCommit(project.root, "0000000"))).code).to.equal("sha-unknown");
    expect((await problemOf(resolveCommit(project.root, "0".repeat(40)))).code).to.equal("sha-unknown");
  });

  it("refuses the SHA of something that is no commit", async () => {
    const tree = project.git("rev-parse", "HEAD^{tree}");
    expect((await problemOf(resolveCommit(project.root, tree))).code).to.equal("sha-unknown");
  });

  it("refuses what could be two commits, and names both", async () => {
    const [one, other] = twins(project);
    const { code, message } = await problemOf(resolveCommit(project.root, one.slice(0, 7)));
    expect(code).to.equal("sha-ambiguous");
    expect(message).to.include(one).and.to.include(other);
    expect(await resolveCommit(project.root, one)).to.equal(one);
  });

  it("takes the commit, not the branch that is called as its SHA begins", async () => {
    project.git("branch", second.slice(0, 7), first);
    expect(await resolveCommit(project.root, second.slice(0, 7))).to.equal(second);
    project.git("branch", "--delete", "--force", second.slice(0, 7));
  });

  it("refuses a directory that is no checkout, or is not there", async () => {
    const directory = await mkdtemp(join(tmpdir(), "no-checkout-"));
    expect((await problemOf(resolveCommit(directory, first))).code).to.equal("not-a-repository");
    await rm(directory, { recursive: true });
    expect((await problemOf(resolveCommit(directory, first))).code).to.equal("not-a-repository");
  });

  it("refuses HEAD of a repository with no commit", async () => {
    const directory = await mkdtemp(join(tmpdir(), "no-commit-"));
    execFileSync("git", ["init", "--quiet"], { cwd: directory });
    expect((await problemOf(resolveCommit(directory, "HEAD"))).code).to.equal("sha-unknown");
    await rm(directory, { recursive: true });
  });

  it("says that git is missing when it is", async () => {
    const { code, owner } = await problemOf(resolveCommit(project.root, first, { PATH: "/nowhere" }));
    expect({ code, owner }).to.deep.equal({ code: "git-missing", owner: "environment" });
  });

  it("looks into the checkout it was given, also inside a git hook of another", async () => {
    const env = { ...process.env, GIT_DIR: "/nowhere/.git", GIT_WORK_TREE: "/nowhere" };
    expect(await resolveCommit(project.root, "HEAD", env)).to.equal(project.git("rev-parse", "HEAD"));
  });
});

describe("a tree that must be clean", () => {
  let project: Project;
  beforeEach(() => {
    project = makeProject();
  });
  afterEach(() => project.remove());

  it("may be clean", async () => {
    await requireCleanTree(project.root);
  });

  it("counts what is changed, staged and new", async () => {
    writeFileSync(join(project.root, "package.json"), "{}");
    writeFileSync(join(project.root, "Pulumi.yaml"), "name: other\n");
    project.git("add", "Pulumi.yaml");
    writeFileSync(join(project.root, "new.txt"), "");
    const { code, owner, message, remedy } = await problemOf(requireCleanTree(project.root));
    expect({ code, owner }).to.deep.equal({ code: "dirty-tree", owner: "user" });
    expect(message).to.match(/^3 files are/);
    expect(remedy).to.include("--allow-dirty");
  });
});

/** Two commits whose SHAs begin with the same seven digits: some 20,000 tries. */
function twins({ root, git }: Project): [string, string] {
  const tree = git("rev-parse", "HEAD^{tree}");
  const commitOf = (n: number) =>
    `tree ${tree}\nauthor Ada Example <ada@example.com> ${n} +0000\ncommitter Ada Example <ada@example.com> 0 +0000\n\nTwin\n`;
  const seen = new Map<string, number>();
  for (let n = 0; ; n++) {
    const content = commitOf(n);
    const sha = createHash("sha1").update(`commit ${content.length}\0${content}`).digest("hex");
    const twin = seen.get(sha.slice(0, 7));
    seen.set(sha.slice(0, 7), n);
    if (twin === undefined) continue;
    const write = (number: number) =>
      execFileSync("git", ["hash-object", "-t", "commit", "-w", "--stdin"], {
        cwd: root,
        input: commitOf(number),
      });
    return [String(write(twin)).trim(), String(write(n)).trim()];
  }
}
