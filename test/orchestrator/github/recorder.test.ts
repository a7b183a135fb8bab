import { expect } from "chai";
import { octokitGitHub } from "../../../orchestrator/adapters/octokit-github.ts";
import { deploymentRecorder } from "../../../orchestrator/github/recorder.ts";
import type { Outcome } from "../../../orchestrator/promotion/outcome.ts";
import { broken, type FakeGitHub, forbidden, limited, startGitHub } from "../../fakes/github-server.ts";
import { ENVIRONMENT, world } from "../../fakes/world.ts";

const URL = "https://github.example/run/1";

describe("the record of a promotion on GitHub", () => {
  let at: FakeGitHub;
  let sha: string;
  let said: string[];
  beforeEach(async () => {
    at = await startGitHub();
    sha = at.state.repository.commit("main", { "a.txt": "a" });
    said = [];
  });
  afterEach(() => at.close());

  const recorder = () =>
    deploymentRecorder(octokitGitHub({ ...at.access, longestWait: 0 }), {
      url: URL,
      say: (text) => said.push(text),
    });
  const reason = { code: "unhealthy", message: "it went bad", remedy: "look" };

  async function play(outcome: Outcome, { known = sha, end = sha, promotionId = "p1" } = {}) {
    const { tell, settled } = recorder();
    tell({ type: "started", promotionId, environment: ENVIRONMENT, sha: known, steps: [] });
    tell({ type: "ended", outcome, reason: outcome === "promoted" ? null : reason, sha: end });
    await settled(5_000);
  }

  const ends: [Outcome, string][] = [
    ["promoted", "success"],
    ["unchanged", "success"],
    ["rolled-back", "failure"],
    ["needs-human", "error"],
    ["refused", "inactive"],
  ];
  for (const [outcome, state] of ends)
    it(`shows ${outcome} as ${state}, with where to read more`, async () => {
      await play(outcome);
      const [record] = at.state.deployments;
      expect(record).to.deep.include({ sha, environment: ENVIRONMENT, payload: { promotionId: "p1" } });
      expect(record?.statuses.map(({ state: each, log_url }) => [each, log_url])).to.deep.equal([
        ["in_progress", URL],
        [state, URL],
      ]);
      expect(said).to.deep.equal([]);
    });

  it("leaves what ran before as what runs, unless another took its place", async () => {
    await play("promoted");
    await play("rolled-back", { promotionId: "p2" });
    expect(at.state.deployments[0]?.statuses.at(-1)?.state).to.equal("success");
    await play("promoted", { promotionId: "p3" });
    expect(at.state.deployments[0]?.statuses.at(-1)?.state).to.equal("inactive");
  });

  it("records a release that was chosen only on the way, once it is known", async () => {
    await play("promoted", { known: "", end: sha });
    expect(at.state.deployments.map((each) => [each.sha, each.statuses.length])).to.deep.equal([[sha, 1]]);
  });

  it("records nothing where no release was ever found", async () => {
    await play("refused", { known: "", end: "" });
    expect(at.state.deployments).to.deep.equal([]);
  });

  it("makes up at the end for what failed at the start", async () => {
    at.breaks(/POST .*deployments$/, broken(502));
    at.breaks(/POST .*statuses$/, broken(502));
    await play("promoted");
    await play("rolled-back", { promotionId: "p2" });
    expect(at.state.deployments.map(({ statuses }) => statuses.at(-1)?.state)).to.deep.equal([
      "success",
      "failure",
    ]);
    expect(said).to.deep.equal([]);
  });

  it("records once, although an answer was lost", async () => {
    at.breaks(/POST .*deployments$/, "drop-afterwards");
    await play("promoted");
    expect(at.state.deployments).to.have.length(1);
    expect(at.state.deployments[0]?.statuses.at(-1)?.state).to.equal("success");
  });

  const troubles: [what: string, answer: Parameters<FakeGitHub["breaks"]>[1]][] = [
    ["is down", broken(503)],
    ["cannot be reached", "drop"],
    ["does not let it", forbidden],
    ["knows no such repository", { status: 404, body: { message: "Not Found" } }],
    ["takes no more requests", limited(Date.now() + 3_600_000)],
    ["does not know the token any more", { status: 401, body: { message: "Bad credentials" } }],
    ["answers what nobody understands", { status: 201, body: "???" }],
  ];
  for (const [what, answer] of troubles)
    it(`does not change how a promotion ends when GitHub ${what}, and says so in one line`, async () => {
      at.breaks(/./, answer, 999);
      const { tell, settled } = recorder();
      const w = world();
      const { outcome } = await w.promote(await w.release("good"), { tell });
      await settled(5_000);
      expect(outcome).to.equal("promoted");
      expect(said).to.have.length(1);
      expect(said[0]).to.contain("GitHub");
    });

  it("does not wait for a GitHub that never answers", async () => {
    const never = { recordDeployment: () => new Promise<number>(() => {}) } as never;
    const { tell, settled } = deploymentRecorder(never, { url: URL, say: (text) => said.push(text) });
    tell({ type: "started", promotionId: "p", environment: ENVIRONMENT, sha, steps: [] });
    await settled(20);
    expect(said).to.deep.equal(["GitHub does not answer: it has no whole record of this promotion"]);
  });
});
