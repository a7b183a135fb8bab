import { IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { iamPermissions } from "../../../orchestrator/adapters/iam-permissions.ts";
import type { Environment } from "../../../orchestrator/environment.ts";
import type { RunningRelease } from "../../../orchestrator/promotion/events.ts";

const USER = "arn:aws:iam::123456789012:user/trial-deployer";
const ROLE = "arn:aws:sts::123456789012:assumed-role/trial-deployer/a-session";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/abc";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:trial-alerts";

const environment = {
  name: "trial",
  region: "us-east-1",
  promotion: {
    state: "s3://trial-state/stack?region=us-east-1",
    packages: "trial-packages",
    ledger: "trial-ledger",
    signingKey: "alias/trial-signing",
  },
} as Environment;
const running: RunningRelease = {
  sha: "a",
  functions: { dashboard: { functionName: "trial-dashboard", version: "1", codeSha256: "d" } },
  url: "",
  alarms: [],
  alertsTopicArn: TOPIC,
};

describe("the simulation of what the deployer may do", () => {
  const [iam, kms, sts] = [mockClient(IAMClient), mockClient(KMSClient), mockClient(STSClient)];

  beforeEach(() => {
    for (const each of [iam, kms, sts]) each.reset();
    sts.on(GetCallerIdentityCommand).resolves({ Arn: USER, Account: "123456789012" });
    kms.on(DescribeKeyCommand, { KeyId: "alias/trial-signing" }).resolves({
      KeyMetadata: { KeyId: "abc", Arn: KEY },
    });
    decide(() => "allowed");
  });
  after(() => {
    for (const each of [iam, kms, sts]) each.restore();
  });

  function decide(how: (action: string, resource: string) => "allowed" | "implicitDeny" | "explicitDeny") {
    iam.on(SimulatePrincipalPolicyCommand).callsFake(({ ActionNames = [], ResourceArns = [] }) => ({
      EvaluationResults: ActionNames.map((action: string) => ({
        EvalActionName: action,
        EvalDecision: how(action, ResourceArns[0]),
      })),
    }));
  }

  const simulate = (release?: RunningRelease) =>
    iamPermissions(environment, {
      region: "us-east-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    }).simulate(release);
  const asked = () => iam.commandCalls(SimulatePrincipalPolicyCommand).map(({ args: [{ input }] }) => input);

  it("asks about the ledger, the buckets, the key itself, the functions that run, and the topic", async () => {
    const found = await simulate(running);
    expect(found).to.deep.include({ checked: true, denied: [] });
    expect(asked().map(({ ResourceArns }) => ResourceArns?.[0])).to.deep.equal([
      "arn:aws:dynamodb:us-east-1:123456789012:table/trial-ledger",
      "arn:aws:s3:::trial-state/stack/.pulumi/stacks",
      "arn:aws:s3:::trial-packages/releases",
      KEY,
      "arn:aws:lambda:us-east-1:123456789012:function:trial-dashboard",
      TOPIC,
    ]);
    const deeds = asked().reduce((sum, { ActionNames }) => sum + (ActionNames?.length ?? 0), 0);
    expect(found).to.include({ deeds });
  });

  it("asks about no function where nothing runs yet", async () => {
    await simulate();
    expect(asked().some(({ ResourceArns }) => /lambda|sns/.test(ResourceArns?.[0] ?? ""))).to.equal(false);
  });

  it("names everything that is denied, expressly or by silence", async () => {
    decide((action) =>
      action === "kms:Sign" ? "explicitDeny" : action === "lambda:UpdateAlias" ? "implicitDeny" : "allowed",
    );
    expect(await simulate(running)).to.deep.include({
      denied: [
        `kms:Sign on ${KEY}`,
        "lambda:UpdateAlias on arn:aws:lambda:us-east-1:123456789012:function:trial-dashboard",
      ],
    });
  });

  it("takes an action that was not answered for denied", async () => {
    iam.on(SimulatePrincipalPolicyCommand).resolves({ EvaluationResults: [] });
    const found = await simulate();
    expect(found.checked && found.denied.length === found.deeds).to.equal(true);
  });

  it("asks about the role that a session was assumed from", async () => {
    sts.on(GetCallerIdentityCommand).resolves({ Arn: ROLE, Account: "123456789012" });
    await simulate();
    expect(new Set(asked().map(({ PolicySourceArn }) => PolicySourceArn))).to.deep.equal(
      new Set(["arn:aws:iam::123456789012:role/trial-deployer"]),
    );
  });

  it("says that nothing was checked where it may not ask, and does not throw", async () => {
    iam.on(SimulatePrincipalPolicyCommand).rejects(new Error("not authorized to perform the simulation"));
    expect(await simulate()).to.deep.equal({
      checked: false,
      because: "not authorized to perform the simulation",
    });
  });
});
