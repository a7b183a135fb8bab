import type aws from "@pulumi/aws";
import type pulumi from "@pulumi/pulumi";
import { functionAlarms, sharedAlarms } from "./alarms.ts";
import { costAnomaly } from "./cost-anomaly.ts";
import { dashboard } from "./dashboard.ts";
import { deadLetters } from "./dead-letters.ts";
import { ServiceFunction } from "./function.ts";
import { functionUrl } from "./function-url.ts";
import { functions } from "./functions.ts";
import { LIVE } from "./names.ts";
import type { ReleaseInputs } from "./release-inputs.ts";
import { schedule } from "./schedule.ts";
import { readSettings } from "./settings.ts";
import type { Shared } from "./shared.ts";
import { subscription } from "./subscription.ts";
import { itemsTable } from "./table.ts";
import { topics } from "./topics.ts";

export type { ReleaseInputs } from "./release-inputs.ts";

/**
 * Everything that exists in one environment to run one release. The environment is the stack that runs it, and what
 * differs between environments is its configuration. The outputs are the orchestrator's contract with the stack.
 */
export function program(release: ReleaseInputs): () => Promise<Record<string, unknown>> {
  return async () => {
    const settings = readSettings();
    const both = topics(settings);
    const shared: Shared = {
      settings,
      ...both,
      table: itemsTable(settings),
      deadLetters: deadLetters(settings, both.notifications),
    };
    const deployed: Record<string, unknown> = {};
    const alarms: aws.cloudwatch.MetricAlarm[] = [];
    let dashboardUrl: pulumi.Output<string> | undefined;
    for (const spec of functions) {
      const service = new ServiceFunction(spec, shared, release);
      deployed[spec.name] = {
        functionName: service.function.name,
        version: service.function.version,
        alias: LIVE,
      };
      alarms.push(...functionAlarms(spec.name, service, shared));
      if (spec.schedule) schedule(spec.name, service, spec.schedule(settings), settings);
      if (spec.notified) subscription(spec.name, service, shared);
      if (spec.url) dashboardUrl = functionUrl(spec.name, service).functionUrl;
    }
    alarms.push(...sharedAlarms(shared));
    costAnomaly(shared);
    return {
      functions: deployed,
      dashboardUrl,
      alarms: alarms.map(({ name }) => name),
      alertsTopicArn: both.alerts.arn,
      notificationsTopicArn: both.notifications.arn,
      itemsTable: shared.table.name,
      deadLettersUrl: shared.deadLetters.url,
      metricsDashboard: dashboard(shared, alarms).dashboardName,
    };
  };
}
