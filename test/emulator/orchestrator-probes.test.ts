import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { healthProbes } from "../../orchestrator/adapters/health-probes.ts";
import { knownSecrets } from "../../orchestrator/secrets.ts";
import { probesContract } from "../contracts/probes.ts";
import { emulatorAccess, unused } from "./access.ts";
import { deploy, exposeAlias } from "./functions.ts";

const KEY = "the key of the health page";
const sha = "ab".repeat(20);

const well = `exports.handler = async ({ rawPath, headers, promotionProbe }) => {
  if (promotionProbe) return { status: "healthy", version: "${sha}", timestamp: new Date().toISOString() };
  if (headers["x-api-key"] !== ${JSON.stringify(KEY)}) return { statusCode: 401, body: "" };
  if (rawPath !== "/health") return { statusCode: 404, body: "" };
  const body = JSON.stringify({ status: "healthy", version: "${sha}", timestamp: new Date().toISOString() });
  return { statusCode: 200, headers: { "content-type": "application/json" }, body };
};`;
const ill = "exports.handler = async () => ({ statusCode: 500, body: '' });";
const throwing = "exports.handler = async () => { throw new Error('no table'); };";
const chatty = "exports.handler = async () => ({ statusCode: 200, body: 'all is well' });";

describe("orchestrator: health requests", () => {
  const functionName = unused("probed");
  const keySecret = unused("health-key");
  let url: string;

  before(async function () {
    this.timeout(30_000);
    await createSecret(keySecret);
    const lambda = await deploy(functionName, [well, ill, throwing, chatty]);
    url = `https://${await exposeAlias(lambda, functionName, "1")}/`;
  });

  async function createSecret(Name: string): Promise<void> {
    const secrets = new SecretsManagerClient(await emulatorAccess());
    await secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify({ api_key: KEY }) }));
  }

  const probing = async (secret = keySecret) =>
    healthProbes(
      { path: "/health", keySecret: secret, promotionId: "one", secrets: knownSecrets() },
      await emulatorAccess(),
    );

  probesContract(async () => ({ probes: await probing(), functionName, url, sha }));

  it("tell what the code threw", async () => {
    const probe = await (await probing()).direct({ functionName, version: "3" }, { withKey: true });
    expect(probe.ok).to.equal(false);
    expect(probe.problem).to.contain("no table");
  });

  it("do not take any page for a health report", async () => {
    const probe = await (await probing()).direct({ functionName, version: "4" }, { withKey: true });
    expect(probe).to.include({ ok: false, status: 200, problem: "the answer is not a health report" });
  });

  it("are not ok while the key cannot be read, and need none to be turned away", async () => {
    const late = unused("late-key");
    const probes = await probing(late);
    expect((await probes.throughUrl({ url }, { withKey: true })).ok).to.equal(false);
    expect((await probes.throughUrl({ url }, { withKey: false })).ok).to.equal(true);
    await createSecret(late);
    expect((await probes.throughUrl({ url }, { withKey: true })).ok).to.equal(true);
  });
});
