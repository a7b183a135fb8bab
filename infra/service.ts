import type pulumi from "@pulumi/pulumi";
import { errorAlarm } from "./alarms.ts";
import { deadLetters } from "./dead-letters.ts";
import { LIVE, ServiceFunction } from "./function.ts";
import { functionUrl } from "./function-url.ts";
import { functions, type Shared } from "./functions.ts";
import type { ReleaseInputs } from "./release-inputs.ts";
import { schedule } from "./schedule.ts";
import { readSettings } from "./settings.ts";
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
    const { notifications, alerts } = topics(settings);
    const shared: Shared = {
      settings,
      table: itemsTable(settings),
      notifications,
      deadLetters: deadLetters(settings),
    };
    const deployed: Record<string, unknown> = {};
    const alarms: pulumi.Output<string>[] = [];
    let dashboardUrl: pulumi.Output<string> | undefined;
    for (const spec of functions) {
      const service = new ServiceFunction(spec, shared, release);
      deployed[spec.name] = {
        functionName: service.function.name,
        version: service.function.version,
        alias: LIVE,
      };
      alarms.push(errorAlarm(spec.name, service, { settings, alerts }).name);
      if (spec.schedule) schedule(spec.name, service, spec.schedule(settings), settings);
      if (spec.url) dashboardUrl = functionUrl(spec.name, service).functionUrl;
    }
    return {
      functions: deployed,
      dashboardUrl,
      alarms,
      alertsTopicArn: alerts.arn,
      itemsTable: shared.table.name,
    };
  };
}
