import pc from "picocolors";
import { EXIT_CODES } from "../promotion/outcome.ts";
import { type Promotion, shaOf } from "../promotion/promotion.ts";
import { type Conclusion, run } from "../promotion/run.ts";
import type { Course } from "../promotion/step.ts";

/** Nobody may take what was not looked at for a permission. */
const PERMISSIONS = { passed: "granted", failed: "denied", skipped: "not checked" } as const;

/** What a promotion would do and would come to, as far as that can be known without changing anything. */
export type DryRun = ReturnType<typeof documentOf>;

/** Walks through what changes nothing, prints what would come of a promotion, and leaves 0, or 3 where it would be refused. */
export async function tryOut(p: Promotion, course: Course, json: boolean): Promise<void> {
  const { tell } = p;
  // How this ends is no end of a promotion, and must not be taken for one.
  const quiet: Promotion = { ...p, tell: (progress) => progress.type !== "ended" && tell(progress) };
  try {
    const conclusion = await run(quiet, course);
    const document = documentOf(quiet, conclusion);
    process.stdout.write(json ? `${JSON.stringify(document)}\n` : text(document));
    process.exitCode = EXIT_CODES[conclusion.outcome];
  } finally {
    await p.ports.engine.close();
  }
}

/** The document of a dry run. `lease` and what it says of the permissions are of this moment. */
export function documentOf(p: Promotion, { outcome, reason, steps }: Conclusion) {
  const { found } = p;
  const changes = found.plan?.changes.filter(({ operation }) => operation !== "same") ?? [];
  return {
    dryRun: true as const,
    env: p.environment.name,
    sha: shaOf(p),
    previousSha: found.previous?.sha ?? null,
    wouldBe: outcome,
    reason,
    rollbackTarget: found.wayBack?.sha ?? null,
    lease: found.holder ?? null,
    permissions: PERMISSIONS[steps.find(({ name }) => name === "permissions")?.outcome ?? "skipped"],
    overrides: found.overridden ?? [],
    plan: changes.map(({ operation, type, urn, properties }) => ({ operation, type, urn, properties })),
    steps,
  };
}

/** What a dry run came to, in words. */
export function text(document: DryRun): string {
  const { env, sha, wouldBe, reason, rollbackTarget, lease, permissions, overrides, plan } = document;
  const colour = wouldBe === "refused" ? pc.red : pc.green;
  const lines = [`${env}: would be ${colour(wouldBe)} ${sha.slice(0, 7)} (dry run: nothing was changed)`];
  if (reason) lines.push(`why:  ${reason.message} [${reason.code}]`, `next: ${reason.remedy}`);
  for (const { operation, type, urn, properties } of plan) {
    const what = properties.length > 0 ? ` (${properties.join(", ")})` : "";
    lines.push(`      ${operation} ${type} ${urn.split("::").at(-1)}${what}`);
  }
  for (const { guard, because } of overrides) lines.push(`      overruled: ${guard}: ${because}`);
  if (!reason)
    lines.push(`      way back: ${rollbackTarget?.slice(0, 7) ?? "none: there is no earlier release"}`);
  if (permissions === "not checked") lines.push("      the deployer's permissions were not checked");
  if (lease) lines.push(`      the lease is ${lease.who}'s on ${lease.host} now (${lease.run})`);
  return `${lines.join("\n")}\n`;
}
