import { readdirSync } from "node:fs";
import { z } from "zod";
import { parseDuration } from "./duration.ts";
import { issuesOf } from "./issues.ts";
import { problem } from "./problems.ts";
import { FREEZE } from "./promotion/freezes.ts";
import { parseStrategy, type Stage } from "./promotion/strategy.ts";
import { readYaml } from "./yaml-file.ts";

const DURATION = z.string().transform((text, context): number => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: "custom", message: `"${text}" is not a duration such as 30s or 5m` });
  return z.NEVER;
});

/** Below this a loop would never rest; above it a timer would not wait at all. In milliseconds. */
const RHYTHM = DURATION.pipe(
  z.number().min(100, "it is too short: at least 100ms").max(86_400_000, "it is too long: at most 1d"),
);

const STRATEGY = z.string().transform((text, context): Stage[] => {
  const stages = parseStrategy(text);
  if (stages) return stages;
  context.addIssue({
    code: "custom",
    message: `"${text}" is not all-at-once, canary:10%/5m or linear:10%/1m`,
  });
  return z.NEVER;
});

const NAMED = z.string().trim().min(1, "it is empty");
/** A name of an attestation, which becomes part of its key. */
const ATTESTATION = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, "only a-z, 0-9 and - make an attestation's name");
const BUCKET = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "it is not the name of a bucket");
const TABLE = z.string().regex(/^[A-Za-z0-9_.-]{3,255}$/, "it is not the name of a table");
const STATE = z.string().regex(/^(s3|file):\/\/\S/, "it is not an address such as s3://bucket/folder");
const REGION = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "it is not a region such as us-east-1");

/**
 * An attestation that a release must carry, the public key (SPKI, PEM) that must have signed it, and the environment that
 * must have given it.
 */
const REQUIREMENT = z.strictObject({
  attestation: ATTESTATION,
  environment: NAMED.optional(),
  publicKey: z.string().default(""),
});

const SHARE = z.number().gt(0).lt(1);

/**
 * What tells a bad release from noise: the share of bad answers that is harmless, and the share that does harm; and how
 * often the new version and the old are asked side by side at each look.
 */
const EVIDENCE = z
  .strictObject({
    harmless: SHARE.default(0.01),
    harmful: SHARE.default(0.05),
    pairs: z.int().min(1).default(5),
  })
  .refine(({ harmless, harmful }) => harmless < harmful, "the harmless share must be below the harmful one");

const PROMOTION = z.strictObject({
  state: STATE,
  packages: BUCKET,
  ledger: TABLE,
  signingKey: NAMED,
  healthKeySecret: NAMED,
  // An empty prefix would be that of every alarm of the account.
  alarmPrefix: NAMED,
  requires: z.array(REQUIREMENT).default([]),
  attests: ATTESTATION,
  /** The environment whose bucket releases come from, where none is at hand. */
  source: NAMED.optional(),
  validate: z.boolean().default(false),
  /** Whether a release's way back is rehearsed before it is validated; where releases are validated, unless it says no. */
  drill: z.boolean().optional(),
  /** Whether people are told of a promotion when it begins to change something. How it ends they are told anyway. */
  tellStart: z.boolean().default(false),
  strategy: STRATEGY.prefault("canary:10%/30s"),
  bake: DURATION.prefault("5m"),
  pollEvery: RHYTHM.prefault("2s"),
  /** How long an inconclusive stage or bake is prolonged. */
  patience: DURATION.prefault("5m"),
  /** Whether a bake ends as soon as more answers would teach nothing more. */
  endEarly: z.boolean().default(false),
  evidence: EVIDENCE.prefault({}),
  lease: RHYTHM.prefault("60s"),
  /** When nothing is promoted. Taking back is never frozen. */
  freezes: z.array(FREEZE).default([]),
  /** How many of the releases that were promoted last stay, the running one among them. */
  keepReleases: z.int().min(2).default(5),
  /** Whose workflows may deploy here: read by the foundation alone. */
  github: z
    .strictObject({
      repository: z
        .string()
        .regex(/^[\w-]+\/[\w.-]+$/, "it is not <owner>/<repository>")
        .optional(),
      environments: z.array(NAMED).min(1).optional(),
    })
    .optional(),
  /** How many days any release stays, at the least, since it came or was promoted last. */
  retentionDays: z.number().min(0).default(90),
  health: z
    .strictObject({
      function: NAMED,
      path: z.string().startsWith("/"),
      probes: z.int().min(1).max(100),
      needed: z.int().min(1),
    })
    .refine(({ probes, needed }) => needed <= probes, "more answers are needed than probes are sent")
    .prefault({ function: "dashboard", path: "/health", probes: 20, needed: 17 }),
});

/** The promotion's part of an environment's configuration. Durations are milliseconds. */
export type PromotionConfig = z.infer<typeof PROMOTION>;

export type Environment = { name: string; region: string; promotion: PromotionConfig };

const FILE = z.object({ config: z.record(z.string(), z.unknown()) });
const KEY = "sentiment-analyzer:promotion";

/** The names of all environments: one for each `Pulumi.<name>.yaml` of the project. */
export function environmentNames(root: string): string[] {
  return readdirSync(root)
    .map((file) => /^Pulumi\.([a-z][a-z0-9-]*)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** The environment that takes releases as they come: it requires no attestation of another. */
export function firstEnvironment(root: string): string {
  const first = environmentNames(root).find(
    (name) => loadEnvironment(root, name).promotion.requires.length === 0,
  );
  if (!first) throw new Error("every environment requires an attestation: no release can enter");
  return first;
}

/**
 * Reads an environment's configuration from `Pulumi.<name>.yaml`.
 * @param overrides settings of the promotion that replace those of the file (a rehearsal bakes for seconds)
 */
export function loadEnvironment(
  root: string,
  name: string,
  overrides: Record<string, unknown> = {},
): Environment {
  const known = environmentNames(root);
  if (!known.includes(name)) throw problem("environment-unknown", { environment: name, known });
  const file = `Pulumi.${name}.yaml`;
  const invalid = (issues: string) => problem("config-invalid", { file, issues });
  const { config } = readYaml({ root, file, schema: FILE }, invalid);
  const promotion = PROMOTION.safeParse(changed(config[KEY] ?? {}, overrides));
  if (!promotion.success) throw invalid(issuesOf(promotion.error));
  const region = REGION.safeParse(config["aws:region"]);
  if (!region.success) throw invalid(`aws:region: ${issuesOf(region.error)}`);
  return { name, region: region.data, promotion: promotion.data };
}

/** Settings with some of them replaced. What is no set of settings stays what it is, to be refused as that. */
const changed = (settings: unknown, overrides: Record<string, unknown>): unknown =>
  typeof settings !== "object" || Array.isArray(settings) ? settings : { ...settings, ...overrides };
