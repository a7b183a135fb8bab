import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { apiKey, withKey } from "../../lambdas/secret.ts";
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

  it("is read again at once when it was refused, but not twice within ten seconds", async () => {
    holds('{"api_key":"first"}');
    const key = read();
    await key();
    holds('{"api_key":"second"}');
    now = 9_999;
    expect(await key("first")).to.equal("first");
    now = 10_000;
    expect(await key("first")).to.equal("second");
    now = 19_999;
    for (let guess = 0; guess < 100; guess++) await key("second");
    expect(asked()).to.equal(2);
    now = 20_000;
    for (let guess = 0; guess < 100; guess++) await key("second");
    expect(asked()).to.equal(3);
  });

  it("is not read again because one was refused that is not known any more", async () => {
    holds('{"api_key":"second"}');
    const key = read();
    await key();
    now = MINUTE;
    await key("first");
    expect(asked()).to.equal(1);
  });

  it("is not asked for at every request while it cannot be refreshed", async () => {
    holds('{"api_key":"first"}');
    const key = read();
    await key();
    secretsManager.on(GetSecretValueCommand).rejects(new Error("no answer"));
    now = 5 * MINUTE;
    for (let request = 0; request < 100; request++) expect(await key()).to.equal("first");
    expect(asked()).to.equal(2);
  });

  describe("in use", () => {
    const refusal = new Error("refused");
    const rotated =
      (...keys: string[]) =>
      async (refused?: string) =>
        (refused === undefined ? keys[0] : (keys[keys.indexOf(refused) + 1] ?? refused)) as string;
    const accepting = (good: string) => {
      const sent: string[] = [];
      const ask = async (key: string) => {
        sent.push(key);
        if (key !== good) throw refusal;
        return "an answer";
      };
      return { sent, ask };
    };
    const isRefusal = (error: unknown) => error === refusal;

    it("gives way to the one that took its place", async () => {
      const { sent, ask } = accepting("new");
      expect(await withKey(rotated("old", "new"), ask, isRefusal)).to.equal("an answer");
      expect(sent).to.deep.equal(["old", "new"]);
    });

    it("is sent once where there is no other, and once more at most", async () => {
      for (const keys of [["old"], ["old", "newer", "newest"]]) {
        const { sent, ask } = accepting("another");
        expect(await withKey(rotated(...keys), ask, isRefusal).catch((error) => error)).to.equal(refusal);
        expect(sent).to.have.length(keys.length === 1 ? 1 : 2);
      }
    });

    it("is not taken for refused by another fault", async () => {
      const { sent, ask } = accepting("new");
      await withKey(rotated("old", "new"), ask, () => false).catch(() => {});
      expect(sent).to.deep.equal(["old"]);
    });
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
