import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { githubAccess } from "../../../orchestrator/cli/github.ts";
import { workflowRun } from "../../../orchestrator/cli/workflow-run.ts";
import type { Tell } from "../../../orchestrator/promotion/progress.ts";
import { type FakeGitHub, startGitHub, TOKEN } from "../../fakes/github-server.ts";

describe("how a command reaches GitHub", () => {
  const variables = { GITHUB_REPOSITORY: "example/service", GITHUB_TOKEN: TOKEN };

  it("takes the variables of a workflow, and knows the token as a secret from then on", () => {
    const access = githubAccess(variables);
    expect(access).to.deep.include({ owner: "example", repo: "service", url: "https://api.github.com" });
    expect(access.redact(`token ${TOKEN}`)).not.to.contain(TOKEN);
  });

  const lacks: [object, string][] = [
    [{ GITHUB_REPOSITORY: "" }, "github-repository-unknown"],
    [{ GITHUB_REPOSITORY: "a/b/c" }, "github-repository-unknown"],
    [{ GITHUB_REPOSITORY: "a b/c?" }, "github-repository-unknown"],
    [{ GITHUB_TOKEN: " " }, "github-token-missing"],
    [{ GITHUB_API_URL: "http://github.example" }, "github-address-invalid"],
    [{ GITHUB_API_URL: "no address" }, "github-address-invalid"],
  ];
  for (const [lack, code] of lacks)
    it(`refuses ${JSON.stringify(lack)} as ${code}`, () => {
      expect(() => githubAccess({ ...variables, ...lack }))
        .to.throw()
        .with.property("code", code);
    });
});

describe("a promotion in a workflow", () => {
  let at: FakeGitHub;
  let directory: string;
  let sha: string;
  beforeEach(async () => {
    at = await startGitHub();
    sha = at.state.repository.commit("main", { "a.txt": "a" });
    directory = mkdtempSync(join(tmpdir(), "workflow-"));
  });
  afterEach(() => {
    at.close();
    rmSync(directory, { recursive: true });
  });

  const inWorkflow = () => ({
    GITHUB_ACTIONS: "true",
    GITHUB_REPOSITORY: at.state.fullName,
    GITHUB_TOKEN: TOKEN,
    GITHUB_API_URL: at.url,
    GITHUB_RUN_ID: "7",
    GITHUB_STEP_SUMMARY: join(directory, "summary.md"),
  });
  function tellAll(tell: Tell) {
    tell({ type: "started", promotionId: "p1", environment: "trial", sha, steps: [] });
    tell({ type: "ended", outcome: "promoted", reason: null, sha });
  }

  it("is recorded with a link to the run, and shown in its summary", async () => {
    const { tell, settled } = await workflowRun({ local: true }, inWorkflow());
    tellAll(tell);
    await settled();
    expect(at.state.deployments[0]?.statuses.at(-1)).to.deep.include({
      state: "success",
      log_url: `https://github.com/${at.state.fullName}/actions/runs/7`,
    });
    expect(readFileSync(join(directory, "summary.md"), "utf8")).to.contain("trial: promoted");
  }).timeout(20_000);

  it("is not recorded outside of one", async () => {
    const { tell, settled } = await workflowRun({}, { ...inWorkflow(), GITHUB_ACTIONS: undefined });
    tellAll(tell);
    await settled();
    expect(at.server.requests).to.deep.equal([]);
  });

  it("goes on where the summary cannot be written", async () => {
    const nowhere = {
      ...inWorkflow(),
      GITHUB_TOKEN: "",
      GITHUB_STEP_SUMMARY: join(directory, "no/such/file"),
    };
    const { tell, settled } = await workflowRun({}, nowhere);
    tellAll(tell);
    await settled();
  });
});
