import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type AwsStub, mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { handler } from "../../../lambdas/dashboard/index.ts";
import { environment } from "../environment.ts";
import { quiet } from "../quiet.ts";
import { request } from "./request.ts";

describe("the dashboard function", () => {
  const logged = quiet();
  // biome-ignore lint/suspicious/noExplicitAny: the stub's own type parameters are of no use here
  let stubs: Record<"table" | "secretsManager", AwsStub<any, any, any>>;
  environment(() => ({ API_KEY_SECRET: "a-secret", AWS_REGION: "us-east-1", ITEMS_TABLE: "a-table" }));

  before(() => {
    stubs = { table: mockClient(DynamoDBDocumentClient), secretsManager: mockClient(SecretsManagerClient) };
    stubs.secretsManager.on(GetSecretValueCommand).resolves({ SecretString: '{"api_key":"the-key"}' });
  });
  after(() => {
    for (const stub of Object.values(stubs)) stub.restore();
  });

  it("throws what is unforeseen, so that Lambda counts an error, and logs it without the key", async () => {
    stubs.table.on(QueryCommand).rejects(new Error("the table is gone"));
    const failure = await handler(request("/api/items", { key: "the-key" })).catch((error: Error) => error);
    expect(failure).to.be.instanceOf(Error);
    expect(logged.lines).to.have.length(1);
    expect(JSON.parse(logged.lines[0] ?? "")).to.include({ level: "error", path: "/api/items" });
    expect(logged.lines[0]).to.not.include("the-key");
  });

  it("answers the event of a function URL", async () => {
    stubs.table.on(QueryCommand).resolves({ Items: [] });
    expect(await handler(request("/health", { key: "the-key" }))).to.include({ statusCode: 200 });
    expect(await handler(request("/api/items", { key: "the-key" }))).to.include({ statusCode: 200 });
  });
});
