import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { mochaValidation } from "../../../orchestrator/adapters/mocha-validation.ts";
import { knownSecrets } from "../../../orchestrator/secrets.ts";
import { FORMS, leaksIn, PLANTED } from "../../fakes/planted.ts";

const ROOT = join(import.meta.dirname, "../../..");
const { secret = "" } = PLANTED["a password that JSON escapes"] ?? {};
const OURS = { "a password that JSON escapes": { variable: "", secret } };

/** A suite that passes and fails, and prints the key that it was given in every form, whole and in two pieces. */
const SUITE = `
  const key = process.env.INTEGRATION_API_KEY;
  const forms = ${JSON.stringify(Object.values(FORMS).map((write) => write(secret)))};
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
  it("passes", async () => {
    (await import("node:fs")).writeFileSync("environment.json", JSON.stringify(process.env));
    for (const form of forms) {
      process.stdout.write("out: " + form.slice(0, 9));
      await pause();
      process.stdout.write(form.slice(9) + "\\n");
      process.stderr.write("err: " + form + "\\n");
    }
    process.stdout.write("Ü".repeat(9000) + " the end\\n");
  });
  it("fails", () => { throw new Error("the key " + key + " is refused"); });
`;

describe("the integration tests' log", function () {
  this.timeout(30_000);
  let root: string;
  let restore: () => void;

  before(() => {
    const secretsManager = mockClient(SecretsManagerClient);
    restore = () => secretsManager.restore();
    root = mkdtempSync(join(tmpdir(), "validation-"));
    mkdirSync(join(root, "test/integration"), { recursive: true });
    writeFileSync(join(root, "package.json"), '{ "type": "module" }');
    writeFileSync(join(root, "test/integration/leaking.test.ts"), SUITE);
    symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
    secretsManager.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify({ api_key: secret }) });
  });
  after(() => {
    restore();
    rmSync(root, { recursive: true });
  });

  it("is whole but for the key that the tests were given, and so is what they found", async () => {
    const secrets = knownSecrets();
    const logs = join(root, "logs");
    const settings = { root, logs, promotionId: "one", keySecret: "key", secrets };
    const found = await mochaValidation(settings, { region: "us-east-1" }).run(
      { sha: "0".repeat(40), outputs: { functions: {} } as never },
      new AbortController().signal,
    );
    expect(found).to.include({ passed: 1, failed: 1 });
    expect(found.failures[0]).to.contain(secret);
    expect(leaksIn(secrets.redact(found.failures.join()), OURS)).to.deep.equal([]);
    const log = readFileSync(found.log, "utf8");
    expect(log.match(/^out: /gm)).to.have.length(Object.keys(FORMS).length);
    expect(log.match(/err: /g)).to.have.length(Object.keys(FORMS).length);
    expect(log).to.contain(`${"Ü".repeat(9_000)} the end`);
    expect(leaksIn(log, OURS)).to.deep.equal([]);
  });

  it("is of a process that has nothing of ours but what it needs", async () => {
    const foreign = {
      GITHUB_TOKEN: "x",
      PROD_AWS_SECRET_ACCESS_KEY: "x",
      AWS_PROFILE: "x",
      AWS_SESSION_TOKEN: "x",
    };
    const before = { ...process.env };
    Object.assign(process.env, foreign);
    try {
      const settings = {
        root,
        logs: join(root, "logs"),
        promotionId: "two",
        keySecret: "key",
        secrets: knownSecrets(),
      };
      const credentials = { accessKeyId: "meant", secretAccessKey: "meant-too" };
      await mochaValidation(settings, { region: "us-east-1", credentials }).run(
        { sha: "0".repeat(40), outputs: { functions: {} } as never },
        new AbortController().signal,
      );
    } finally {
      for (const name of Object.keys(foreign)) delete process.env[name];
      Object.assign(process.env, before);
    }
    const seen = JSON.parse(readFileSync(join(root, "environment.json"), "utf8"));
    expect(Object.keys(foreign).filter((name) => name in seen)).to.deep.equal([]);
    expect(seen).to.include({
      AWS_ACCESS_KEY_ID: "meant",
      AWS_REGION: "us-east-1",
      INTEGRATION_API_KEY: secret,
    });
  });
});
