import { expect } from "chai";
import { octokitGitHub } from "../../../orchestrator/adapters/octokit-github.ts";
import type { GitHub } from "../../../orchestrator/ports/github.ts";
import { keepComment } from "../../../orchestrator/preview/comment.ts";
import { markerOf } from "../../../orchestrator/preview/markdown.ts";
import { refused } from "../../contracts/refused.ts";
import { openPull } from "../../fakes/github/pulls.ts";
import { MAINTAINER } from "../../fakes/github/state.ts";
import { broken, type FakeGitHub, limitedForNow, startGitHub } from "../../fakes/github-server.ts";

describe("the comment of a preview", () => {
  let at: FakeGitHub;
  let github: GitHub;
  let pull: number;

  beforeEach(async () => {
    at = await startGitHub();
    github = octokitGitHub(at.access);
    at.state.repository.commit("main", { "a.txt": "one" });
    pull = openPull(at.state, { title: "t", head: "main", base: "main", user: MAINTAINER }).number;
  });
  afterEach(() => at.close());

  const marker = markerOf("trial");
  const keep = (text: string, of = marker) =>
    keepComment(github, { pull, marker: of, body: `${of}\n${text}` });
  const bodies = () => at.state.comments.map(({ body }) => body.split("\n").slice(1).join("\n"));
  const asked = (method: string) => at.server.requests.filter((each) => each.method === method).length;

  it("is written once and edited in place from then on, one for each environment", async () => {
    expect(await keep("first")).to.equal("written");
    expect(await keep("of another", markerOf("another"))).to.equal("written");
    expect(await keep("second")).to.equal("edited");
    expect(bodies()).to.deep.equal(["second", "of another"]);
  });

  it("is left alone where it says the same", async () => {
    await keep("first");
    expect(await keep("first")).to.equal("unchanged");
    expect(asked("PATCH")).to.equal(0);
  });

  it("is found among more comments than one page has, and not where others quote it", async () => {
    for (let index = 0; index < 130; index++) await github.comment(pull, `> ${marker}\nno. ${index}`);
    await keep("first");
    expect(await keep("second")).to.equal("edited");
    expect(at.state.comments).to.have.length(131);
  });

  it("does not overwrite what a person has begun alike", async () => {
    await keep("of a bot");
    const forged = { id: at.state.number(), issue: pull, body: `${marker}\nforged`, user: MAINTAINER };
    at.state.comments.unshift(forged);
    const before = at.state.comments[1];
    if (before) before.user = { ...before.user, type: "Bot" };
    await keep("second");
    expect(bodies()).to.deep.equal(["forged", "second"]);
  });

  it("is one again after two runs at once have each written theirs", async () => {
    await github.comment(pull, `${marker}\none`);
    await github.comment(pull, `${marker}\nother`);
    await keep("newest");
    expect(bodies()).to.deep.equal(["newest", "_It is kept further up._"]);
  });

  it("overwrites what somebody edited meanwhile, and is written anew where somebody deleted it", async () => {
    await keep("first");
    const [comment] = at.state.comments;
    if (comment) comment.body = `${marker}\nedited by hand`;
    expect(await keep("second")).to.equal("edited");
    at.breaks(/PATCH/, { status: 404, body: { message: "Not Found" } });
    expect(await keep("third")).to.equal("written");
  });

  it("is not written twice when the answer is lost", async () => {
    at.breaks(/POST/, "drop-afterwards");
    expect(await keep("first")).to.equal("written");
    expect(bodies()).to.deep.equal(["first"]);
  });

  it("waits out a limit and a server that fails, and refuses clearly what will not work", async () => {
    at.breaks(/GET/, limitedForNow(1));
    at.breaks(/GET/, broken(502));
    expect(await keep("first")).to.equal("written");
    at.breaks(/PATCH/, broken(500), 99);
    await refused("github-fails", keep("second"));
    github = octokitGitHub({ ...at.access, token: "expired" });
    await refused("github-token-refused", keep("third"));
    pull = 99;
    github = octokitGitHub(at.access);
    await refused("github-lacks", keep("fourth"));
    expect(bodies()).to.deep.equal(["first"]);
  });
});
