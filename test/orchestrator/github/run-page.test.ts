import { expect } from "chai";
import { type RunPage, runPage } from "../../../orchestrator/github/run-page.ts";
import type { Outcome, Reason } from "../../../orchestrator/promotion/outcome.ts";

function pageOf(outcome: Outcome, reason: Reason | null, text = "20 of 20 probes well"): RunPage {
  const pages: RunPage[] = [];
  const tell = runPage((page) => pages.push(page));
  const sha = "0123456789012345678901234567890123456789";
  tell({ type: "started", promotionId: "p1", environment: "trial", sha, steps: [] });
  tell({ type: "step-finished", step: "canary", outcome: reason ? "failed" : "passed", ms: 1_600, text });
  tell({ type: "ended", outcome, reason, sha });
  expect(pages).to.have.length(1);
  return pages[0] as RunPage;
}

describe("the page of a workflow's run", () => {
  const reason = { code: "unhealthy", message: "it went bad", remedy: "npm run status -- --env trial" };

  it("says how it ended, and each step", () => {
    const { markdown, annotation } = pageOf("promoted", null);
    expect(markdown).to.contain("### trial: promoted 0123456");
    expect(markdown).to.contain("| ✅ | canary | 1.6 s | 20 of 20 probes well |");
    expect(annotation).to.equal(null);
  });

  it("says why it did not go well and what is next, and marks the run", () => {
    const { markdown, annotation } = pageOf("rolled-back", reason);
    expect(markdown).to.contain("**Why:** it went bad (`unhealthy`)");
    expect(markdown).to.contain("**Next:** npm run status -- --env trial");
    expect(annotation).to.equal(
      "::error title=trial%3A rolled-back 0123456 (unhealthy)::it went bad%0Anext: npm run status -- --env trial",
    );
  });

  it("shows what was said as it is, and lets it neither end a command nor begin one, nor break the table", () => {
    const evil = { ...reason, message: "50 %\n::set-env name=X::y\r\n<img src=x> | **bold** @everybody" };
    const { markdown, annotation } = pageOf("refused", evil, "a | b\n<script>");
    expect(annotation?.split("\n")).to.have.length(1);
    expect(annotation).to.contain("50 %25%0A::set-env");
    expect(markdown).not.to.match(/<img|<script|\*\*bold|@everybody/);
    expect(markdown).to.contain("| a &#124; b &#60;script&#62; |");
  });
});
