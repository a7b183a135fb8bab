import { actionsOn } from "./actions.ts";
import { boundaryArn } from "./function-roles.ts";
import type { Known } from "./principal.ts";
import type { FoundationSettings } from "./settings.ts";
import { allow, type Statement, where } from "./statement.ts";

/** What the deployer may do: what a promotion and the other commands do, on the names of its own environment. */
export function allowed<R extends {}>(
  settings: FoundationSettings,
  { account, keys }: Known<R>,
  own: string,
): Statement<R | string>[] {
  const { environment: env, ledgerTable, packagesBucket, stateBucket, stateFolder } = settings;
  const bucket = (name: string) => `arn:aws:s3:::${name}`;
  const role = `arn:aws:iam::*:role/${env}-*`;
  return [
    allow("Ledger", actionsOn("ledger"), `arn:aws:dynamodb:*:*:table/${ledgerTable}`),
    allow("Tables", actionsOn("tables"), `arn:aws:dynamodb:*:*:table/${env}-sentiment-*`),
    allow("Functions", actionsOn("functions"), `arn:aws:lambda:*:*:function:${env}-*`),
    allow("Buckets", actionsOn("buckets"), bucket(stateBucket), bucket(packagesBucket)),
    allow("Releases", actionsOn("releases"), `${bucket(packagesBucket)}/*`),
    allow("State", actionsOn("state"), `${bucket(stateBucket)}${stateFolder}/*`),
    allow("Topics", actionsOn("topics"), `arn:aws:sns:*:*:${env}-*`),
    // Who could announce items could have anything analysed.
    allow("Notices", actionsOn("notices"), `arn:aws:sns:*:*:${env}-sentiment-alerts`),
    allow("Queues", actionsOn("queues"), `arn:aws:sqs:*:*:${env}-*`),
    allow("Rules", actionsOn("rules"), `arn:aws:events:*:*:rule/${env}-*`),
    allow("Logs", actionsOn("logs"), `arn:aws:logs:*:*:log-group:/aws/lambda/${env}-*`),
    allow("Alarms", actionsOn("alarms"), `arn:aws:cloudwatch:*:*:alarm:${env}-*`),
    allow("Dashboards", actionsOn("dashboards"), `arn:aws:cloudwatch::*:dashboard/${env}-*`),
    allow(
      "HealthKey",
      actionsOn("healthKey"),
      `arn:aws:secretsmanager:*:*:secret:${settings.secrets.dashboardApiKey}-*`,
    ),
    // Whether it is set can be seen; what it is, cannot.
    allow(
      "NewsKey",
      actionsOn("newsKey"),
      `arn:aws:secretsmanager:*:*:secret:${settings.secrets.newsApiKey}-*`,
    ),
    allow("Roles", actionsOn("roles"), role),
    where(
      { StringEquals: { "iam:PermissionsBoundary": boundaryArn(settings, account) } },
      allow("BoundedRoles", actionsOn("boundedRoles"), role),
    ),
    where(
      { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
      allow("PassRoles", "iam:PassRole", role),
    ),
    // A dry run asks what the deployer may do; it can ask about nobody else.
    allow("OwnPermissions", "iam:SimulatePrincipalPolicy", own),
    allow("StackSecrets", actionsOn("secretsKey"), keys.secrets),
    allow("Attestations", actionsOn("signingKey"), keys.signing),
    // A cost monitor's ARN is a random id: an environment's own is known by its tag.
    where(
      { StringEquals: { "aws:RequestTag/environment": env } },
      allow("CostMonitorsMade", actionsOn("costsMade"), "*"),
    ),
    where(
      { StringEquals: { "aws:ResourceTag/environment": env } },
      allow("CostMonitorsChanged", actionsOn("costsChanged"), "*"),
    ),
    allow("AnyName", actionsOn("anyName"), "*"),
  ];
}
