import type { Environment, PromotionConfig } from "../../orchestrator/environment.ts";
import { promotion, requestedRollback } from "../../orchestrator/promotion/course.ts";
import { discreetLedger, discreetNotifier, discreetTell } from "../../orchestrator/promotion/discreet.ts";
import type { LedgerEvent } from "../../orchestrator/promotion/events.ts";
import { breakLease } from "../../orchestrator/promotion/lease.ts";
import { type Progress, type Tell, unbreakable } from "../../orchestrator/promotion/progress.ts";
import type { Order, Ports, Promotion } from "../../orchestrator/promotion/promotion.ts";
import { type Conclusion, run } from "../../orchestrator/promotion/run.ts";
import { knownSecrets } from "../../orchestrator/secrets.ts";
import { fakeAlarms } from "./alarms.ts";
import { memoryArtifacts } from "./artifacts.ts";
import { type VirtualClock, virtualClock } from "./clock.ts";
import { fakeEngine } from "./engine.ts";
import { fakeLambda } from "./lambda.ts";
import { memoryLedger } from "./ledger.ts";
import { fakeMetrics } from "./metrics.ts";
import { fakeNotifier } from "./notifier.ts";
import { fakePermissions } from "./permissions.ts";
import { fakeProbes } from "./probes.ts";
import { type Call, type Fault, mortal, type Watched } from "./process.ts";
import { makeRelease, putRelease, shaNamed } from "./release.ts";
import { type FakeSigner, fakeSigner } from "./signer.ts";
import { fakeTraffic } from "./traffic.ts";
import { fakeValidation } from "./validation.ts";

/** What one process is told to do, and what becomes of it. */
export type Doing = {
  order?: Partial<Order>;
  config?: Partial<PromotionConfig>;
  tell?: Tell;
  /** Aborts the promotion with this reason, as an interrupt does. */
  interruptWhen?: (progress: Progress) => boolean;
  befalls?: (call: Call) => Fault | undefined;
  watched?: Watched;
};

export const ENVIRONMENT = "trial";
const ALARMS = [`${ENVIRONMENT}-dashboard-errors`, `${ENVIRONMENT}-ingestion-errors`];

const CONFIG: PromotionConfig = {
  state: "file:///state",
  packages: "packages",
  ledger: "ledger",
  signingKey: "alias/signing",
  healthKeySecret: "health-key",
  alarmPrefix: `${ENVIRONMENT}-`,
  requires: [],
  attests: "trial-validated",
  validate: true,
  tellStart: false,
  strategy: [
    { percent: 10, holdMs: 30_000 },
    { percent: 100, holdMs: 0 },
  ],
  bake: 60_000,
  pollEvery: 2_000,
  patience: 20_000,
  endEarly: false,
  evidence: { harmless: 0.01, harmful: 0.05, pairs: 1 },
  lease: 60_000,
  freezes: [],
  keepReleases: 5,
  retentionDays: 90,
  health: { function: "dashboard", path: "/health", probes: 5, needed: 5 },
};

/** Promotions that a test began; those it did not run to the end would beat for ever. */
const begun = new Set<Promotion>();
/** A worker of the simulation has no tests, and ends whole. */
const inTest = typeof afterEach === "function";

if (inTest)
  afterEach(() => {
    for (const p of begun) p.endHeartbeat?.();
    begun.clear();
  });

export type World = ReturnType<typeof world>;

/** What worlds may have in common. */
export type Common = { clock?: VirtualClock; signer?: FakeSigner };

