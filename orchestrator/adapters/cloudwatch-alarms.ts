import { createHash } from "node:crypto";
import {
  CloudWatchClient,
  type CompositeAlarm,
  type MetricAlarm,
  paginateDescribeAlarms,
} from "@aws-sdk/client-cloudwatch";
import canonicalize from "canonicalize";
import type { Alarm, Alarms } from "../ports/alarms.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

/** The alarms whose names begin with the environment's prefix, metric and composite ones alike. */
export function cloudwatchAlarms(prefix: string, access: AwsAccess): Alarms {
  const client = new CloudWatchClient(clientSettings(access));
  return {
    async list() {
      const alarms: Alarm[] = [];
      const pages = paginateDescribeAlarms(
        { client, pageSize: 100 },
        { AlarmNamePrefix: prefix, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] },
      );
      for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages) {
        for (const alarm of [...MetricAlarms, ...CompositeAlarms])
          alarms.push({
            name: alarm.AlarmName ?? "",
            state: alarm.StateValue ?? "INSUFFICIENT_DATA",
            enabled: alarm.ActionsEnabled ?? false,
            reason: alarm.StateReason ?? "",
            definition: definitionOf(alarm),
          });
      }
      return alarms;
    },
  };
}

/** What changes by itself: the state and all that tells of it. */
const OF_THE_STATE = /^State|^AlarmConfigurationUpdatedTimestamp$|^EvaluationState$|^ActionsSuppressed/;

function definitionOf(alarm: MetricAlarm | CompositeAlarm): string {
  const own = Object.entries(alarm).filter(([name]) => !OF_THE_STATE.test(name));
  return createHash("sha256")
    .update(canonicalize(Object.fromEntries(own)) as string)
    .digest("hex");
}
