import pc from "picocolors";
import { EXIT_CODES } from "../promotion/outcome.ts";
import { type Promotion, shaOf } from "../promotion/promotion.ts";
import { type Conclusion, run } from "../promotion/run.ts";
import type { Course } from "../promotion/step.ts";
import { type TrafficLine, trafficLines } from "../promotion/traffic.ts";

/** Runs a promotion, prints how it ended, and leaves the exit code that the contract names. */
export async function runToTheEnd(p: Promotion, course: Course, json: boolean): Promise<void> {
  const { clock, engine } = p.ports;
  const startedAt = clock.now().toISOString();
  try {
    const conclusion = await run(p, course);
    const traffic = await seenTraffic(p);
    const times = { startedAt, endedAt: clock.now().toISOString() };
    process.stdout.write(
      json
        ? `${JSON.stringify(document(p, conclusion, traffic, times))}\n`
        : sentence(p, conclusion, traffic),
    );
    process.exitCode = EXIT_CODES[conclusion.outcome];
  } finally {
    await engine.close();
  }
}

/** The traffic as it is read after everything, not as it was meant to be. */
async function seenTraffic(p: Promotion): Promise<TrafficLine[]> {
  const release = p.found.published ?? p.found.running ?? p.found.previous;
  if (!release) return [];
  return await trafficLines(p, release).catch(() => []);
}

function document(
  p: Promotion,
  { outcome, reason, steps }: Conclusion,
  traffic: TrafficLine[],
  times: { startedAt: string; endedAt: string },
) {
  return {
    promotionId: p.id,
    env: p.environment.name,
    sha: shaOf(p),
    previousSha: p.found.previous?.sha ?? null,
    outcome,
    reason,
    steps,
    traffic,
    ...times,
  };
}

function sentence(p: Promotion, { outcome, reason }: Conclusion, traffic: TrafficLine[]): string {
  const good = outcome === "promoted" || outcome === "unchanged";
  const lines = [
    `${p.environment.name}: ${(good ? pc.green : pc.red)(outcome)} ${shaOf(p).slice(0, 7)} (${p.id})`,
  ];
  if (reason) lines.push(`why:  ${reason.message} [${reason.code}]`, `next: ${reason.remedy}`);
  for (const { function: name, version, sha, weight } of traffic)
    lines.push(
      `      ${name}: ${Math.round(weight * 100)} % on version ${version} (${sha?.slice(0, 7) ?? "unknown"})`,
    );
  return `${lines.join("\n")}\n`;
}
