import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { parseDuration } from "./duration.ts";
import { problem } from "./problems.ts";
import { parseStrategy, type Stage } from "./promotion/strategy.ts";

const DURATION = z.string().transform((text, context): number => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: "custom", message: `"${text}" is not a duration such as 30s or 5m` });
  return z.NEVER;
});

const STRATEGY = z.string().transform((text, context): Stage[] => {
  const stages = parseStrategy(text);
  if (stages) return stages;
  context.addIssue({
    code: "custom",
    message: `"${text}" is not all-at-once, canary:10%/5m or linear:10%/1m`,
  });
  return z.NEVER;
});

/**
 * An attestation that a release must carry, the public key (SPKI, PEM) that must have signed it, and the environment that
 * must have given it.
 */
const REQUIREMENT = z.strictObject({
  attestation: z.string(),
  environment: z.string().optional(),
  publicKey: z.string().default(""),
});

const PROMOTION = z.strictObject({
  state: z.string(),
  packages: z.string(),
  ledger: z.string(),
  signingKey: z.string(),
  healthKeySecret: z.string(),
  alarmPrefix: z.string(),
  requires: z.array(REQUIREMENT).default([]),
  attests: z.string(),
  /** The environment whose bucket releases come from, where none is at hand. */
  source: z.string().optional(),
  validate: z.boolean().default(false),
  strategy: STRATEGY.prefault("canary:10%/30s"),
  bake: DURATION.prefault("5m"),
  pollEvery: DURATION.prefault("2s"),
  lease: DURATION.prefault("60s"),
  health: z
    .strictObject({ function: z.string(), path: z.string(), probes: z.int().min(1), needed: z.int().min(1) })
    .refine(({ probes, needed }) => needed <= probes, "more answers are needed than probes are sent")
    .prefault({ function: "dashboard", path: "/health", probes: 5, needed: 5 }),
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
  let document: unknown;
  try {
    document = parse(readFileSync(join(root, file), "utf8"));
  } catch (error) {
    throw invalid(String(error));
  }
  const settings = FILE.safeParse(document);
  if (!settings.success) throw invalid(z.prettifyError(settings.error));
  const { config } = settings.data;
  const promotion = PROMOTION.safeParse({ ...(config[KEY] as object | undefined), ...overrides });
  if (!promotion.success) throw invalid(z.prettifyError(promotion.error));
  const region = config["aws:region"];
  if (typeof region !== "string") throw invalid("aws:region is missing");
  return { name, region, promotion: promotion.data };
}
