import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PublishBatchCommand, SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type AwsStub, mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { handler } from "../../../lambdas/ingestion/index.ts";
import { type NewsServer, startNews } from "../../../rehearsal/news/server.ts";
import { environment } from "../environment.ts";
import { quiet } from "../quiet.ts";

describe("the ingestion function", () => {
  const logged = quiet();
  let news: NewsServer;
  // biome-ignore lint/suspicious/noExplicitAny: the stub's own type parameters are of no use here
  let stubs: Record<"table" | "sns" | "secretsManager", AwsStub<any, any, any>>;

  before(async () => {
    news = await startNews();
    stubs = {
      table: mockClient(DynamoDBDocumentClient),
      sns: mockClient(SNSClient),
      secretsManager: mockClient(SecretsManagerClient),
    };
    stubs.secretsManager.on(GetSecretValueCommand).resolves({ SecretString: '{"api_key":"the-key"}' });
    stubs.table.on(PutCommand).resolves({});
    stubs.table.on(UpdateCommand).resolves({});
    stubs.sns.on(PublishBatchCommand).callsFake(({ PublishBatchRequestEntries }) => ({
      Successful: PublishBatchRequestEntries,
    }));
  });
  after(async () => {
    for (const stub of Object.values(stubs)) stub.restore();
    await news.close();
  });
  environment(() => ({
    AWS_REGION: "us-east-1",
    ITEM_RETENTION_DAYS: "30",
    ITEMS_TABLE: "items",
    NEWS_API_KEY_SECRET: "a-secret",
    NEWS_API_URL: news.url,
    NEWS_PAGES: "2",
    NEWS_QUERY: "missing-fields",
    NOTIFICATIONS_TOPIC: "arn:aws:sns:us-east-1:123456789012:news",
  }));

  beforeEach(() => {
    for (const stub of Object.values(stubs)) stub.resetHistory();
  });

  it("takes the news into the table, tells the topic, and says what it did", async () => {
    const counts = { fetched: 5, stored: 2, known: 0, skipped: 3, announced: 2, rateLimited: false };
    expect(await handler()).to.deep.equal({ ...counts, release: "unreleased" });
    const ids = stubs.table.commandCalls(PutCommand).map(({ args }) => args[0].input.Item?.id);
    const [published] = stubs.sns.commandCalls(PublishBatchCommand);
    const messages = published?.args[0].input.PublishBatchRequestEntries as { Message: string }[];
    expect(messages.map(({ Message }) => JSON.parse(Message).id)).to.deep.equal(ids);
    expect(JSON.parse(logged.lines[0] ?? "")).to.include({ level: "info", stored: 2, skipped: 3 });
  });

  it("says that it can work, when a promotion asks, without doing it", async () => {
    expect(await handler({ promotionProbe: "one" })).to.include({ status: "healthy", version: "unreleased" });
    for (const stub of [stubs.table, stubs.sns]) expect(stub.calls()).to.deep.equal([]);
  });

  it("fetches something else when it is asked to", async () => {
    expect(await handler({ query: "happy", pages: 1 })).to.include({ fetched: 5, stored: 5 });
  });
});
