import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { expect } from "chai";
import { startBridge } from "../../rehearsal/provider/bridge.ts";
import { parameterize } from "../../rehearsal/provider/parameterize.ts";
import { toBridge } from "../../rehearsal/provider/properties.ts";
import { connect } from "../../rehearsal/provider/server.ts";
import {
  bridgedFunction,
  bridgedType,
  TERRAFORM_DATA_SOURCES,
  TERRAFORM_RESOURCES,
} from "../../rehearsal/provider/tokens.ts";
import { bridgeParts } from "./engine-fixture.ts";
import { type Shape, sdkInputs } from "./sdk-shape.ts";

type Property = { type?: string; $ref?: string; items?: Property; additionalProperties?: Property };
type Schema = {
  resources: Record<string, { inputProperties: Record<string, Property> }>;
  functions: Record<string, unknown>;
  types: Record<string, { properties?: Record<string, Property> }>;
};

/** What only the bridge has: its own id of a resource, tags that AWS computes, times that Pulumi gives otherwise. */
const OF_THE_BRIDGE = /^(\w+Id|tagsAll\{\}|timeouts\.\w+)$/;
/** A package from a local file is an archive in the SDK and a file's name in Terraform: releases lie in S3. */
const NOT_CARRIED_OVER: Record<string, string[]> = { "aws:lambda/function:Function": ["filename"] };

describe("the bridge's schema", function () {
  this.timeout(60_000);
  let schema: Schema;
  before(async function () {
    this.timeout(900_000);
    const parts = await bridgeParts();
    if (parts === undefined) return this.skip();
    const env = { PATH: process.env.PATH, HOME: process.env.HOME };
    const bridge = await startBridge(parts.bridge, { env, log: () => {} });
    const client = connect(bridge.port);
    try {
      await parameterize(client, parts.terraformProvider);
      const request = new proto.GetSchemaRequest().setSubpackageName("aws").setSubpackageVersion("0.0.0");
      schema = await new Promise((resolve, reject) =>
        client.getSchema(request, (error, response) =>
          error ? reject(error) : resolve(JSON.parse(response.getSchema())),
        ),
      );
    } finally {
      client.close();
      await bridge.stop();
    }
  });

  it("has every data source that is covered", () => {
    for (const token of Object.keys(TERRAFORM_DATA_SOURCES)) {
      expect(schema.functions).to.have.property(bridgedFunction(token));
    }
  });

  for (const type of Object.keys(TERRAFORM_RESOURCES)) {
    it(`has nothing that the SDK calls or shapes otherwise: ${type}`, () => {
      const theirs = bridgeInputs(schema, bridgedType(type));
      const ours = translated(type, sdkInputs(type));
      const known = NOT_CARRIED_OVER[type] ?? [];
      const notReached = [...theirs.keys()].filter(
        (path) => !ours.has(path) && !OF_THE_BRIDGE.test(path) && !known.includes(path),
      );
      expect(notReached).to.deep.equal([]);
      for (const [path, kind] of theirs) if (ours.has(path)) expect(ours.get(path), path).to.equal(kind);
    });
  }
});

/** The SDK's inputs under the names that our provider gives them. */
function translated(type: string, inputs: Shape): Shape {
  const { path: rename } = toBridge(type);
  // The step at the end makes the renaming go on into a list of one.
  const name = (path: string) =>
    rename(`${path}.end`)
      .replace(/\.end$/, "")
      .replaceAll("[0]", "[]");
  return new Map([...inputs].map(([path, kind]) => [name(path), kind]));
}

function bridgeInputs({ resources, types }: Schema, type: string): Shape {
  const shape: Shape = new Map();
  const add = (property: Property, path: string): void => {
    if (property.$ref) {
      const inner = types[decodeURIComponent(property.$ref.replace("#/types/", ""))]?.properties ?? {};
      for (const [name, value] of Object.entries(inner)) add(value, `${path}.${name}`);
    } else if (property.type === "array") add(property.items ?? {}, `${path}[]`);
    else if (property.type === "object")
      add(property.additionalProperties ?? { type: "string" }, `${path}{}`);
    else shape.set(path, property.type === "integer" ? "number" : (property.type ?? ""));
  };
  for (const [name, property] of Object.entries(resources[type]?.inputProperties ?? {})) add(property, name);
  expect(shape.size, type).to.be.greaterThan(0);
  return shape;
}
