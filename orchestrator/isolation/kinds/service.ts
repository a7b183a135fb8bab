import type { Place } from "../place.ts";
import { type Kind, type Kinds, on, tagOf } from "./kind.ts";

/** The functions of the service, whose logs each writes alone. */
export const FUNCTIONS = ["ingestion", "analysis", "dashboard", "canary"];

/** What the service is made of, beside what keeps its data. */
export const service: Kinds = (place) => {
  const named = (suffix: string) => `${place.environment}-sentiment-${suffix}`;
  const arn = (of: string, resource: string) => `arn:aws:${of}:${place.region}:${place.account}:${resource}`;
  const dashboard = arn("lambda", `function:${named("dashboard")}`);
  return [
    {
      kind: "function",
      classes: {
        look: on(dashboard, ["lambda:GetFunction", "lambda:GetFunctionConfiguration"]),
        list: on(dashboard, ["lambda:ListVersionsByFunction"]),
        shape: on(dashboard, ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"]),
        publish: on(dashboard, ["lambda:PublishVersion"]),
        destroy: on(dashboard, ["lambda:DeleteFunction"]),
        permit: on(dashboard, ["lambda:AddPermission"]),
        "give away": on(dashboard, ["lambda:PutFunctionScalingConfig", "lambda:EnableReplication"]),
      },
    },
    {
      kind: "version",
      classes: {
        invoke: on(`${dashboard}:7`, ["lambda:InvokeFunction"]),
        delete: on(`${dashboard}:7`, ["lambda:DeleteFunction"]),
      },
    },
    {
      kind: "alias",
      classes: {
        look: [dashboard, `${dashboard}:live`].flatMap((each) =>
          on(each, ["lambda:GetAlias", "lambda:GetFunctionUrlConfig"]),
        ),
        invoke: on(`${dashboard}:live`, ["lambda:InvokeFunction"]),
        "move traffic": on(dashboard, ["lambda:UpdateAlias"]),
      },
    },
    topic("items topic", arn("sns", named("analysis-notifications"))),
    topic("alerts topic", arn("sns", named("alerts"))),
    queue(arn("sqs", named("analysis-dlq"))),
    {
      kind: "rule",
      classes: {
        look: on(arn("events", `rule/${named("ingestion-schedule")}`), ["events:DescribeRule"]),
        shape: on(arn("events", `rule/${named("ingestion-schedule")}`), [
          "events:PutRule",
          "events:PutTargets",
        ]),
        destroy: on(arn("events", `rule/${named("ingestion-schedule")}`), ["events:DeleteRule"]),
        silence: on(arn("events", `rule/${named("ingestion-schedule")}`), ["events:DisableRule"]),
      },
    },
    {
      kind: "alarm",
      classes: {
        look: on(arn("cloudwatch", `alarm:${named("dashboard-errors")}`), ["cloudwatch:DescribeAlarms"]),
        tags: on(arn("cloudwatch", `alarm:${named("dashboard-errors")}`), ["cloudwatch:ListTagsForResource"]),
        shape: on(arn("cloudwatch", `alarm:${named("dashboard-errors")}`), ["cloudwatch:PutMetricAlarm"]),
        destroy: on(arn("cloudwatch", `alarm:${named("dashboard-errors")}`), ["cloudwatch:DeleteAlarms"]),
        // Whoever sets the state of an alarm by hand makes a bad release look good.
        silence: on(arn("cloudwatch", `alarm:${named("dashboard-errors")}`), [
          "cloudwatch:SetAlarmState",
          "cloudwatch:DisableAlarmActions",
        ]),
      },
    },
    dashboardOf(`arn:aws:cloudwatch::${place.account}:dashboard/${named("service")}`),
    ...FUNCTIONS.map((name) => logGroup(name, arn("logs", `log-group:/aws/lambda/${named(name)}`))),
    costMonitor(place),
  ];
};

const topic = (kind: string, arn: string): Kind => ({
  kind,
  classes: {
    look: on(arn, ["sns:GetTopicAttributes"]),
    publish: on(arn, ["sns:Publish"]),
    shape: on(arn, ["sns:CreateTopic", "sns:SetTopicAttributes", "sns:Subscribe"]),
    destroy: on(arn, ["sns:DeleteTopic"]),
    "give away": on(arn, ["sns:AddPermission", "sns:PutDataProtectionPolicy"]),
  },
});

const queue = (arn: string): Kind => ({
  kind: "queue",
  classes: {
    look: on(arn, ["sqs:GetQueueAttributes"]),
    read: on(arn, ["sqs:ReceiveMessage"]),
    send: on(arn, ["sqs:SendMessage"]),
    delete: on(arn, ["sqs:DeleteMessage"]),
    purge: on(arn, ["sqs:PurgeQueue"]),
    shape: on(arn, ["sqs:CreateQueue", "sqs:SetQueueAttributes"]),
    destroy: on(arn, ["sqs:DeleteQueue"]),
    "give away": on(arn, ["sqs:AddPermission"]),
  },
});

const dashboardOf = (arn: string): Kind => ({
  kind: "dashboard",
  classes: {
    look: on(arn, ["cloudwatch:GetDashboard"]),
    shape: on(arn, ["cloudwatch:PutDashboard"]),
    destroy: on(arn, ["cloudwatch:DeleteDashboards"]),
  },
});

const logGroup = (name: string, arn: string): Kind => ({
  kind: `log group, ${name}`,
  classes: {
    read: on(`${arn}:log-stream:some`, ["logs:GetLogEvents"]),
    tags: on(arn, ["logs:ListTagsForResource"]),
    write: on(`${arn}:log-stream:some`, ["logs:CreateLogStream", "logs:PutLogEvents"]),
    shape: on(arn, ["logs:CreateLogGroup", "logs:PutRetentionPolicy"]),
    destroy: on(arn, ["logs:DeleteLogGroup"]),
    "give away": on(arn, ["logs:PutSubscriptionFilter", "logs:CreateExportTask"]),
  },
});

/** A cost monitor's ARN is a drawn id: whose it is, only its tag says, and the tag that it is made with. */
function costMonitor(place: Place): Kind {
  const { account, environment } = place;
  const arn = `arn:aws:ce::${account}:anomalymonitor/00000000-0000-4000-8000-000000000003`;
  const tagged = tagOf(place);
  return {
    kind: "cost monitor",
    classes: {
      look: on(arn, ["ce:GetAnomalyMonitors"], tagged),
      make: on(arn, ["ce:CreateAnomalyMonitor"], {
        "aws:requesttag/environment": environment,
        "aws:tagkeys": ["environment", "service"],
      }),
      shape: on(arn, ["ce:UpdateAnomalyMonitor"], tagged),
      destroy: on(arn, ["ce:DeleteAnomalyMonitor"], tagged),
      "give away": on(arn, ["ce:UpdatePreferences", "ce:CreateCostCategoryDefinition"], {
        ...tagged,
        "aws:requesttag/environment": environment,
      }),
    },
  };
}
