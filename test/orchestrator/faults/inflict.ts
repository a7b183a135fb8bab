import type { Progress } from "../../../orchestrator/promotion/progress.ts";
import { lambdaKey } from "../../../orchestrator/release/manifest.ts";
import { ill } from "../../fakes/probes.ts";
import type { Call, Fault } from "../../fakes/process.ts";
import { makeRelease } from "../../fakes/release.ts";
import { type Doing, ENVIRONMENT, type World } from "../../fakes/world.ts";
import type { FaultName, StepName } from "./names.ts";

/** The call of each step that the fault of a call hits: the one that the step is about. */
const CALL: Record<StepName, string> = {
  lease: "ledger.acquire",
  verify: "alarms.list",
  preview: "engine.preview",
  up: "engine.up",
  canary: "probes.direct",
  watch: "alarms.list",
  drill: "traffic.route",
  finish: "signer.sign",
  rollback: "traffic.route",
};

const MINUTES = 60_000;
const ALARM = `${ENVIRONMENT}-ingestion-errors`;

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
/** As a service of AWS answers, by the SDK. */
const answered = (httpStatusCode: number, name: string, message: string) =>
  Object.assign(named(name, message), { $metadata: { httpStatusCode } });

/** A fault, put into a world: what befalls the calls of the process, and what happens as the step begins. */
type Inflicted = { befalls?: (call: Call, step: string) => Fault | undefined; begins?(): void };

const everyCall =
  (step: StepName, fault: () => Fault): Inflicted["befalls"] =>
  ({ port, method }, now) =>
    now === step && `${port}.${method}` === CALL[step] ? fault() : undefined;

/** Hits the first call only: the next try, if the step tries again, is answered. */
function firstCall(step: StepName, fault: () => Fault): Inflicted["befalls"] {
  let hit = false;
  const every = everyCall(step, fault);
  return (call, now) => {
    const due = hit ? undefined : every?.(call, now);
    hit ||= due !== undefined;
    return due;
  };
}

/** From the step on, AWS knows these credentials no more. The engine, the clock and this machine need none of ours. */
function expired(step: StepName): Inflicted["befalls"] {
  let begun = false;
  const error = () =>
    answered(403, "ExpiredTokenException", "The security token included in the request is expired");
  return ({ port, method }, now) => {
    begun ||= now === step;
    if (!begun || port === "clock" || port === "source" || port === "validation" || method === "throughUrl")
      return undefined;
    return { fails: error() };
  };
}

/** What each fault is. */
const FAULTS: Record<FaultName, (w: World, step: StepName, victim: string) => Inflicted> = {
  throttle: (_, step) => ({
    befalls: everyCall(step, () => ({ fails: answered(400, "ThrottlingException", "Rate exceeded") })),
  }),
  "5xx": (_, step) => ({
    befalls: everyCall(step, () => ({ fails: answered(500, "InternalServerError", "internal error") })),
  }),
  "timeout before commit": (_, step) => ({
    befalls: firstCall(step, () => ({ fails: named("TimeoutError", "socket hang up"), takes: 5_000 })),
  }),
  "timeout after commit": (_, step) => ({
    befalls: firstCall(step, () => ({
      fails: named("TimeoutError", "socket hang up"),
      takes: 5_000,
      after: true,
    })),
  }),
  "expired credentials": (_, step) => ({ befalls: expired(step) }),
  AccessDenied: (_, step) => ({
    befalls: everyCall(step, () => ({
      fails: answered(403, "AccessDeniedException", "not authorized to do it"),
    })),
  }),
  "lease stolen": (w) => ({
    begins() {
      void w.unlock("it hangs");
    },
  }),
  "clock + 20 min": (w) => ({ begins: () => w.clock.set(20 * MINUTES) }),
  "clock - 20 min": (w) => ({ begins: () => w.clock.set(-20 * MINUTES) }),
  "corrupt ledger entry": (w) => ({
    begins() {
      const entry = w.ledger.written[2];
      if (entry) w.ledger.written[2] = { ...entry, at: "2031-01-01T00:00:00.000Z" };
    },
  }),
  "Pulumi state lost": (w) => ({ begins: () => w.engine.loseState("lost") }),
  "Pulumi state corrupt": (w) => ({ begins: () => w.engine.loseState("corrupt") }),
  "pending operations": (w) => ({
    begins: () => w.engine.leavePending({ urn: "urn:pulumi:table", operation: "creating" }),
  }),
  "stale Pulumi lock": (w) => ({ begins: () => w.engine.leaveLocked() }),
  ALARM: (w) => ({ begins: () => w.alarms.set(ALARM, { state: "ALARM" }) }),
  INSUFFICIENT_DATA: (w) => ({ begins: () => w.alarms.set(ALARM, { state: "INSUFFICIENT_DATA" }) }),
  "alarm deleted": (w) => ({ begins: () => w.alarms.remove(ALARM) }),
  "canary flake": (w, step) => ({
    begins() {
      let left = 1;
      w.probes.answer(({ how }) => (how === askedIn(step) && left-- > 0 ? ill : undefined));
    },
  }),
  "tampered artifact": (w, _, victim) => ({
    // As long as they were: only the digest tells.
    begins: () => replaceBytes(w, victim, (bytes) => bytes.fill(0)),
  }),
  kill: (_, step) => ({ befalls: firstCall(step, () => (step === "up" ? "dies-amid" : "dies")) }),
};

const askedIn = (step: StepName) => (step === "canary" ? "direct" : "throughUrl");

/** The two releases of a story. */
export type Releases = { old: string; sha: string };

/** Whose bytes are tampered with: those of the release that is about to be used. */
const victimOf = (step: StepName, { old, sha }: Releases) => (step === "rollback" ? old : sha);

/** Lets a fault befall a promotion of `sha` at a step. To get to its rollback, the release goes bad at all the traffic. */
export function inflict(w: World, fault: FaultName, step: StepName, releases: Releases): Doing {
  const { sha } = releases;
  const { befalls, begins } = FAULTS[fault](w, step, victimOf(step, releases));
  let now = "";
  if (step === "rollback") w.alarms.fire(`${ENVIRONMENT}-dashboard-errors`, () => w.share(sha) === 1);
  const tell = (progress: Progress) => {
    if (progress.type !== "step-started") return;
    now = progress.step;
    if (progress.step === step) begins?.();
  };
  return { tell, befalls: (call) => befalls?.(call, now) };
}

/** What a person does before the command is given again: whatever was broken from outside is put right. */
export function mend(w: World, step: StepName, releases: Releases): void {
  w.alarms.calm(`${ENVIRONMENT}-dashboard-errors`);
  w.alarms.set(ALARM, { state: "OK", enabled: true });
  w.engine.mend();
  const name = step === "rollback" ? "old" : "new";
  const whole = makeRelease(name).parts.ingestion ?? Buffer.of();
  replaceBytes(w, victimOf(step, releases), () => whole);
}

function replaceBytes(
  { source, store }: World,
  sha: string,
  by: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array,
): void {
  const key = lambdaKey("ingestion", sha);
  for (const { objects } of [source, store]) {
    const found = objects.get(key);
    if (found) objects.set(key, by(Uint8Array.from(found)));
  }
}
