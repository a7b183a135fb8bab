import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { begin, mergeUpdate, proposeUpdate } from "../../fakes/github/dependabot.ts";
import { MAINTAINER } from "../../fakes/github/state.ts";
import { broken, type FakeGitHub, startGitHub, TOKEN } from "../../fakes/github-server.ts";

const CLI = join(import.meta.dirname, "../../../orchestrator/cli.ts");

describe("the commands that ask GitHub", function () {
  this.timeout(60_000);
  let at: FakeGitHub;
  let directory: string;
  beforeEach(async () => {
    at = await startGitHub();
    directory = mkdtempSync(join(tmpdir(), "output-"));
  });
  afterEach(() => {
    at.close();
    rmSync(directory, { recursive: true });
  });

  function run(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const { PATH, HOME } = process.env;
    const own = { GITHUB_REPOSITORY: at.state.fullName, GITHUB_TOKEN: TOKEN, GITHUB_API_URL: at.url };
    const env = { PATH, HOME, ...own, GITHUB_OUTPUT: join(directory, "output") };
    return new Promise((resolve) =>
      execFile(process.execPath, [CLI, ...words], { env }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
      ),
    );
  }

  function merged(user?: typeof MAINTAINER): string {
    begin(at.state);
    return mergeUpdate(at.state, proposeUpdate(at.state, user ? { user } : {}));
  }

  it("lane: one word on stdout and in the workflow's output, the reasons on stderr", async () => {
    const { code, stdout, stderr } = await run("lane", "--sha", merged(), "--github-output");
    expect([code, stdout]).to.deep.equal([0, "production-auto\n"]);
    expect(readFileSync(join(directory, "output"), "utf8")).to.equal("lane=production-auto\n");
    expect(stderr).to.contain("left 1.2.3 → 1.2.4 (patch)");
  });

  it("lane --json: one document, with the reasons by code", async () => {
    const { code, stdout } = await run("lane", "--sha", merged(MAINTAINER), "--json");
    const { lane, objections } = JSON.parse(stdout);
    expect([code, lane]).to.deep.equal([0, "production"]);
    expect(objections.map((each: { code: string }) => each.code)).to.deep.equal(["author"]);
  });

  it("lane: no lane at all where GitHub gives no answer, and no token in what is said, even with --debug", async () => {
    const sha = merged();
    at.breaks(/./, { ...broken(401), body: { message: `Bad credentials ${TOKEN}` } }, 99);
    const { code, stdout, stderr } = await run("--debug", "lane", "--sha", sha, "--github-output");
    expect([code, stdout]).to.deep.equal([3, ""]);
    expect(stderr).to.contain("[github-token-refused]");
    expect(stderr).not.to.contain(TOKEN);
    expect(() => readFileSync(join(directory, "output"))).to.throw();
  });

  it("revert: 5 when a person must go on, with what is next; 3 when it is refused", async () => {
    const sha = merged();
    at.state.mergeRefusal = "a review is required";
    const waiting = await run(
      "revert",
      "--sha",
      sha,
      "--step",
      "validate",
      "--log-url",
      "https://github.example/1",
    );
    expect(waiting.code, waiting.stderr).to.equal(5);
    expect(waiting.stdout).to.contain("a review is required").and.to.contain("next: merge ");
    expect((await run("revert", "--sha", "0".repeat(40))).code).to.equal(3);
  });

  for (const [words, said] of [
    [["--force"], "--reason"],
    [["--step", "a\n::error::b"], "--step"],
    [["--log-url", "javascript:alert(1)"], "--log-url"],
  ] as const)
    it(`revert: refuses ${JSON.stringify(words)} as usage`, async () => {
      const { code, stderr } = await run("revert", "--sha", "0".repeat(40), ...words);
      expect(code).to.equal(2);
      expect(stderr).to.contain(said);
      expect(at.server.requests).to.deep.equal([]);
    });

  it("repository: 3 when something differs, and says what; 2 when it is not said what to do", async () => {
    begin(at.state);
    const { code, stdout } = await run("repository", "--plan");
    expect(code).to.equal(3);
    expect(stdout).to.contain("environment production differs").and.to.contain("missing: secret");
    expect((await run("repository")).code).to.equal(2);
  });
});
