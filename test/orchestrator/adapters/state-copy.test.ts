import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { copyState } from "../../../orchestrator/adapters/state-copy.ts";

const secret = (ciphertext: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext,
});

describe("a copy of a stack's state", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "state-copy-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  async function copied(latest: object | undefined) {
    const text = JSON.stringify({ version: 3, checkpoint: { stack: "trial", latest } });
    const url = await copyState(directory, { project: "service", stack: "trial" }, text);
    expect(url).to.equal(`file://${directory}`);
    return JSON.parse(readFileSync(join(directory, ".pulumi/stacks/service/trial.json"), "utf8")).checkpoint;
  }

  it("is kept by project, as Pulumi keeps stacks now", async () => {
    await copied({});
    expect(readFileSync(join(directory, ".pulumi/meta.yaml"), "utf8")).to.equal("version: 1\n");
  });

  it("needs no key: it has neither a secret nor who keeps them, and all the rest", async () => {
    const resource = {
      urn: "urn:a",
      inputs: { name: "a", key: secret("v1:x") },
      outputs: { list: [secret("v1:y")] },
    };
    const { latest } = await copied({ secrets_providers: { type: "cloud" }, resources: [resource] });
    expect(latest).to.deep.equal({
      resources: [{ urn: "urn:a", inputs: { name: "a", key: "[secret]" }, outputs: { list: ["[secret]"] } }],
    });
  });

  it("leaves out what a provider keeps in its own form, which it can make anew", async () => {
    const outputs = { name: "a", __pulumi_raw_state_delta: { obj: secret("v1:x") } };
    const { latest } = await copied({ resources: [{ urn: "urn:a", outputs }] });
    expect(latest.resources).to.deep.equal([{ urn: "urn:a", outputs: { name: "a" } }]);
  });

  it("is also one of a stack that was never updated", async () => {
    expect(await copied(undefined)).to.deep.equal({ stack: "trial" });
  });
});
