import { setTimeout as wait } from "node:timers/promises";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { log } from "../log.ts";
import { asksReadiness, type Readiness, type ReadinessProbe, readiness } from "../readiness.ts";
import { release } from "../release.ts";
import { apiKey } from "../secret.ts";
import { setting } from "../setting.ts";
import { alert } from "./alert.ts";
import { askHealth } from "./ask.ts";
import { check, type Finding, type Subject } from "./check.ts";
import { dashboardUrl, isShifting } from "./dashboard.ts";
import { metricLine } from "./metric.ts";

/** A drill has the canary expect what is not so, to see that it notices. It reports back and raises no alarm. */
type Drill = { drill?: { key?: string; version?: string } };

/** How long to wait before the second look, in milliseconds. */
const settleMs = () => Number(process.env.SETTLE_MS ?? 5_000);

/** Between the moves of one function's traffic and the next one's, the canary can be a release ahead or behind. */
async function patientCheck(subject: Subject): Promise<Finding> {
  const first = await check(subject);
  if (first.healthy) return first;
  await wait(settleMs());
  return check(subject);
}

/**
 * Looks at the dashboard through its URL, as anybody would. What is wrong is published to the alerts topic and thrown,
 * so that it counts as an error of this function as well.
 */
export async function handler(
  event?: Drill | ReadinessProbe,
): Promise<(Finding & { release: string }) | Readiness> {
  const functionName = setting("DASHBOARD_FUNCTION");
  if (asksReadiness(event)) {
    await approach(functionName);
    return readiness();
  }
  const subject = await approach(functionName).catch((error: Error) => error);
  if (event?.drill && !(subject instanceof Error)) {
    const found = await check({ ...subject, shifting: async () => false, ...event.drill });
    return { ...found, release };
  }
  const finding = subject instanceof Error ? blind(subject) : await patientCheck(subject);
  const self = setting("AWS_LAMBDA_FUNCTION_NAME");
  // Not by console: Lambda would put its own words before the line, and CloudWatch would read no metric in it.
  process.stdout.write(`${metricLine(finding, { functionName: self, now: Date.now() })}\n`);
  if (finding.healthy) return { ...finding, release };
  log("error", "the dashboard is unwell", { faults: finding.faults });
  await alert(new SNSClient(), finding, {
    topic: setting("ALERTS_TOPIC"),
    canary: self,
    dashboard: functionName,
    version: release,
  });
  throw new Error(`The dashboard is unwell: ${finding.faults.join("; ")}`);
}

async function approach(functionName: string): Promise<Subject> {
  const lambda = new LambdaClient();
  const alias = { functionName, name: setting("DASHBOARD_ALIAS") };
  const url = await dashboardUrl(lambda, alias);
  return {
    ask: askHealth(url, process.env.AWS_ENDPOINT_URL),
    key: await apiKey(new SecretsManagerClient(), setting("API_KEY_SECRET"))(),
    version: release,
    shifting: () => isShifting(lambda, alias),
  };
}

/** A canary that cannot look has not seen that all is well. */
function blind({ message }: Error): Finding {
  return { healthy: false, faults: [`the canary could not look: ${message}`], ms: 0 };
}
