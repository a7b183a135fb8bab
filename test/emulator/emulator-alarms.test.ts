import { setTimeout as delay } from "node:timers/promises";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { alarm, becomes, metric, putAlarm, putPoint } from "./alarm.ts";
import { clientConfig } from "./emulator-fixture.ts";

/** Longer than the evaluations are apart: what has not happened by then does not happen. */
const TWO_EVALUATIONS_MS = 2_200;

const topicsMaySend = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: "*",
    },
  ],
};

describe("emulator: alarms", () => {
  it("look at their own dimensions only", async () => {
    await putAlarm("dim-a", "dim-a", { TreatMissingData: "notBreaching" });
    await putAlarm("dim-b", "dim-b", { TreatMissingData: "notBreaching" });
    await putPoint("dim-b", 1);
    await becomes("dim-b", "ALARM");
    await becomes("dim-a", "OK");
  });

  const missing = {
    missing: "INSUFFICIENT_DATA",
    notBreaching: "OK",
    breaching: "ALARM",
    ignore: "INSUFFICIENT_DATA",
  };
  for (const [treatment, state] of Object.entries(missing)) {
    it(`are ${state} by themselves without any data that is treated as ${treatment}`, async () => {
      await putAlarm(`none-${treatment}`, `none-${treatment}`, { TreatMissingData: treatment });
      await becomes(`none-${treatment}`, state);
      await delay(TWO_EVALUATIONS_MS);
      expect((await alarm(`none-${treatment}`)).StateValue).to.equal(state);
    });
  }

  // AWS's own table of examples: 0 is good, X is bad, - is missing, the newest is last; the alarm looks at 3 periods.
  // The letters are the outcomes for missing, ignore, breaching, notBreaching: Alarm, Ok, Insufficient data, Retained.
  const examples: [points: string, toAlarm: number, outcomes: string][] = [
    ["0-X-X", 3, "OOOO"],
    ["0----", 3, "OOOO"],
    ["-----", 3, "IRAO"],
    ["0XX-X", 3, "AAAA"],
    ["--X--", 3, "ARAO"],
    ["0-X-X", 2, "AAAA"],
    ["00X0X", 2, "AAAA"],
    ["0-X--", 2, "OOAO"],
    ["----0", 2, "OOAO"],
    ["---X-", 2, "ARAO"],
  ];
  it("treat missing data in M of N periods as AWS documents it", async function () {
    this.timeout(20_000);
    const treatments = ["missing", "ignore", "breaching", "notBreaching"];
    const states = { A: "ALARM", O: "OK", I: "INSUFFICIENT_DATA", R: "INSUFFICIENT_DATA" };
    const wanted = new Map<string, string>();
    for (const [points, toAlarm, outcomes] of examples) {
      const service = `${points}-${toAlarm}`;
      for (const [i, point] of [...points].reverse().entries()) {
        if (point !== "-") await putPoint(service, point === "X" ? 1 : 0, i * 60 + 20);
      }
      for (const [i, treatment] of treatments.entries()) {
        const options = { EvaluationPeriods: 3, DatapointsToAlarm: toAlarm, TreatMissingData: treatment };
        await putAlarm(`${service}-${treatment}`, service, options);
        wanted.set(`${service}-${treatment}`, states[outcomes[i] as keyof typeof states]);
      }
    }
    await delay(TWO_EVALUATIONS_MS);
    for (const [name, state] of wanted) expect((await alarm(name)).StateValue, name).to.equal(state);
  });

  it("compute metric math, with FILL for what is missing", async () => {
    const service = "math";
    const rate = { Id: "rate", Expression: "FILL(bad, 0) / all * 100", ReturnData: true };
    const Metrics = [metric("bad", service, "Bad"), metric("all", service, "All"), rate];
    await putPoint(service, 10, 0, "All");
    await putAlarm("math", service, { Metrics, Threshold: 20 });
    await becomes("math", "OK");
    await putPoint(service, 3);
    expect((await becomes("math", "ALARM")).StateReason).to.include("30");
  });

  it("refuse what CloudWatch refuses", async () => {
    const refusals: [string, object][] = [
      ["Period", { Period: 7 }],
      ["DatapointsToAlarm", { EvaluationPeriods: 1, DatapointsToAlarm: 2 }],
      ["expression", { Metrics: [metric("a", "x", "Bad"), { Id: "e", Expression: "NONSENSE(a)" }] }],
    ];
    for (const [what, options] of refusals) {
      const refused = await putAlarm("refused", "x", options).catch((error) => error);
      expect(refused.name).to.match(/^Validation/);
      expect(refused.message).to.include(what);
    }
  });

  it("go back to OK by themselves, and tell only of changes", async function () {
    this.timeout(20_000);
    const sqs = new SQSClient(await clientConfig());
    const sns = new SNSClient(await clientConfig());
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: "told", Attributes: { Policy: JSON.stringify(topicsMaySend) } }),
    );
    const about = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "told" }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: about.Attributes?.QueueArn }));
    // An evaluation reaches two periods further back than the alarm's own: this point leaves it in 3 s.
    await putPoint("back", 1, 3 * 60 - 3);
    const actions = { AlarmActions: [TopicArn], OKActions: [TopicArn] };
    await putAlarm("back", "back", { ...actions, TreatMissingData: "notBreaching" });
    await becomes("back", "ALARM");
    await becomes("back", "OK");
    await delay(TWO_EVALUATIONS_MS);

    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    const changes = Messages.map((m) => JSON.parse(JSON.parse(m.Body ?? "").Message).NewStateValue);
    expect(changes).to.have.members(["ALARM", "OK"]);
  });
});
