import type { Traces } from "../adapters/otel-traces.ts";
import { systemClock } from "../adapters/system-clock.ts";
import type { Clock } from "../ports/clock.ts";
import { type Tell, unbreakable } from "../promotion/progress.ts";
import { secrets } from "./secrets.ts";

type Variables = Record<string, string | undefined>;

const OURS = "sentiment-analyzer-promotion";

/** Whether the standard variables ask for traces, and of a kind that there is. Nobody who sets none gets any. */
export function wantsTraces(variables: Variables): boolean {
  const given = (name: string) => variables[name]?.trim() ?? "";
  if (given("OTEL_SDK_DISABLED").toLowerCase() === "true") return false;
  const kinds = given("OTEL_TRACES_EXPORTER").toLowerCase();
  if (kinds) return kinds.split(",").some((kind) => kind.trim() === "otlp");
  return Boolean(given("OTEL_EXPORTER_OTLP_ENDPOINT") || given("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"));
}

/** What a collector is sent in headers is mostly a key. */
function knowHeaders(variables: Variables): void {
  for (const name of ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"])
    for (const pair of variables[name]?.split(",") ?? []) secrets.know(pair.slice(pair.indexOf("=") + 1));
}

/**
 * Runs a promotion with somebody more who hears its progress: a collector of traces, where the variables ask for one. The
 * libraries are loaded only then, and whatever goes wrong with them stays here.
 */
export async function traced(
  tell: Tell,
  promote: (tell: Tell) => Promise<void>,
  { variables = process.env, clock = systemClock }: { variables?: Variables; clock?: Clock } = {},
): Promise<void> {
  knowHeaders(variables);
  const traces = wantsTraces(variables) ? await load(variables, clock) : undefined;
  if (!traces) return await promote(tell);
  const [shown, sent] = [unbreakable(tell), unbreakable(traces.tell)];
  try {
    await promote((progress) => {
      shown(progress);
      sent(progress);
    });
  } finally {
    await traces.end().catch(() => {});
  }
}

async function load(variables: Variables, clock: Clock): Promise<Traces | undefined> {
  try {
    const { otelTraces } = await import("../adapters/otel-traces.ts");
    return otelTraces(clock, variables.OTEL_SERVICE_NAME?.trim() || OURS);
  } catch {
    return undefined;
  }
}
