import { IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { iamSimulation } from "../../../orchestrator/adapters/iam-simulation.ts";

const access = { region: "us-east-1", credentials: { accessKeyId: "id", secretAccessKey: "secret" } };
const arn = "arn:aws:iam::1:user/somebody";

describe("IAM's simulation of a principal", () => {
  const iam = mockClient(IAMClient);
  beforeEach(() => iam.reset());
  after(() => iam.restore());

  it("answers each deed in its order, and is asked once for each resource and what comes with the request", async () => {
    iam.on(SimulatePrincipalPolicyCommand).callsFake(({ ActionNames, ResourceArns }) => ({
      EvaluationResults: ActionNames.map((EvalActionName: string) => ({
        EvalActionName,
        EvalResourceName: ResourceArns[0],
        EvalDecision:
          { "s3:GetObject": "allowed", "s3:PutObject": "explicitDeny" }[EvalActionName] ?? "implicitDeny",
      })),
    }));
    const context = { "iam:passedtoservice": "lambda.amazonaws.com", "aws:tagkeys": ["environment"] };
    const deeds = [
      { action: "s3:PutObject", resource: "a" },
      { action: "iam:PassRole", resource: "b", context },
      { action: "s3:GetObject", resource: "a" },
    ];
    expect(await iamSimulation(access)({ arn }, deeds)).to.deep.equal(["forbidden", "denied", "allowed"]);
    expect(iam.calls().map(({ args: [command] }) => command.input)).to.deep.equal([
      {
        PolicySourceArn: arn,
        ActionNames: ["s3:PutObject", "s3:GetObject"],
        ResourceArns: ["a"],
        ContextEntries: [],
      },
      {
        PolicySourceArn: arn,
        ActionNames: ["iam:PassRole"],
        ResourceArns: ["b"],
        ContextEntries: [
          {
            ContextKeyName: "iam:passedtoservice",
            ContextKeyType: "string",
            ContextKeyValues: ["lambda.amazonaws.com"],
          },
          { ContextKeyName: "aws:tagkeys", ContextKeyType: "stringList", ContextKeyValues: ["environment"] },
        ],
      },
    ]);
  });

  it("is no answer where IAM says nothing of a deed", async () => {
    iam.on(SimulatePrincipalPolicyCommand).resolves({ EvaluationResults: [] });
    const asked = iamSimulation(access)({ arn }, [{ action: "s3:GetObject", resource: "a" }]);
    expect(await asked.catch(({ message }) => message)).to.equal(
      "IAM's simulation says nothing of s3:GetObject on a",
    );
  });
});
