import { expect } from "chai";
import { adopting, asBegun, begunCreations } from "../../../orchestrator/adapters/pending-creates.ts";

const urnOf = (type: string, name: string) => `urn:pulumi:trial::sentiment::${type}::${name}`;
const LOGS = "aws:cloudwatch/logGroup:LogGroup";

/** A resource that is about to be made of these inputs. */
const begun = (type: string, inputs: Record<string, unknown>, name = "it") => ({
  type: "creating",
  resource: { urn: urnOf(type, name), type, custom: true, inputs, parent: "urn:parent" },
});
const adopted = (type: string, inputs: Record<string, unknown>) =>
  adopting({ resources: [], pending_operations: [begun(type, inputs)] }).deployment.resources?.[0];

describe("what an update began to create", () => {
  const alias = { functionName: "trial-dashboard", name: "live" };
  const permission = { function: "trial-dashboard", qualifier: "live", statementId: "url" };
  for (const [type, inputs, id] of [
    [LOGS, { name: "/aws/lambda/trial" }, "/aws/lambda/trial"],
    ["aws:dynamodb/table:Table", { name: "trial-items" }, "trial-items"],
    ["aws:iam/role:Role", { name: "trial-role" }, "trial-role"],
    ["aws:lambda/function:Function", { name: "trial-dashboard" }, "trial-dashboard"],
    ["aws:lambda/alias:Alias", alias, "trial-dashboard/live"],
    ["aws:lambda/functionUrl:FunctionUrl", { functionName: "f", qualifier: "live" }, "f/live"],
    ["aws:lambda/functionUrl:FunctionUrl", { functionName: "f" }, "f"],
    ["aws:lambda/permission:Permission", permission, "trial-dashboard:live/url"],
    ["aws:lambda/permission:Permission", { function: "f", statementId: "url" }, "f/url"],
  ] as const)
    it(`is found by its name: ${type} ${id}`, () => {
      expect(adopted(type, inputs)).to.deep.include({ id, inputs, parent: "urn:parent" });
    });

  it("stays undecided where its name is not known, or where making it twice does no harm", () => {
    const pending_operations = [
      begun(LOGS, { namePrefix: "/aws" }, "unnamed"),
      begun("aws:lambda/alias:Alias", { name: "live" }, "of what"),
      begun(
        LOGS,
        { name: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" } },
        "secret",
      ),
      begun("aws:sns/topic:Topic", { name: "alerts" }, "topic"),
    ];
    const { deployment, urns } = adopting({ resources: [], pending_operations });
    expect(urns).to.deep.equal([]);
    expect(deployment).to.deep.equal({ resources: [], pending_operations });
    expect(begunCreations(deployment)).to.have.length(4);
  });

  it("is nothing that was read, with an ID among its outputs or without", () => {
    const type = "aws:lambda/permission:Permission";
    const there = { urn: urnOf(type, "it"), type, id: "url", outputs: { action: "lambda:InvokeFunction" } };
    expect(begunCreations({ resources: [there] })).to.deep.equal([]);
  });

  it("leaves other operations, and what is in the state by now, alone", () => {
    const there = { urn: urnOf(LOGS, "it"), type: LOGS, id: "a", outputs: { id: "a", arn: "arn:a" } };
    const pending_operations = [
      begun(LOGS, { name: "a" }),
      { ...begun(LOGS, { name: "b" }, "b"), type: "updating" },
    ];
    const state = { version: 3, resources: [there], pending_operations };
    expect(adopting(state)).to.deep.equal({ deployment: state, urns: [] });
    expect(begunCreations(state)).to.deep.equal([]);
  });

  it("is read anew, and keeps what AWS does not tell again, and what is secret", () => {
    const type = "aws:lambda/function:Function";
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "v1:x",
    };
    const inputs = {
      __defaults: [],
      name: "f",
      s3Key: "a.zip",
      timeout: 3,
      environment: { variables: secret },
    };
    const adoption = adopting({ pending_operations: [begun(type, inputs)] });
    const [taken] = adoption.deployment.resources ?? [];
    expect(taken).to.deep.include({ id: "f", inputs, outputs: {} });
    const told = {
      arn: "arn:f",
      name: "f",
      s3Key: null,
      timeout: 5,
      environment: { variables: "in the open" },
    };
    const read = { resources: [{ urn: urnOf(type, "it"), type, id: "f", inputs: told, outputs: told }] };
    const [kept] = asBegun(read, adoption).resources ?? [];
    expect(kept?.inputs).to.deep.equal(inputs);
    expect(kept?.outputs).to.deep.equal({
      arn: "arn:f",
      name: "f",
      s3Key: "a.zip",
      timeout: 5,
      environment: { variables: secret },
    });
  });

  it("leaves what was not adopted as it was read", () => {
    const read = {
      resources: [{ urn: urnOf(LOGS, "other"), type: LOGS, id: "a", inputs: {}, outputs: { a: 1 } }],
    };
    expect(asBegun(read, adopting({}))).to.deep.equal(read);
  });

  it("is still to be read when the run that took it in died before", () => {
    for (const each of [begun(LOGS, { name: "a" }), begun("aws:lambda/alias:Alias", alias)]) {
      const { deployment, urns } = adopting({ resources: [], pending_operations: [each] });
      expect(deployment.pending_operations).to.deep.equal([]);
      expect(begunCreations(deployment)).to.deep.equal(urns);
      expect(adopting(deployment)).to.deep.equal({ deployment, urns });
    }
  });

  it("is nothing in a state that has nothing", () => {
    expect(adopting({})).to.deep.equal({ deployment: { resources: [], pending_operations: [] }, urns: [] });
  });
});
