import type { Environment, PromotionConfig } from "../../orchestrator/environment.ts";
import { type KeepingPorts, planRemoval, type RemovalPlan } from "../../orchestrator/keeping/plan.ts";
import { type Keeping, removeReleases } from "../../orchestrator/keeping/remove.ts";
import type { LedgerEvent, RunningRelease } from "../../orchestrator/promotion/events.ts";
import { quarantine, runningRelease } from "../../orchestrator/promotion/history.ts";
import type { Ports } from "../../orchestrator/promotion/promotion.ts";
import { codeSha256, functionParts } from "../../orchestrator/release/manifest.ts";
import { memoryArtifacts } from "./artifacts.ts";
import { virtualClock } from "./clock.ts";
import { fakeLambda } from "./lambda.ts";
import { memoryLedger } from "./ledger.ts";
import { type Call, type Fault, mortal } from "./process.ts";
import { makeRelease, putRelease, shaNamed } from "./release.ts";
import { fakeVersions } from "./versions.ts";

const ENVIRONMENT = "trial";
const DAY = 24 * 60 * 60_000;

export type KeepingWorld = ReturnType<typeof keepingWorld>;

/** An environment with a long life in memory: releases come, are promoted or are not, and old ones are removed. */
export function keepingWorld(config: Partial<PromotionConfig> = {}, start?: string) {
  const clock = virtualClock(start);
  const lambda = fakeLambda();
  const versions = fakeVersions(lambda);
  const store = memoryArtifacts("the store", clock.now);
  const ledger = memoryLedger({ environment: ENVIRONMENT, clock });
  const promotion = { lease: 60_000, keepReleases: 5, retentionDays: 90, ...config } as PromotionConfig;
  const environment: Environment = { name: ENVIRONMENT, region: "us-east-1", promotion };
  const ports: KeepingPorts = { clock, store, ledger, versions };
  let runs = 0;

  const holder = (promotionId: string) => ({ who: "somebody", host: "a host", run: "a run", promotionId });

  /** Events of one promotion, or of nobody's. */
  async function journal(promotionId: string, ...events: LedgerEvent[]): Promise<void> {
    const answer = await ledger.acquire(holder(promotionId), 60_000);
    if (!answer.acquired) throw new Error("the lease is held");
    for (const event of events) await ledger.append(answer.lease, event);
    await ledger.release(answer.lease);
  }

  /** Publishes a release's versions, as an update does; its aliases exist from the first time on. */
  function published(name: string): RunningRelease {
    const { manifest } = makeRelease(name);
    const functions = Object.entries(functionParts(manifest)).map(([part, about]) => {
      const functionName = `${ENVIRONMENT}-${part}`;
      const isNew = !lambda.exists(functionName);
      const code = codeSha256(about);
      const version = lambda.publish(functionName, { codeSha256: code, sha: manifest.sha });
      if (isNew) lambda.point(functionName, { version });
      return [part, { functionName, version, codeSha256: code }] as const;
    });
    const about = { url: "https://trial.example/", alarms: [], alertsTopicArn: "arn" };
    return { sha: manifest.sha, functions: Object.fromEntries(functions), ...about };
  }

  function pointAt(release: RunningRelease): void {
    for (const { functionName, version } of Object.values(release.functions))
      lambda.point(functionName, { version });
  }

  /** A promotion up to its traffic: it has not ended. */
  async function began(name: string): Promise<{ id: string; release: RunningRelease }> {
    const id = `promotion-${++runs}`;
    const sha = shaNamed(name);
    const previousSha = runningRelease(ledger.written)?.sha ?? null;
    const release = published(name);
    await journal(
      id,
      { type: "promotion-started", kind: "promote", sha, previousSha, who: "somebody", why: null },
      { type: "stack-intended", sha },
      { type: "stack-updated", sha, ms: 1, failure: null },
      { type: "release-published", release },
    );
    return { id, release };
  }

  const ended = (
    outcome: "promoted" | "rolled-back" | "refused" | "needs-human",
    sha: string,
    running: RunningRelease | null,
  ): LedgerEvent => ({ type: "promotion-ended", outcome, sha, reason: null, running, rollbackMs: null });

  function gcOf(process: KeepingPorts): Keeping {
    const stopping = new AbortController();
    return {
      environment,
      ports: process,
      order: { holder: holder(`gc-${++runs}`), waitMs: 60 * 60_000 },
      tell: () => {},
      signal: stopping.signal,
      stop: (reason) => stopping.abort(reason),
    };
  }

  return {
    ...ports,
    store,
    versions,
    ledger,
    lambda,
    environment,
    journal,
    published,
    pointAt,
    ended,
    began,
    holder,
    passes: async (days: number) => await clock.sleep(days * DAY),
    /** A release comes to the bucket. */
    async arrives(name: string): Promise<string> {
      await putRelease(store, makeRelease(name));
      return shaNamed(name);
    },
    async promoted(name: string): Promise<void> {
      const { id, release } = await began(name);
      pointAt(release);
      await journal(id, ended("promoted", release.sha, release));
    },
    /** One that failed: the environment is back on what ran before, and its stack publishes that code again. */
    async rolledBack(name: string, quarantined: boolean): Promise<void> {
      const before = runningRelease(ledger.written) ?? null;
      const { id, release } = await began(name);
      if (quarantined) await journal(id, { type: "quarantined", sha: release.sha, because: "watch: errors" });
      for (const { functionName, codeSha256: code } of Object.values(before?.functions ?? {}))
        lambda.publish(functionName, { codeSha256: code, sha: before?.sha ?? "" });
      await journal(id, ended("rolled-back", release.sha, before));
    },
    isQuarantined: (name: string) => quarantine(ledger.written, shaNamed(name)) !== undefined,
    plan: async (): Promise<RemovalPlan> => await planRemoval(ports, environment),
    gcOf,
    gc: async (): Promise<RemovalPlan> => await removeReleases(gcOf(ports)),
    /** A run of gc in a process of its own, which may die, and what it called. */
    async gcThat(befalls: (call: Call) => Fault | undefined) {
      const process = mortal(
        { ...ports, credentialsEnd: async () => undefined } as unknown as Ports,
        befalls,
      );
      const run = removeReleases(gcOf(process.ports as unknown as KeepingPorts));
      const end = await Promise.race([process.death, run.catch((error: Error) => error)]);
      return { end, calls: process.calls };
    },
    /** What is left: every key, and every version of every function. */
    left: () => ({
      keys: [...store.objects.keys()].sort(),
      versions: lambda.names().map((name) => [name, lambda.versions(name)]),
    }),
    /** Whether every byte of a release is there. */
    isWhole(name: string): boolean {
      const { manifest } = makeRelease(name);
      const keys = Object.values(manifest.parts).map(({ key }) => key);
      return [...keys, `releases/${manifest.sha}/manifest.json`].every((key) => store.objects.has(key));
    },
  };
}
