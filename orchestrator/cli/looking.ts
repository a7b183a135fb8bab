import { lambdaTraffic } from "../adapters/lambda-traffic.ts";
import { s3Artifacts } from "../adapters/s3-artifacts.ts";
import { type Eyes, type Looked, look } from "../mirror/look.ts";
import type { Value } from "../mirror/values.ts";
import { problem } from "../problems.ts";
import { composeEngine, ledgerOf } from "./compose.ts";
import { stopOnInterrupt } from "./interrupt.ts";
import { speaker } from "./progress.ts";
import type { Surroundings } from "./surroundings.ts";

/** Looks at each environment, all at once, each with an engine and a provider of its own, and hands on what is seen. */
export async function lookAt(
  sides: Surroundings[],
  json: boolean,
): Promise<{ looked: Looked[]; ports: Eyes["ports"][] }> {
  const stopping = stopOnInterrupt(problem("interrupted", { step: "the reading; nothing was changed" }));
  const ports = sides.map((where) => eyesOf(where, speaker(json)));
  try {
    const looking = sides.map(({ environment }, index) =>
      look({
        environment: environment.name,
        ports: ports[index] as Eyes["ports"],
        signal: stopping.signal,
      }),
    );
    // Both must be over before the engines are closed, also when one has failed.
    const all = await Promise.allSettled(looking);
    const failure = all.find((each) => each.status === "rejected");
    if (failure) throw failure.reason;
    return { looked: await Promise.all(looking), ports };
  } finally {
    await Promise.all(ports.map(({ engine }) => engine.close()));
  }
}

function eyesOf(where: Surroundings, say: (text: string) => void): Eyes["ports"] {
  const { environment, access } = where;
  return {
    engine: composeEngine(where, { progress: (text) => say(`${environment.name}: ${text}`), readOnly: true }),
    store: s3Artifacts(environment.promotion.packages, access),
    ledger: ledgerOf(where),
    traffic: lambdaTraffic(access),
  };
}

/** What goes on in an environment meanwhile, for people. */
export function notice({ environment, inFlight }: Looked): string[] {
  if (!inFlight) return [];
  const { promotionId, sha, by } = inFlight;
  if (by)
    return [
      `${environment} is being changed by ${by}, ${promotionId}: what differs may be its work of this moment, and traffic is not judged`,
    ];
  return [
    `${promotionId} in ${environment} died before its end: what differs may be what it left; next: npm run promote -- --env ${environment} --sha ${sha}`,
  ];
}

const LONGEST = 200;

/** A value in a line of text. */
export function said(value: Value): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value ?? null) ?? "");
  if (value === undefined || value === null) return "nothing";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (--json shows all of it)` : text;
}

/** `aws:cloudwatch/metricAlarm:MetricAlarm` → `cloudwatch/metricAlarm` */
export const kind = (type: string): string => type.replace(/^aws:/, "").replace(/:[^:]*$/, "");