/** An environment of two functions in memory, and promotions through it; each is a process of its own. */
export function world(config: Partial<PromotionConfig> = {}, common: Common = {}) {
  const { clock = virtualClock(), signer = fakeSigner() } = common;
  const lambda = fakeLambda();
  const alarms = fakeAlarms();
  for (const name of ALARMS) alarms.set(name);
  const credentials: { end?: Date } = {};
  const store = memoryArtifacts("the store", clock.now);
  const fakes = {
    clock,
    source: memoryArtifacts("the source", clock.now),
    store,
    ledger: memoryLedger({ environment: ENVIRONMENT, clock }),
    traffic: fakeTraffic(lambda),
    alarms,
    metrics: fakeMetrics(),
    probes: fakeProbes(lambda),
    engine: fakeEngine({ lambda, clock, environment: ENVIRONMENT, alarms: ALARMS, bucket: store }),
    notifier: fakeNotifier(),
    signer,
    validation: fakeValidation(),
    permissions: fakePermissions(),
  };
  const secrets = knownSecrets();
  const told: Progress[] = [];
  let processes = 0;

  /** A promotion about to run, in a process of its own. */
  function compose(order: Partial<Order>, doing: Doing = {}) {
    const id = `promotion-${++processes}`;
    const stopping = new AbortController();
    const ports: Ports = {
      ...fakes,
      ledger: discreetLedger(fakes.ledger, secrets),
      notifier: discreetNotifier(fakes.notifier, secrets),
      credentialsEnd: async () => credentials.end,
    };
    const process = mortal(ports, doing.befalls ?? (() => undefined), doing.watched);
    const environment: Environment = {
      name: ENVIRONMENT,
      region: "us-east-1",
      promotion: { ...CONFIG, ...config, ...doing.config },
    };
    const hear = (progress: Progress) => {
      told.push(progress);
      if (doing.interruptWhen?.(progress)) stopping.abort(new Error("SIGINT"));
      doing.tell?.(progress);
    };
    const tell = unbreakable(discreetTell(hear, secrets));
    const holder = { who: "somebody", host: "a host", run: `run ${processes}`, promotionId: id };
    const p: Promotion = {
      id,
      environment,
      order: { kind: "promote", sha: null, why: null, holder, waitMs: 0, ...order, ...doing.order },
      ports: process.ports,
      tell,
      found: { entries: [] },
      signal: stopping.signal,
      stop: (reason) => stopping.abort(reason),
    };
    if (inTest) begun.add(p);
    return { p, process, stopping };
  }

  const promoting = (sha: string, doing?: Doing) => compose({ kind: "promote", sha }, doing);

  return {
    ...fakes,
    lambda,
    credentials,
    /** What every process of this world knows, and keeps to itself. */
    secrets,
    told,
    compose,
    promoting,
    /** Puts a release into the source and gives its SHA. */
    async release(name: string, functions?: readonly string[]): Promise<string> {
      await putRelease(fakes.source, makeRelease(name, functions));
      return shaNamed(name);
    },
    async promote(sha: string, doing?: Doing): Promise<Conclusion> {
      return await run(promoting(sha, doing).p, promotion);
    },
    async rollback(sha: string | null = null, doing?: Doing): Promise<Conclusion> {
      const order = { kind: "rollback" as const, sha, why: "it is wrong" };
      return await run(compose(order, doing).p, requestedRollback);
    },
    /** Somebody takes the lease away from whoever has it, as the command `unlock` does. */
    async unlock(because: string): Promise<boolean> {
      const promotionId = `unlock-${++processes}`;
      const us = { who: "an operator", host: "a laptop", run: "process 1", promotionId };
      return (await breakLease(fakes.ledger, us, CONFIG.lease, because)).broken;
    },
    /** A promotion whose process may die: then there is no conclusion. */
    async promoteUntilDeath(
      sha: string,
      befalls: Doing["befalls"],
      doing?: Doing,
    ): Promise<Conclusion | "died"> {
      const { p, process } = promoting(sha, { ...doing, befalls });
      return await Promise.race([process.death, run(p, promotion)]);
    },
    /** The share of requests, 0 to 1, that every function sends to a SHA; undefined where they differ. */
    share(sha: string): number | undefined {
      const shares = new Set(lambda.names().map((name) => lambda.share(name, sha)));
      return shares.size === 1 ? [...shares][0] : undefined;
    },
    /** Makes the environment run a release, and have promoted it, with no more of a story than that needs. */
    async runs(name: string): Promise<void> {
      const made = makeRelease(name);
      const { manifest, parts } = made;
      for (const place of [fakes.source, fakes.store]) await putRelease(place, made);
      const program = { manifest, program: parts.infra ?? Buffer.of() };
      const { signal } = new AbortController();
      const {
        functions,
        dashboardUrl: url,
        alarms: named,
        alertsTopicArn,
      } = await fakes.engine.up(program, await fakes.engine.preview(program, signal), signal);
      const described = Object.entries(functions).map(([part, { functionName, version }]) => {
        lambda.point(functionName, { version });
        return [
          part,
          { functionName, version, codeSha256: lambda.version(functionName, version)?.codeSha256 },
        ];
      });
      const { sha } = manifest;
      const running = { sha, functions: Object.fromEntries(described), url, alarms: named, alertsTopicArn };
      const holder = {
        who: "somebody",
        host: "a host",
        run: "an early run",
        promotionId: `promotion-${++processes}`,
      };
      const answer = await fakes.ledger.acquire(holder, 1);
      if (!answer.acquired) throw new Error("the lease of a new world is held");
      const events: LedgerEvent[] = [
        { type: "promotion-started", kind: "promote", sha, previousSha: null, who: holder.who, why: null },
        { type: "release-published", release: running },
        { type: "promotion-ended", outcome: "promoted", sha, reason: null, running, rollbackMs: null },
      ];
      for (const event of events) await fakes.ledger.append(answer.lease, event);
      await fakes.ledger.release(answer.lease);
    },
    /** An environment that already runs a release; gives its SHA. */
    async settled(name = "first"): Promise<string> {
      const sha = await this.release(name);
      const { outcome, reason } = await this.promote(sha);
      if (outcome !== "promoted") throw new Error(`the first promotion ended ${outcome}: ${reason?.message}`);
      return sha;
    },
  };
}
