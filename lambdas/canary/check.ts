import type { Answer } from "./ask.ts";

/** What the canary looks at. */
export type Subject = {
  /** Asks for /health, with a key or without. Rejects when there is no answer within 10 s. */
  ask: (key?: string) => Promise<Answer>;
  key: string;
  /** The release that has to answer. */
  version: string;
  /** Whether traffic is being moved: two releases are rightful then, and each run of the canary may meet either. */
  shifting: () => Promise<boolean>;
};

export type Finding = { healthy: boolean; faults: string[]; ms: number };

const SLOW_MS = 5_000;

/** Looks at the health of the dashboard as a stranger and as a user. Never rejects: no answer is a finding, too. */
export async function check(subject: Subject): Promise<Finding> {
  const stranger = await askedBy("without a key", subject);
  const user = await askedBy("with the key", subject, subject.key);
  const faults = [...faultsOfStranger(stranger), ...faultsOfUser(user)];
  const version = versionIn(user);
  if (version !== undefined && version !== subject.version && !(await isShifting(subject)))
    faults.push(`with the key: the release is ${version}, not ${subject.version}`);
  return { healthy: faults.length === 0, faults, ms: Math.round(user.ms) };
}

type Asked = Partial<Answer> & { ms: number; fault?: string };

async function askedBy(who: string, { ask }: Subject, key?: string): Promise<Asked> {
  const started = performance.now();
  try {
    return await ask(key);
  } catch (error) {
    return { ms: performance.now() - started, fault: `${who}: no answer, ${(error as Error).message}` };
  }
}

function faultsOfStranger({ fault, status }: Asked): string[] {
  if (fault) return [fault];
  return status === 401 ? [] : [`without a key: status ${status}, not 401`];
}

function faultsOfUser(asked: Asked): string[] {
  if (asked.fault) return [asked.fault];
  const { status, ms } = asked;
  const faults = ms < SLOW_MS ? [] : [`it took ${Math.round(ms)} ms, not less than ${SLOW_MS}`];
  if (status !== 200) return [...faults.map(told), told(`status ${status}, not 200`)];
  const health = healthIn(asked);
  if (!health) return [...faults, "the answer is not JSON"].map(told);
  if (health.status !== "healthy") faults.push(`it calls itself ${short(health.status)}, not healthy`);
  if (typeof health.version !== "string") faults.push("it names no release");
  if (Number.isNaN(Date.parse(String(health.timestamp)))) faults.push("it gives no time");
  return faults.map(told);
}

const told = (fault: string) => `with the key: ${fault}`;
// What is told goes to people by mail: an answer may be anything and of any length.
const short = (value: unknown) => String(value).slice(0, 60);

function healthIn({ body }: Asked): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body ?? "");
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function versionIn(asked: Asked): string | undefined {
  const version = asked.status === 200 ? healthIn(asked)?.version : undefined;
  return typeof version === "string" ? short(version) : undefined;
}

async function isShifting({ shifting }: Subject): Promise<boolean> {
  return shifting().catch(() => false);
}
