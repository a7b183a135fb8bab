import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { apiKey } from "../../lambdas/secret.ts";
import { quiet } from "./quiet.ts";

const MINUTE = 60_000;

describe("the API key in a secret", () => {
  quiet();
  const client = new SecretsManagerClient({ region: "us-east-1" });
  const secretsManager = mockClient(client);
  let now = 0;
  const read = () => apiKey(client, "an-api-key", () => now);
  const holds = (value: string) => secretsManager.on(GetSecretValueCommand).resolves({ SecretString: value });
  const asked = () => secretsManager.commandCalls(GetSecretValueCommand).length;

  beforeEach(() => {
    now = 0;
    secretsManager.reset();
  });

  it("is asked for once in five minutes", async () => {
    holds('{"api_key":"first"}');
    const key = read();
    expect(await key()).to.equal("first");
    now = 5 * MINUTE - 1;
    expect(await key()).to.equal("first");
    expect(asked()).to.equal(1);
  });

  it("is the new one five minutes after it was rotated", async () => {
    holds('{"api_key":"first"}');
    const key = read();
    await key();
    holds('{"api_key":"second"}');
    now = 5 * MINUTE;
    expect(await key()).to.equal("second");
  });

  it("goes on being used when it cannot be refreshed", async () => {
    holds('{"api_key":"first"}');
    const key = read();
    await key();
    secretsManager.on(GetSecretValueCommand).rejects(new Error("no answer"));
    now = 5 * MINUTE;
    expect(await key()).to.equal("first");
  });

  it("is an error when it was never read", async () => {
    secretsManager.on(GetSecretValueCommand).rejects(new Error("no answer"));
    expect(await read()().catch((error: Error) => error.message)).to.equal("no answer");
  });

  for (const value of ["", "hunter2", '{"key":"hunter2"}', '{"api_key":7}', "null"]) {
    it(`is an error that does not quote a secret such as ${value || "an empty one"}`, async () => {
      holds(value);
      const message = await read()().catch((error: Error) => `${error.message} ${error.stack}`);
      expect(message).to.include('The secret an-api-key holds no {"api_key": "..."}.');
      expect(message).to.not.include("hunter2");
    });
  }
});
