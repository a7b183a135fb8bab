import { randomUUID } from "node:crypto";
import { STSClient } from "@aws-sdk/client-sts";
import { startToolchain } from "../../rehearsal/toolchain.ts";
import { accessVariables, clientSettings } from "../adapters/aws-access.ts";
import { cloudwatchAlarms } from "../adapters/cloudwatch-alarms.ts";
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
import { type Tell, unbreakable } from "../promotion/progress.ts";
import type { Order, Ports, Promotion } from "../promotion/promotion.ts";
import { onInterrupt } from "./interrupt.ts";
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

/** Everything a promotion reaches the outside by, for real. */
export function composePorts(
  where: Surroundings,
  promotionId: string,
  options: { source?: Artifacts; readOnly?: boolean; tell: Tell },
): Ports {
  const { source, readOnly = false, tell } = options;
  const { environment, access, configuration } = where;
  const { promotion } = environment;
  const { path } = promotion.health;
  const keySecret = promotion.healthKeySecret;
  const progress = (text: string) => tell({ type: "note", step: "preview", text });
  const variables = accessVariables(access);
  const toolchain = () => startToolchain({ variables, rehearsed: access.endpoint !== undefined, progress });
  const engine = pulumiEngine({
    root: ROOT,
    environment,
    access,
    toolchain,
    configuration,
    secrets,
    readOnly,
  });
  const store = s3Artifacts(promotion.packages, access);
  return {
    clock: systemClock,
    engine,
    source: source ?? store,
    store,
    ledger: warming(ledgerOf(where), engine),
    traffic: lambdaTraffic(access),
    alarms: cloudwatchAlarms(promotion.alarmPrefix, access),
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

/** A promotion about to run. The first interrupt stops it at a safe place; the second ends the process. */
export function composePromotion(
  where: Surroundings,
  order: Omit<Order, "holder">,
  options: { source?: Artifacts; readOnly?: boolean; tell: Tell },
): Promotion {
  const id = newPromotionId(systemClock.now());
  const tell = unbreakable(discreetTell(options.tell, secrets));
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
    ports: composePorts(where, id, { ...options, tell }),
    tell,
    found: { entries: [] },
    signal: stopping.signal,
    stop: (reason) => stopping.abort(reason),
  };
}
