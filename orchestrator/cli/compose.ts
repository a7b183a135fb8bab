import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { STSClient } from "@aws-sdk/client-sts";
import { startToolchain } from "../../rehearsal/toolchain.ts";
import { accessVariables, clientSettings } from "../adapters/aws-access.ts";
import { cloudwatchAlarms } from "../adapters/cloudwatch-alarms.ts";
import { directoryArtifacts } from "../adapters/directory-artifacts.ts";
import { dynamodbLedger } from "../adapters/dynamodb-ledger.ts";
import { healthProbes } from "../adapters/health-probes.ts";
import { kmsSigner } from "../adapters/kms-signer.ts";
import { lambdaTraffic } from "../adapters/lambda-traffic.ts";
import { mochaValidation } from "../adapters/mocha-validation.ts";
import { pulumiEngine, type WarmEngine } from "../adapters/pulumi-engine.ts";
import { s3Artifacts } from "../adapters/s3-artifacts.ts";
import { snsNotifier } from "../adapters/sns-notifier.ts";
import { systemClock } from "../adapters/system-clock.ts";
import type { Ledger } from "../ports/ledger.ts";
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
  release: string | undefined,
  tell: Tell,
): Ports {
  const { environment, access, configuration } = where;
  const { promotion } = environment;
  const { path } = promotion.health;
  const keySecret = promotion.healthKeySecret;
  const progress = (text: string) => tell({ type: "note", step: "preview", text });
  const variables = accessVariables(access);
  const toolchain = () => startToolchain({ variables, rehearsed: access.endpoint !== undefined, progress });
  const engine = pulumiEngine({ root: ROOT, environment, access, toolchain, configuration });
  const store = s3Artifacts(promotion.packages, access);
  return {
    clock: systemClock,
    engine,
    source: release === undefined ? store : directoryArtifacts(resolve(ROOT, release)),
    store,
    ledger: warming(ledgerOf(where), engine),
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

/** A promotion about to run. The first interrupt stops it at a safe place; the second ends the process. */
export function composePromotion(
  where: Surroundings,
  order: Omit<Order, "holder">,
  options: { release?: string; tell: Tell },
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
    ports: composePorts(where, id, options.release, tell),
    tell,
    found: { entries: [] },
    signal: stopping.signal,
    stop: (reason) => stopping.abort(reason),
  };
}
