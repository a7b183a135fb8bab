import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";
import { REASON, STEP_OUTCOMES } from "./outcome.ts";

const FUNCTION = z.object({ functionName: z.string(), version: z.string(), codeSha256: z.string() });

/** One function of a release as it was published: enough to find it again and to know that it is the same code. */
export type PublishedFunction = z.infer<typeof FUNCTION>;

const RELEASE = z.object({
  sha: z.string(),
  functions: z.record(z.string(), FUNCTION),
  url: z.string(),
  alarms: z.array(z.string()),
  alertsTopicArn: z.string(),
});

/** A release that runs, or ran, in an environment. */
export type RunningRelease = z.infer<typeof RELEASE>;

const STEP = z.string();

/** Answers of one asked party; times in milliseconds, null without any answer. */
const ASKED = z.object({
  answers: z.number(),
  bad: z.number(),
  median: z.number().nullable(),
  p95: z.number().nullable(),
  /** The log-likelihood ratio of harm to noise; entries of the first versions lack it. */
  weight: z.number().optional(),
});

/** The alarms over a watch: of those that were not always well, each change of state, in milliseconds since it began. */
const ALARM_RECORD = z.object({
  watched: z.number(),
  readings: z.number(),
  unread: z.number(),
  states: z.record(z.string(), z.array(z.tuple([z.number(), z.string()]))),
});
const COUNTED = z.object({ invocations: z.number(), errors: z.number() });
const VERSION = z.object({ functionName: z.string(), version: z.string() });

/** One published version of a function, by name. */
export type VersionName = z.infer<typeof VERSION>;

/** Everything a ledger can say. Fields are only ever added: an entry once written is read for ever. */
export const LEDGER_EVENT = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("promotion-started"),
    kind: z.enum(["promote", "rollback"]),
    sha: z.string(),
    previousSha: z.string().nullable(),
    who: z.string(),
    why: z.string().nullable(),
  }),
  z.object({ type: z.literal("step-started"), step: STEP }),
  z.object({
    type: z.literal("step-finished"),
    step: STEP,
    outcome: z.enum(STEP_OUTCOMES),
    ms: z.number(),
    reason: REASON.nullable(),
  }),
  z.object({ type: z.literal("stack-intended"), sha: z.string() }),
  z.object({
    type: z.literal("stack-updated"),
    sha: z.string(),
    ms: z.number(),
    /** What the engine said, where it failed. */
    failure: z.string().nullable(),
    /** Whether it was killed, because it did not stop when it was told to: its lock may be left, and what it was at is undecided. */
    cutOff: z.boolean().optional(),
    /** The URNs of what holds data and was left as it was, although the release says otherwise: a way back loses no data. */
    kept: z.array(z.string()).optional(),
  }),
  z.object({
    type: z.literal("settling-intended"),
    sha: z.string(),
    /** What an update before began to create, and nobody knows whether it exists. */
    urns: z.array(z.string()),
  }),
  z.object({
    type: z.literal("settled"),
    sha: z.string(),
    /** What exists, and is in the stack's state now. */
    adopted: z.array(z.string()),
    absent: z.array(z.string()),
  }),
  z.object({ type: z.literal("stack-unlocked"), because: z.string(), who: z.string() }),
  z.object({
    type: z.literal("release-published"),
    release: RELEASE,
    /** When its commit was made, ISO 8601. Entries of the first versions lack it. */
    committedAt: z.string().optional(),
  }),
  z.object({ type: z.literal("traffic-intended"), to: z.record(z.string(), z.unknown()) }),
  z.object({ type: z.literal("traffic-moved"), to: z.record(z.string(), z.unknown()), ms: z.number() }),
  z.object({ type: z.literal("traffic-restored"), sha: z.string(), ms: z.number() }),
  z.object({
    type: z.literal("drilled"),
    sha: z.string(),
    /** The release that the traffic went back to; null where there was no drill. */
    to: z.string().nullable(),
    /** From the first alias that was read to the proof, there and forward again. */
    backMs: z.number().nullable(),
    forwardMs: z.number().nullable(),
    /** Why there was no drill. */
    skipped: z.string().nullable(),
  }),
  z.object({
    type: z.literal("judged"),
    step: STEP,
    /** The rule, as it stood before the first question. */
    rule: z.string(),
    verdict: z.enum(["well", "ill", "inconclusive"]),
    because: z.string().nullable(),
    /** From the first question to the verdict. */
    ms: z.number(),
    /** Whoever was asked: each function's new version by its name, `before` (the version that ran), `users` (the URL). */
    asked: z.record(z.string(), ASKED),
    /** When the release first answered badly, from the first question; null where it never did. */
    firstBadMs: z.number().nullable().optional(),
    alarms: ALARM_RECORD.optional(),
    /** By function, what the platform counted of the new version (`now`) and the old (`before`), where it counted any. */
    measured: z.record(z.string(), z.object({ now: COUNTED, before: COUNTED })).optional(),
  }),
  z.object({ type: z.literal("notified"), about: z.string() }),
  z.object({ type: z.literal("quarantined"), sha: z.string(), because: z.string() }),
  z.object({
    type: z.literal("held"),
    /** The release that is kept, or null where the whole environment is held. */
    sha: z.string().nullable(),
    because: z.string(),
    who: z.string(),
    /** When the hold ends by itself, ISO 8601; null where only a person ends it. */
    until: z.string().nullable(),
  }),
  z.object({
    type: z.literal("hold-released"),
    sha: z.string().nullable(),
    because: z.string(),
    who: z.string(),
  }),
  z.object({
    type: z.literal("overridden"),
    /** The guard that was overruled. */
    guard: z.string(),
    /** What it would have said. */
    because: z.string(),
    /** Why it was overruled all the same. */
    reason: z.string(),
    who: z.string(),
  }),
  z.object({
    type: z.literal("removal-intended"),
    shas: z.array(z.string()),
    versions: z.array(VERSION),
    who: z.string(),
  }),
  z.object({
    type: z.literal("releases-removed"),
    shas: z.array(z.string()),
    versions: z.array(VERSION),
    ms: z.number(),
    /** Why it is less than was intended. */
    failure: z.string().nullable(),
  }),
  z.object({ type: z.literal("lease-broken"), holder: z.string(), because: z.string(), who: z.string() }),
  z.object({
    type: z.literal("promotion-ended"),
    outcome: z.enum(["promoted", "unchanged", "rolled-back", "refused", "needs-human"]),
    sha: z.string(),
    reason: REASON.nullable(),
    /** What runs now, where that is known. */
    running: RELEASE.nullable(),
    /** Milliseconds from the decision to roll back to the old version at 100 % and verified. */
    rollbackMs: z.number().nullable(),
  }),
]);

export type LedgerEvent = z.infer<typeof LEDGER_EVENT>;

/** An event in its place: `previous` is the hash of the entry before it, so that no entry can be changed unseen. */
export type Entry = {
  sequence: number;
  promotionId: string;
  at: string;
  event: LedgerEvent;
  previous: string;
  hash: string;
};

/** The `previous` of the first entry. */
export const GENESIS = "0".repeat(64);

/** The hash that chains an entry: SHA-256 over the canonical JSON of all its other fields. */
export function hashOf(entry: Omit<Entry, "hash">): string {
  const { sequence, promotionId, at, event, previous } = entry;
  const text = canonicalize({ sequence, promotionId, at, event, previous }) as string;
  return hash("sha256", text);
}
