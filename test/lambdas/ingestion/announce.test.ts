import { PublishBatchCommand, SNSClient } from "@aws-sdk/client-sns";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { announceItems } from "../../../lambdas/ingestion/announce.ts";
import { quiet } from "../quiet.ts";

describe("announcing items", () => {
  const logged = quiet();
  const client = new SNSClient({ region: "us-east-1" });
  const sns = mockClient(client);
  const announce = announceItems(client, "arn:aws:sns:us-east-1:123456789012:news");

  it("sends one notification an item, all in one request, and tells which were accepted", async () => {
    sns.on(PublishBatchCommand).resolves({
      Successful: [
        { Id: "0", MessageId: "m" },
        { Id: "2", MessageId: "m" },
      ],
      Failed: [{ Id: "1", Code: "InternalError", SenderFault: false }],
    });
    expect(await announce(["a", "b", "c"])).to.deep.equal(["a", "c"]);
    const { PublishBatchRequestEntries = [] } = sns.commandCalls(PublishBatchCommand)[0]?.args[0].input ?? {};
    expect(PublishBatchRequestEntries.map(({ Message }) => Message)).to.deep.equal([
      '{"id":"a"}',
      '{"id":"b"}',
      '{"id":"c"}',
    ]);
    expect(JSON.parse(logged.lines[0] ?? "")).to.deep.include({ level: "warn", codes: ["InternalError"] });
  });
});
