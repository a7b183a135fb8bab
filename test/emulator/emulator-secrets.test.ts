import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { clientConfig } from "./emulator-fixture.ts";

describe("emulator: secrets", () => {
  it("have no version until they are given a value", async () => {
    const secrets = new SecretsManagerClient(await clientConfig());
    const SecretId = "empty-at-first";
    await secrets.send(new CreateSecretCommand({ Name: SecretId }));
    const described = async () =>
      (await secrets.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages;
    expect(Object.keys((await described()) ?? {})).to.deep.equal([]);
    const refused = await secrets.send(new GetSecretValueCommand({ SecretId })).catch((error) => error);
    expect(refused.name).to.equal("ResourceNotFoundException");
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: "a value" }));
    expect(Object.values((await described()) ?? {})).to.deep.equal([["AWSCURRENT"]]);
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    expect(SecretString).to.equal("a value");
  });
});
