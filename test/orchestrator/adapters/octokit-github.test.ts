import { expect } from "chai";
import { octokitGitHub } from "../../../orchestrator/adapters/octokit-github.ts";
import type { GitHub } from "../../../orchestrator/ports/github.ts";
import { githubContract } from "../../contracts/github.ts";
import { refused } from "../../contracts/refused.ts";
import { openPull } from "../../fakes/github/pulls.ts";
import { MAINTAINER } from "../../fakes/github/state.ts";
import {
  broken,
  type FakeGitHub,
  forbidden,
  limited,
  limitedForNow,
  startGitHub,
  TOKEN,
} from "../../fakes/github-server.ts";

describe("GitHub by Octokit", () => {
  let at: FakeGitHub;
  let github: GitHub;
  beforeEach(async () => {
    at = await startGitHub();
    github = octokitGitHub(at.access);
  });
  afterEach(() => at.close());

  githubContract(async () => ({ github, at }));

  const asks = (pattern: RegExp) =>
    at.server.requests.filter(({ method, path }) => pattern.test(`${method} ${path}`)).length;

  for (const status of [500, 502, 503])
    it(`asks again after a ${status}`, async () => {
      at.breaks(/GET/, broken(status), 2);
      expect((await github.repository()).name).to.equal(at.state.fullName);
      expect(asks(/GET/)).to.equal(3);
    });

  it("gives up after some tries, and says that GitHub failed", async () => {
    at.breaks(/GET/, broken(502), 99);
    await refused("github-fails", github.repository());
    expect(asks(/GET/)).to.equal(4);
  });

  it("asks again when the connection breaks, and says that it could not be reached", async () => {
    at.breaks(/GET/, "drop", 1);
    await github.repository();
    at.breaks(/GET/, "drop", 99);
    await refused("github-unreachable", github.repository());
  });

  it("does not send again what may have been done although the answer was lost", async () => {
    const sha = at.state.repository.commit("main", { "a.txt": "one" });
    const { number } = openPull(at.state, { title: "t", head: "main", base: "main", user: MAINTAINER });
    at.breaks(/POST .*comments/, "drop-afterwards");
    await refused("github-unreachable", github.comment(number, "once"));
    at.breaks(/POST .*deployments/, broken(502));
    const order = { sha, environment: "trial", description: "", promotionId: "p" };
    await refused("github-fails", github.recordDeployment(order));
    expect(at.state.comments).to.have.length(1);
    expect(asks(/POST/)).to.equal(2);
  });

  it("waits for a limit that ends soon, by either of GitHub's two kinds and statuses", async () => {
    at.breaks(/GET/, limited(Date.now() + 5_000));
    at.breaks(/GET/, limitedForNow(20));
    await github.repository();
    at.breaks(/GET/, limitedForNow(20, 429));
    await github.repository();
    expect(asks(/GET/)).to.equal(5);
  });

  it("refuses to wait for a limit that ends late, and names the time", async () => {
    const reset = Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000;
    at.breaks(/GET/, limited(reset));
    const error = await refused("github-limits", github.repository());
    expect(error.message).to.contain(new Date(reset).toISOString().replace(".000Z", "Z"));
    expect(asks(/GET/)).to.equal(1);
  });

  it("does not wait for ever for a limit that ends soon again and again", async () => {
    at.breaks(/GET/, limitedForNow(30), 99);
    await refused("github-limits", github.repository());
    expect(asks(/GET/)).to.equal(3);
  });

  it("refuses once all requests of the hour are used up", async () => {
    at.server.remaining = 0;
    await refused("github-limits", github.repository());
  });

  it("tells a token that is not known from one that may not, and from what is not there", async () => {
    await refused("github-token-refused", octokitGitHub({ ...at.access, token: "another" }).repository());
    at.breaks(/GET/, forbidden);
    await refused("github-forbids", github.repository());
    await refused("github-lacks", github.comments(99));
    await refused("github-refuses", github.createBranch("x", "0".repeat(40)));
  });

  it("asks for what it has read before at no cost", async () => {
    await github.repository();
    const { remaining } = at.server;
    expect((await github.repository()).name).to.equal(at.state.fullName);
    expect(at.server.requests.at(-1)?.headers["if-none-match"]).to.be.a("string");
    expect(at.server.remaining).to.equal(remaining);
  });

  it("notices that what it has read before has changed", async () => {
    at.state.repository.commit("main", { "a.txt": "one" });
    const before = await github.headOf("main");
    at.state.repository.commit("main", { "a.txt": "two" });
    expect(await github.headOf("main")).not.to.equal(before);
  });

  it("shows its token to nobody: not in an error, nor in what led to it", async () => {
    const said = `you sent ${TOKEN}`;
    at.breaks(/GET/, { status: 418, body: { message: said, errors: [{ message: said }] } }, 99);
    const error = await refused("github-refuses", github.repository());
    at.breaks(/POST/, "drop", 99);
    const lost = await refused("github-unreachable", github.createBranch("x", "y"));
    for (const each of [error, lost]) {
      const shown = `${each.message} ${each.stack} ${JSON.stringify(each)} ${each.cause}`;
      expect(shown).not.to.contain(TOKEN);
      expect(each.cause, "what led to it holds the request").to.equal(undefined);
    }
  });
});
