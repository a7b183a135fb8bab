import { randomUUID } from "node:crypto";
import { STSClient } from "@aws-sdk/client-sts";
import { startToolchain } from "../../rehearsal/toolchain.ts";
import { accessVariables, clientSettings } from "../adapters/aws-access.ts";
import { cloudwatchAlarms } from "../adapters/cloudwatch-alarms.ts";
import { dynamodbLedger } from "../adapters/dynamodb-ledger.ts";
import { healthProbes } from "../adapters/health-probes.ts";
import { kmsSigner } from "../adapters/kms-signer.ts";
import { lambdaTraffic } from "../adapters/lambda-traffic.ts";
import { mochaValidation } from "../adapters/mocha-validation.ts";
import { pulumiEngine } from "../adapters/pulumi-engine.ts";
import { s3Artifacts } from "../adapters/s3-artifacts.ts";
import { snsNotifier } from "../adapters/sns-notifier.ts";
import { systemClock } from "../adapters/system-clock.ts";
import type { Artifacts } from "../ports/artifacts.ts";
import { problem } from "../problems.ts";
import { type Tell, unbreakable } from "../promotion/progress.ts";
import type { Order, Ports, Promotion } from "../promotion/promotion.ts";
import { onInterrupt } from "./interrupt.ts";
import { holder, logs, ROOT, type Surroundings } from "./surroundings.ts";

/** A name for one promotion that sorts by time and is easy to say. */
export function newPromotionId(now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]/g, "").slice(0, 15);
  return `${time}-${randomUUID().slice(0, 6)}`;
}

/** The ledger alone, for commands that only read. */
export const ledgerOf = ({ environment, access }: Surroundings) =>
  dynamodbLedger(
    { table: environment.promotion.ledger, environment: environment.name, clock: systemClock },
    access,
  );

/** Everything a promotion reaches the outside by, for real. */
export function composePorts(
  where: Surroundings,
  promotionId: string,
  source: Artifacts | undefined,
  tell: Tell,
): Ports {
  const { environment, access, configuration } = where;
  const { promotion } = environment;
  const { path } = promotion.health;
  const keySecret = promotion.healthKeySecret;
  const progress = (text: string) => tell({ type: "note", step: "preview", text });
  const toolchain = startToolchain({
    variables: accessVariables(access),
    rehearsed: access.endpoint !== undefined,
    progress,
  });
  const store = s3Artifacts(promotion.packages, access);
  return {
    clock: systemClock,
    engine: pulumiEngine({ root: ROOT, environment, access, toolchain, configuration }),
    source: source ?? store,
    store,
    ledger: ledgerOf(where),
    traffic: lambdaTraffic(access),
    alarms: cloudwatchAlarms(promotion.alarmPrefix, access),
    probes: healthProbes({ path, keySecret, promotionId }, access),
    notifier: snsNotifier(access),
    signer: kmsSigner(promotion.signingKey, access),
    validation: mochaValidation({ root: ROOT, logs, promotionId, keySecret }, access),
    async credentialsEnd() {
      return (await new STSClient(clientSettings(access)).config.credentials()).expiration;
    },
  };
}

/** A promotion about to run. The first interrupt stops it at a safe place; the second ends the process. */
export function composePromotion(
  where: Surroundings,
  order: Omit<Order, "holder">,
  options: { source?: Artifacts; tell: Tell },
): Promotion {
  const id = newPromotionId(systemClock.now());
  const tell = unbreakable(options.tell);
  const stopping = new AbortController();
  onInterrupt((name) => {
    if (stopping.signal.aborted) process.exit(name === "SIGINT" ? 130 : 143);
    process.stderr.write("Stopping at a safe place; once more ends at once.\n");
    stopping.abort(problem("interrupted", { step: "the promotion" }));
  });
  return {
    id,
    environment: where.environment,
    order: { ...order, holder: holder(id) },
    ports: composePorts(where, id, options.source, tell),
    tell,
    found: { entries: [] },
    signal: stopping.signal,
    stop: (reason) => stopping.abort(reason),
  };
}
