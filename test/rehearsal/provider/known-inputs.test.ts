import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { expect } from "chai";
import { knownInputs } from "../../../rehearsal/provider/known-inputs.ts";

const SCHEMA = { resources: { "aws:index/snsTopic:SnsTopic": { inputProperties: { name: {}, tags: {} } } } };

describe("the properties that a bridge knows", () => {
  let directory: string;
  let asked: number;
  const upstream = {
    getSchema(_request: unknown, answer: (error: null, response: unknown) => void) {
      asked++;
      answer(null, new proto.GetSchemaResponse().setSchema(JSON.stringify(SCHEMA)));
    },
  } as unknown as ResourceProviderClient;
  const parts = () => ({
    bridge: join(directory, "dynamic"),
    terraformProvider: join(directory, "terraform-provider"),
    version: "7.48.0",
  });

  beforeEach(async () => {
    asked = 0;
    directory = await mkdtemp(join(tmpdir(), "known-inputs-"));
    await writeFile(parts().terraformProvider, "one");
  });
  afterEach(async () => {
    await chmod(directory, 0o700);
    await rm(directory, { recursive: true });
  });

  it("are asked for once and kept for the next start", async () => {
    const first = await knownInputs(upstream, parts());
    expect(first).to.deep.equal({ "aws:index/snsTopic:SnsTopic": ["name", "tags"] });
    expect(await knownInputs(upstream, parts())).to.deep.equal(first);
    expect(asked).to.equal(1);
  });

  it("are asked for again when the Terraform provider is another", async () => {
    await knownInputs(upstream, parts());
    await writeFile(parts().terraformProvider, "another one");
    await knownInputs(upstream, parts());
    expect(asked).to.equal(2);
  });

  it("are asked for again when what was kept is damaged", async () => {
    await knownInputs(upstream, parts());
    const [kept] = (await readdir(directory)).filter((name) => name.startsWith("inputs-"));
    await writeFile(join(directory, kept ?? ""), "{ half");
    expect(await knownInputs(upstream, parts())).to.have.property("aws:index/snsTopic:SnsTopic");
    expect(asked).to.equal(2);
  });
});
