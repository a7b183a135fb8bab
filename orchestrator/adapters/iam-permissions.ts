import { IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Environment } from "../environment.ts";
import type { Permissions } from "../ports/permissions.ts";
import type { RunningRelease } from "../promotion/events.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

/** What a promotion does to one resource. */
type Deeds = { resource: string; actions: string[] };

/** IAM's own simulation, for whoever the credentials are. It needs `iam:SimulatePrincipalPolicy` on that principal. */
export function iamPermissions(environment: Environment, access: AwsAccess): Permissions {
  const [iam, kms, sts] = [IAMClient, KMSClient, STSClient].map(
    (Client) => new Client(clientSettings(access)),
  ) as [IAMClient, KMSClient, STSClient];

  async function denied(principal: string, { resource, actions }: Deeds): Promise<string[]> {
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: principal,
        ActionNames: actions,
        ResourceArns: [resource],
      }),
    );
    const allowed = new Set(
      EvaluationResults.filter(({ EvalDecision }) => EvalDecision === "allowed").map(
        ({ EvalActionName }) => EvalActionName,
      ),
    );
    return actions.filter((action) => !allowed.has(action)).map((action) => `${action} on ${resource}`);
  }

  return {
    async simulate(running) {
      try {
        const { Arn = "", Account = "" } = await sts.send(new GetCallerIdentityCommand());
        const { signingKey } = environment.promotion;
        const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: signingKey }));
        const deeds = [
          ...deedsIn(environment, Account),
          { resource: KeyMetadata?.Arn ?? signingKey, actions: ["kms:Sign"] },
          ...deedsTo(running, environment.region, Account),
        ];
        const found = await Promise.all(deeds.map((each) => denied(principalOf(Arn), each)));
        const count = deeds.reduce((sum, { actions }) => sum + actions.length, 0);
        return { checked: true, deeds: count, denied: found.flat() };
      } catch (error) {
        return { checked: false, because: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/** The policies of a session are those of the role that it was assumed from. */
export function principalOf(arn: string): string {
  const [, account, role] = /^arn:[^:]+:sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role ? `arn:aws:iam::${account}:role/${role}` : arn;
}

function deedsIn({ region, promotion }: Environment, account: string): Deeds[] {
  const state = new URL(promotion.state);
  return [
    {
      resource: `arn:aws:dynamodb:${region}:${account}:table/${promotion.ledger}`,
      actions: ["ConditionCheckItem", "GetItem", "PutItem", "Query", "UpdateItem"].map(
        (deed) => `dynamodb:${deed}`,
      ),
    },
    {
      resource: `arn:aws:s3:::${state.host}${state.pathname}/.pulumi/stacks`,
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
    },
    {
      resource: `arn:aws:s3:::${promotion.packages}/releases`,
      actions: ["s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"],
    },
  ];
}

function deedsTo(running: RunningRelease | undefined, region: string, account: string): Deeds[] {
  if (!running) return [];
  const functions = Object.values(running.functions).map(({ functionName }) => ({
    resource: `arn:aws:lambda:${region}:${account}:function:${functionName}`,
    actions: [
      "lambda:UpdateFunctionCode",
      "lambda:PublishVersion",
      "lambda:UpdateAlias",
      "lambda:InvokeFunction",
    ],
  }));
  return [...functions, { resource: running.alertsTopicArn, actions: ["sns:Publish"] }];
}
