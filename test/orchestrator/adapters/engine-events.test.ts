import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import {
  changesOf,
  commandError,
  errorsOf,
  pendingIn,
} from "../../../orchestrator/adapters/engine-events.ts";

type Metadata = {
  op?: string;
  urn?: string;
  type?: string;
  diffs?: string[];
  detailedDiff?: Record<string, unknown>;
  keys?: string[];
  old?: { inputs: Record<string, unknown> };
  new?: { inputs: Record<string, unknown>; protect?: boolean };
};

const resource = (metadata: Metadata) =>
  ({
    resourcePreEvent: {
      metadata: { op: "same", urn: "urn:one", type: "aws:lambda/function:Function", ...metadata },
    },
  }) as unknown as EngineEvent;
const said = (message: string, severity = "error") =>
  ({ diagnosticEvent: { message, severity } }) as unknown as EngineEvent;

describe("the changes that the engine tells of", () => {
  const operations = {
    create: "create",
    update: "update",
    delete: "delete",
    same: "same",
    replace: "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "discard-replaced": "replace",
    "import-replacement": "replace",
    read: "other",
    import: "other",
  };
  for (const [op, operation] of Object.entries(operations))
    it(`have the operation ${operation} for ${op}`, () => {
      expect(changesOf([resource({ op })])[0]?.operation).to.equal(operation);
    });

  it("name the resource and the properties that differ", () => {
    expect(changesOf([resource({ op: "update", diffs: ["code"] })])).to.deep.equal([
      { urn: "urn:one", type: "aws:lambda/function:Function", operation: "update", properties: ["code"] },
    ]);
    expect(changesOf([resource({ detailedDiff: { "a.b": {} } })])[0]?.properties).to.deep.equal(["a.b"]);
    expect(changesOf([resource({})])[0]?.properties).to.deep.equal([]);
  });

  it("say what the program asks for, and whether the engine protects it", () => {
    const inputs = { name: "items" };
    expect(changesOf([resource({ op: "create", new: { inputs, protect: true } })])[0]).to.include({
      inputs,
      protect: true,
    });
    expect(changesOf([resource({ op: "update", new: { inputs } })])[0]).to.include({
      inputs,
      protect: false,
    });
  });

  it("say what was asked for before, and why a resource cannot stay", () => {
    const [before, inputs] = [{ hashKey: "id" }, { hashKey: "url" }];
    const told = resource({ op: "replace", old: { inputs: before }, new: { inputs }, keys: ["hashKey"] });
    expect(changesOf([told])[0]).to.deep.include({ before, inputs, replacedFor: ["hashKey"] });
    expect(changesOf([resource({ op: "delete", old: { inputs: before } })])[0]).to.deep.include({ before });
    expect(changesOf([resource({ op: "create", keys: [] })])[0]).to.not.have.any.keys(
      "before",
      "replacedFor",
    );
  });

  it("say it of what is replaced too, in whatever order its parts come", () => {
    const made = resource({ op: "create-replacement", new: { inputs: { name: "new" } } });
    const gone = resource({ op: "delete-replaced" });
    for (const parts of [
      [made, gone],
      [gone, made],
    ])
      expect(changesOf(parts)[0]).to.deep.include({ operation: "replace", inputs: { name: "new" } });
    expect(changesOf([resource({ op: "delete" })])[0]).to.not.have.property("inputs");
  });

  it("are one for each resource, though a replacement has several parts", () => {
    const parts = ["create-replacement", "replace", "delete-replaced"].map((op) => resource({ op }));
    expect(changesOf(parts).map(({ operation }) => operation)).to.deep.equal(["replace"]);
  });

  it("leave out the stack itself, the providers and what is no resource", () => {
    const types = ["pulumi:pulumi:Stack", "pulumi:providers:aws"];
    expect(changesOf([...types.map((type) => resource({ type })), said("hello", "info")])).to.deep.equal([]);
  });
});

describe("what the engine says went wrong", () => {
  it("is its errors, without colours, breaks and repetitions", () => {
    const events = [
      said("<{%reset%}>creating   Role:\n  denied<{%reset%}>\n"),
      said("creating Role: denied"),
      said("a warning", "warning"),
      said("another"),
    ];
    expect(errorsOf(events)).to.equal("creating Role: denied; another");
  });

  it("leaves out that it failed, which is known", () => {
    expect(errorsOf([said("update failed"), said("preview failed")])).to.equal("");
    expect(errorsOf([])).to.equal("");
  });

  it("leaves out what the plan still expected after the error that was told", () => {
    const unseen = said("expected resource operations for urn:a-queue but none were seen");
    expect(errorsOf([said("creating Role: denied"), unseen])).to.equal("creating Role: denied");
  });
});

describe("an error of the engine's command", () => {
  it("is reduced to its telling lines, each once", () => {
    const error = new Error(
      "code: 255\n stdout: \n stderr: error: no such bucket\nerror: no such bucket\n err?: x",
    );
    expect(commandError(error)).to.equal("no such bucket");
  });

  it("is left as it is when nothing in it tells more", () => {
    expect(commandError(new Error("spawn pulumi ENOENT"))).to.equal("spawn pulumi ENOENT");
    expect(commandError("a text")).to.equal("a text");
  });
});

describe("what an update left undecided", () => {
  const operation = (type: string, urn: string) => ({ type, resource: { urn, type: "trial" } });

  it("is read from the exported state", () => {
    const pending_operations = [operation("creating", "urn:one"), operation("deleting", "urn:two")];
    expect(pendingIn({ resources: [], pending_operations })).to.deep.equal([
      { urn: "urn:two", operation: "deleting" },
      { urn: "urn:one", operation: "creating" },
    ]);
  });

  it("is no creation of what is in the state by now", () => {
    const pending_operations = [operation("creating", "urn:one"), operation("updating", "urn:one")];
    expect(pendingIn({ resources: [{ urn: "urn:one", type: "trial" }], pending_operations })).to.deep.equal([
      { urn: "urn:one", operation: "updating" },
    ]);
  });

  it("is nothing in a state that has none, or in an empty one", () => {
    expect(pendingIn({ resources: [{ urn: "urn:one", type: "trial" }] })).to.deep.equal([]);
    expect(pendingIn({})).to.deep.equal([]);
  });
});
