import { expect } from "chai";
import { driftOf } from "../../../orchestrator/mirror/drift.ts";
import type { SurveyedResource } from "../../../orchestrator/ports/engine.ts";
import { resource } from "./survey.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const places = (...survey: SurveyedResource[]) =>
  driftOf(survey).map(({ resource: { name }, path, wanted, found }) => [name, path, wanted, found]);

describe("drift", () => {
  it("is none where all is as the last update left it", () => {
    expect(
      places(resource({ name: "a", gives: { timeout: 5, tags: { x: "1" } }, tells: { arn: "arn:x" } })),
    ).to.deep.equal([]);
  });

  it("is what was changed by hand, of what the program sets and of what it does not", () => {
    const changed = resource({
      name: "a",
      gives: { timeout: 5, name: "a" },
      tells: { tracing: { mode: "PassThrough" } },
      found: { timeout: 77, name: "a", tracing: { mode: "Active" }, kmsKey: "alias/mine" },
    });
    expect(places(changed)).to.deep.equal([
      ["a", "timeout", 5, 77],
      ["a", "tracing.mode", "PassThrough", "Active"],
      ["a", "kmsKey", undefined, "alias/mine"],
    ]);
  });

  it("is a resource that is gone", () => {
    expect(places(resource({ name: "a", gives: { x: 1 }, found: undefined }))).to.deep.equal([
      ["a", "", "deployed", "not deployed"],
    ]);
  });

  it("is a resource that was never made, and one that the release does not have", () => {
    const never = resource({ name: "a", recorded: undefined, found: undefined });
    const extra = resource({ name: "b", declared: undefined });
    expect(places(never, extra)).to.deep.equal([
      ["a", "", "deployed", "not deployed"],
      ["b", "", "not deployed", "deployed"],
    ]);
  });

  it("is not hidden by a state that was refreshed or updated by hand", () => {
    const outputs = { timeout: 77, extra: "x" };
    const refreshed = resource({
      name: "a",
      gives: { timeout: 5 },
      recorded: { inputs: outputs, outputs },
      found: outputs,
    });
    expect(places(refreshed)).to.deep.equal([
      ["a", "timeout", 5, 77],
      ["a", "extra", undefined, "x"],
    ]);
  });

  it("is none where somebody put it to what the release wants", () => {
    const mended = resource({
      name: "a",
      gives: { timeout: 5 },
      recorded: { inputs: { timeout: 7 }, outputs: { timeout: 7 } },
      found: { timeout: 5 },
    });
    expect(places(mended)).to.deep.equal([]);
  });

  it("is not what the provider does not tell, nor what is known only after an update", () => {
    const quiet = resource({
      name: "a",
      gives: { writeOnly: true, body: `x${UNKNOWN}` },
      recorded: { inputs: { writeOnly: true, body: "xy" }, outputs: { body: "xy" } },
      found: { body: "xy" },
    });
    expect(places(quiet)).to.deep.equal([]);
  });

  it("is not a time, a count of versions, or what the program leaves to another writer", () => {
    const lives = resource({
      name: "a",
      type: "aws:lambda/function:Function",
      tells: { version: "1", lastModified: "2026-11-24T08:58:25.905+0000", left: "1" },
      found: { version: "2", lastModified: "2026-11-24T09:00:00.000+0000", left: "2" },
      leftAlone: ["left"],
    });
    expect(places(lives)).to.deep.equal([]);
  });

  const role = (inlinePolicies: unknown[]) =>
    resource({
      name: "role",
      type: "aws:iam/role:Role",
      id: "the-role",
      gives: { name: "the-role" },
      tells: { inlinePolicies: [] },
      found: { name: "the-role", inlinePolicies },
    });
  const policy = resource({
    name: "policy",
    type: "aws:iam/rolePolicy:RolePolicy",
    gives: { role: "the-role", name: "function", policy: '{"Action":"a"}' },
  });

  it("is not what another resource of the stack answers for, but what nobody does", () => {
    const own = { name: "function", policy: '{ "Action": ["a"] }' };
    const asGiven = { name: "function", policy: '{ "Action": "a" }' };
    const byHand = { name: "by-hand", policy: '{"Action":"*"}' };
    expect(places(role([asGiven]), policy)).to.deep.equal([]);
    expect(places(role([asGiven, byHand]), policy).map(([, path]) => path)).to.deep.equal([
      "inlinePolicies[name=by-hand]",
    ]);
    expect(places(role([own])), "nobody answers").to.have.length(1);
  });

  it("is named once, at the resource that answers for it", () => {
    const topic = resource({
      name: "topic",
      id: "arn:topic",
      gives: { name: "t" },
      tells: { policy: '{"Id":"default"}' },
      found: { name: "t", policy: '{"Id":"by hand"}' },
    });
    const ofTopic = resource({
      name: "policy",
      type: "aws:sns/topicPolicy:TopicPolicy",
      gives: { arn: "arn:topic", policy: '{"Id":"ours"}' },
      found: { arn: "arn:topic", policy: '{"Id":"by hand"}' },
    });
    expect(places(topic, ofTopic)).to.deep.equal([["policy", "policy.Id", "ours", "by hand"]]);
  });

  it("is told of a secret by the engine's word alone, without its value", () => {
    const secret = { key: "[secret]" };
    expect(places(resource({ name: "a", gives: secret }))).to.deep.equal([]);
    expect(places(resource({ name: "a", gives: secret, changed: ["key"] }))).to.deep.equal([
      ["a", "key", "[secret]", "[secret]"],
    ]);
  });
});
