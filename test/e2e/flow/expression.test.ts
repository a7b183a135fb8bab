import { expect } from "chai";
import { evaluate, filledIn, runsBy } from "./expression.ts";
import { notGranted } from "./grants.ts";

const CONTEXTS = {
  github: { sha: "abc", event: { actor: { id: 7 } } },
  vars: { REGION: "" },
  needs: {
    one: { result: "success", outputs: { lane: "auto" } },
    two: { result: "failure", outputs: {} },
  },
};
const WELL = { succeeded: true, failed: false };
const ILL = { succeeded: false, failed: true };

describe("what a workflow says, as the flow's test reads it", () => {
  for (const [said, value] of [
    ["github.sha", "abc"],
    ["vars.REGION || 'us-east-1'", "us-east-1"],
    ["github.event.actor.id == 7 && 'yes'", "yes"],
    ["needs.one.result == 'SUCCESS' && !(needs.two.result == 'success')", true],
    ["join(needs.*.result, ' ')", "success failure"],
    ["startsWith(github.sha, 'AB')", true],
    ["'it''s'", "it's"],
    ["needs.two.outputs.lane == 'auto'", false],
  ] as const)
    it(`evaluates ${said}`, () => {
      expect(evaluate(said, CONTEXTS)).to.equal(value);
    });

  for (const said of [
    "github.sho",
    "needs.three.result",
    "inputs.sha",
    "hashFiles('a')",
    "github.sha >= 'a'",
    "github.sha 'abc'",
    "(github.sha",
    "failure()",
  ])
    it(`refuses ${said}`, () => {
      expect(() => evaluate(said, CONTEXTS)).to.throw(Error);
    });

  it("fills in expressions, and leaves a shell's own variables alone", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a workflow's own syntax
    expect(filledIn('echo "$SHA" ${SHA} ${{ github.sha }}', CONTEXTS)).to.equal('echo "$SHA" ${SHA} abc');
  });

  it("runs a job after a failure only where it says so", () => {
    expect(runsBy(undefined, CONTEXTS, WELL)).to.equal(true);
    expect(runsBy(undefined, CONTEXTS, ILL)).to.equal(false);
    expect(runsBy("github.sha == 'abc'", CONTEXTS, ILL)).to.equal(false);
    expect(runsBy("failure() && needs.one.outputs.lane == 'auto'", CONTEXTS, ILL)).to.equal(true);
    expect(runsBy("failure()", CONTEXTS, WELL)).to.equal(false);
    expect(runsBy("always()", CONTEXTS, ILL)).to.equal(true);
  });

  it("names the requests that a job's permissions do not cover", () => {
    const asked = [
      { method: "GET", path: "/repos/example/service" },
      { method: "GET", path: "/repos/example/service/deployments" },
      { method: "PUT", path: "/repos/example/service/pulls/1/merge" },
    ];
    expect(notGranted(asked, { deployments: "write", contents: "write" })).to.deep.equal([]);
    expect(notGranted(asked, { contents: "read" })).to.deep.equal([
      "GET /repos/example/service/deployments needs deployments: read",
      "PUT /repos/example/service/pulls/1/merge needs contents: write",
    ]);
    expect(() => notGranted([{ method: "GET", path: "/repos/example/service/hooks" }], {})).to.throw(/hooks/);
  });
});
