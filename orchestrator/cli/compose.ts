import { randomUUID } from "node:crypto";
import { STSClient } from "@aws-sdk/client-sts";
import { startToolchain } from "../../rehearsal/toolchain.ts";
import { accessVariables, clientSettings } from "../adapters/aws-access.ts";
import { cloudwatchAlarms } from "../adapters/cloudwatch-alarms.ts";
import { cloudwatchMetrics } from "../adapters/cloudwatch-metrics.ts";
import { dynamodbLedger } from "../adapters/dynamodb-ledger.ts";
import { healthProbes } from "../adapters/health-probes.ts";
import { iamPermissions } from "../adapters/iam-permissions.ts";
import { kmsSigner } from "../adapters/kms-signer.ts";
import { lambdaTraffic } from "../adapters/lambda-traffic.ts";
import { mochaValidation } from "../adapters/mocha-validation.ts";
import { pulumiEngine, type WarmEngine } from "../adapters/pulumi-engine.ts";
import { s3Artifacts } from "../adapters/s3-artifacts.ts";
import { snsNotifier } from "../adapters/sns-notifier.ts";
import { systemClock } from "../adapters/system-clock.ts";
import type { Artifacts } from "../ports/artifacts.ts";
import type { Ledger } from "../ports/ledger.ts";
import { problem } from "../problems.ts";
import { discreetLedger, discreetNotifier, discreetTell } from "../promotion/discreet.ts";
import type { Contender } from "../promotion/lease.ts";
import { type Tell, unbreakable } from "../promotion/progress.ts";
import type { Order, Ports, Promotion } from "../promotion/promotion.ts";
import { stopOnInterrupt } from "./interrupt.ts";
import { progressSink } from "./progress.ts";
import { secrets } from "./secrets.ts";
import { holder, logs, ROOT, type Surroundings } from "./surroundings.ts";

/** A name for one promotion that sorts by time and is easy to say. */
export function newPromotionId(now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]/g, "").slice(0, 15);
  return `${time}-${randomUUID().slice(0, 6)}`;
}

/** The ledger alone, for commands that only read. */
export const ledgerOf = ({ environment, access }: Surroundings) =>
  discreetLedger(
    dynamodbLedger(
      { table: environment.promotion.ledger, environment: environment.name, clock: systemClock },
      access,
    ),
    secrets,
  );

/** Pulumi for an environment; its toolchain starts when it is first needed, or warmed. */
export function composeEngine(
  { environment, access, configuration }: Surroundings,
  { progress, readOnly = false }: { progress: (text: string) => void; readOnly?: boolean },
): WarmEngine {
  const variables = accessVariables(access);
  const toolchain = () => startToolchain({ variables, rehearsed: access.endpoint !== undefined, progress });
  const settings = { root: ROOT, environment, access, toolchain, configuration, secrets, readOnly };
  return pulumiEngine(settings);
}

/** Everything a promotion reaches the outside by, for real. */
export function composePorts(
  where: Surroundings,
  promotionId: string,
  options: { source?: Artifacts; readOnly?: boolean; tell: Tell },
): Ports {
  const { source, readOnly = false, tell } = options;
  const { environment, access } = where;
  const { promotion } = environment;
  const { path } = promotion.health;
  const keySecret = promotion.healthKeySecret;
  const progress = (text: string) => tell({ type: "note", step: "preview", text });
  const engine = composeEngine(where, { progress, readOnly });
  const store = s3Artifacts(promotion.packages, access);
  return {
    clock: systemClock,
    engine,
    source: source ?? store,
    store,
    ledger: warming(ledgerOf(where), engine),
    traffic: lambdaTraffic(access),
    alarms: cloudwatchAlarms(promotion.alarmPrefix, access),
    metrics: cloudwatchMetrics(access),
    probes: healthProbes({ path, keySecret, promotionId, secrets }, access),
    notifier: discreetNotifier(snsNotifier(access), secrets),
    signer: kmsSigner(promotion.signingKey, access),
    validation: mochaValidation({ root: ROOT, logs, promotionId, keySecret, secrets }, access),
    permissions: iamPermissions(environment, access),
    async credentialsEnd() {
      const used = await new STSClient(clientSettings(access)).config.credentials();
      for (const value of [used.secretAccessKey, used.sessionToken]) secrets.know(value);
      return used.expiration;
    },
  };
}

/** Whoever gets the lease will need the engine soon; whoever is refused must not wait for one, nor load the machine. */
function warming(ledger: Ledger, engine: WarmEngine): Ledger {
  return {
    ...ledger,
    async acquire(...asked) {
      const answer = await ledger.acquire(...asked);
      if (answer.acquired) engine.warm();
      return answer;
    },
  };
}

/** Somebody else than a promotion who wants the lease: for a hold, or to remove what nothing needs. */
export async function composeContender(
  where: Surroundings,
  { waitMs, json }: { waitMs: number; json: boolean },
  stopping = new AbortController(),
): Promise<Contender> {
  return {
    environment: where.environment,
    ports: { ledger: ledgerOf(where), clock: systemClock },
    order: { holder: holder(newPromotionId(systemClock.now())), waitMs },
    tell: await progressSink(json),
    signal: stopping.signal,
    stop: (reason) => stopping.abort(reason),
  };
}

/** A promotion about to run. The first interrupt stops it at a safe place; the second ends the process. */
export function composePromotion(
  where: Surroundings,
  order: Omit<Order, "holder">,
  options: { source?: Artifacts; readOnly?: boolean; tell: Tell },
): Promotion {
  const id = newPromotionId(systemClock.now());
  const tell = unbreakable(discreetTell(options.tell, secrets));
  const interrupted = problem("interrupted", { step: "the promotion" });
  const stopping = stopOnInterrupt(interrupted, "Stopping at a safe place; once more ends at once.\n");
  return {
    id,
    environment: where.environment,
    order: { ...order, holder: holder(id) },
    ports: composePorts(where, id, { ...options, tell }),
    tell,
    found: { entries: [] },
    signal: stopping.signal,
    stop: (reason) => stopping.abort(reason),
  };
}
