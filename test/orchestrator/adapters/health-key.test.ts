import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { healthKey, NoKey } from "../../../orchestrator/adapters/health-key.ts";
import { knownSecrets } from "../../../orchestrator/secrets.ts";

describe("the key of the health route, for the orchestrator", () => {
  const secretsManager = mockClient(SecretsManagerClient);
  const secrets = knownSecrets();
  let now = 0;
  const read = () => healthKey("trial-key", { region: "us-east-1" }, secrets, () => now);
  const holds = (key: string) =>
    secretsManager.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify({ api_key: key }) });
  const asked = () => secretsManager.commandCalls(GetSecretValueCommand).length;

  beforeEach(() => {
    now = 0;
    secretsManager.reset();
  });
  after(() => secretsManager.restore());

  it("is read once, however long the promotion lasts, while nobody refuses it", async () => {
    holds("the first key");
    const key = read();
    for (now = 0; now < 3_600_000; now += 600_000) expect(await key()).to.equal("the first key");
    expect(asked()).to.equal(1);
  });

  it("is the new one when the old one is refused, and neither can be printed", async () => {
    holds("the first key");
    const key = read();
    await key();
    holds("the second key");
    now = 10_000;
    expect(await key("the first key")).to.equal("the second key");
    expect(secrets.redact("the first key, the second key")).to.equal("[redacted], [redacted]");
  });

  for (const text of ["hunter2-and-more", '{"key":"hunter2-and-more"}', ""])
    it(`is an error that does not quote a secret such as ${text || "an empty one"}`, async () => {
      secretsManager.on(GetSecretValueCommand).resolves({ SecretString: text });
      const error = await read()().catch((thrown: Error) => thrown);
      expect(error).to.be.instanceOf(NoKey);
      expect(String(error)).to.contain("holds no").and.not.contain("hunter2");
    });

  it("is not read at every refusal: a release that refuses every key is asked often", async () => {
    holds("the first key");
    const key = read();
    await key();
    for (now = 0; now < 20_000; now += 100) await key("the first key");
    expect(asked()).to.equal(2);
  });
});
