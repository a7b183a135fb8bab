import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { GetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Place } from "../../isolation/place.ts";
import { type AwsAccess, clientSettings } from "../aws-access.ts";
import { type Attempts, NONE } from "./attempt.ts";

const named = ({ environment }: Place, suffix: string) => `${environment}-sentiment-${suffix}`;

/** Attempts on what the service is made of. */
export function serviceAttempts(access: AwsAccess): Attempts {
  const lambda = new LambdaClient(clientSettings(access));
  const cloudwatch = new CloudWatchClient(clientSettings(access));
  const sns = new SNSClient(clientSettings(access));
  const dashboard = (place: Place) => ({ FunctionName: named(place, "dashboard") });
  const topic = (place: Place, suffix: string) =>
    sns.send(
      new GetTopicAttributesCommand({
        TopicArn: `arn:aws:sns:${place.region}:${place.account}:${named(place, suffix)}`,
      }),
    );
  return {
    "function/look": (place) => lambda.send(new GetFunctionConfigurationCommand(dashboard(place))),
    "function/list": (place) => lambda.send(new ListVersionsByFunctionCommand(dashboard(place))),
    // Only code with this digest would be published, and there is none.
    "function/publish": (place) =>
      lambda.send(new PublishVersionCommand({ ...dashboard(place), CodeSha256: "A".repeat(43).concat("=") })),
    "version/invoke": (place) => lambda.send(new InvokeCommand({ ...dashboard(place), Qualifier: "999999" })),
    "alias/look": (place) => lambda.send(new GetAliasCommand({ ...dashboard(place), Name: "live" })),
    "alias/move traffic": (place) =>
      lambda.send(new UpdateAliasCommand({ ...dashboard(place), Name: NONE, FunctionVersion: "1" })),
    "items topic/look": (place) => topic(place, "analysis-notifications"),
    "alerts topic/look": (place) => topic(place, "alerts"),
    "alarm/look": (place) =>
      cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [named(place, "dashboard-errors")] })),
    "alarm/destroy": (place) =>
      cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [named(place, NONE)] })),
    "alarm/silence": (place) =>
      cloudwatch.send(
        new SetAlarmStateCommand({ AlarmName: named(place, NONE), StateValue: "OK", StateReason: NONE }),
      ),
    "dashboard/look": (place) =>
      cloudwatch.send(new GetDashboardCommand({ DashboardName: named(place, "service") })),
    "dashboard/destroy": (place) =>
      cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [named(place, NONE)] })),
  };
}
