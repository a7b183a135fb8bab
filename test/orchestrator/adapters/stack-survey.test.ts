import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { surveyOf } from "../../../orchestrator/adapters/stack-survey.ts";

const urn = (name: string, type = "aws:sns/topic:Topic") =>
  `urn:pulumi:trial::project::parent:x:Y$${type}::${name}`;
const state = (name: string, inputs: object, outputs: object, more: object = {}) => ({
  urn: urn(name),
  type: "aws:sns/topic:Topic",
  custom: true,
  id: `arn:${name}`,
  inputs,
  outputs,
  ...more,
});
const step = (kind: "resourcePreEvent" | "resOutputsEvent", name: string, metadata: object) =>
  ({
    [kind]: { metadata: { urn: urn(name), type: "aws:sns/topic:Topic", ...metadata } },
  }) as unknown as EngineEvent;
const read = (name: string, old?: object, found?: object) =>
  step("resOutputsEvent", name, { op: "refresh", old, new: found });
const planned = (name: string, metadata: object) => step("resourcePreEvent", name, metadata);

describe("a survey of a stack", () => {
  const old = state("topic", { name: "a" }, { name: "a", arn: "arn:topic" });
  const now = state("topic", { name: "b" }, { name: "b", arn: "arn:topic" });

  it("has of each resource what is declared, what was recorded and what is found", () => {
    const events = [
      // The engine tells of a reading before it is done, with what it knows then.
      planned("topic", { op: "refresh", old, new: old }),
      read("topic", old, now),
      planned("topic", { op: "update", old: now, new: state("topic", { name: "c" }, {}), diffs: ["name"] }),
      step("resOutputsEvent", "topic", { op: "update", old: now, new: state("topic", { name: "c" }, {}) }),
    ];
    const deployment = { resources: [{ urn: urn("topic"), ignoreChanges: ["policy"] }] };
    expect(surveyOf(events, deployment)).to.deep.equal([
      {
        key: "parent:x:Y$aws:sns/topic:Topic::topic",
        type: "aws:sns/topic:Topic",
        name: "topic",
        id: "arn:topic",
        declared: { name: "c" },
        recorded: { inputs: { name: "a" }, outputs: { name: "a", arn: "arn:topic" } },
        found: { name: "b", arn: "arn:topic" },
        leftAlone: ["policy"],
        changed: ["name"],
      },
    ]);
  });

  it("has what is gone, what was never made, and what the program does not have", () => {
    const events = [
      read("gone", state("gone", {}, { x: 1 })),
      planned("gone", { op: "create", new: state("gone", { x: 1 }, {}) }),
      planned("new", { op: "create", new: state("new", { y: 1 }, {}, { id: "" }) }),
      read("extra", state("extra", {}, {}), state("extra", {}, {})),
      planned("extra", { op: "delete", old: state("extra", {}, {}) }),
    ];
    const brief = surveyOf(events, {}).map(({ name, declared, recorded, found }) => [
      name,
      declared !== undefined,
      recorded !== undefined,
      found !== undefined,
    ]);
    expect(brief).to.deep.equal([
      ["gone", true, true, false],
      ["extra", false, true, true],
      ["new", true, false, false],
    ]);
  });

  it("has what a replacement would give, though a part of it takes away", () => {
    const events = [
      read("topic", old, now),
      planned("topic", { op: "create-replacement", old: now, new: state("topic", { name: "c" }, {}) }),
      planned("topic", { op: "delete-replaced", old: now }),
    ];
    expect(surveyOf(events, {})[0]?.declared).to.deep.equal({ name: "c" });
  });

  it("leaves out the stack, providers and components, which are nothing on AWS", () => {
    const none = { custom: false };
    const provider = { type: "pulumi:providers:aws" };
    const events = [
      read("component", state("component", {}, {}, none), state("component", {}, {}, none)),
      read("provider", state("provider", {}, {}, provider), state("provider", {}, {}, provider)),
    ];
    expect(surveyOf(events, {})).to.deep.equal([]);
  });
});
