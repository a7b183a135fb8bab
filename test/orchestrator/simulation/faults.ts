import type { Call, Fault } from "../../fakes/process.ts";
import type { Dice } from "./dice.ts";

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
/** As a service of AWS answers, by the SDK. */
const answered = (httpStatusCode: number, name: string, message: string) =>
  Object.assign(named(name, message), { $metadata: { httpStatusCode } });

/** What no entry may say: with it an entry is not written as it was given. */
export const SECRET = "correct horse battery";

const throttled = () => answered(400, "ThrottlingException", `Rate exceeded for ${SECRET}`);
const broken = () => answered(500, "InternalServerError", "We encountered an internal error");
const timedOut = () => named("TimeoutError", "socket hang up");

/** Calls that change something: most faults hit these, for there they hurt. */
const CHANGES = new Set([
  "ledger.acquire",
  "ledger.append",
  "ledger.beat",
  "ledger.release",
  "store.put",
  "engine.up",
  "traffic.route",
  "notifier.send",
  "signer.sign",
]);
/** What another machine does: it can arrive twice, or late. The engine is a child process of ours. */
const REMOTE = new Set(["ledger", "store", "source", "traffic", "notifier"]);

/** Twenty minutes: what a clock that was wrong is set by. */
const JUMP_MS = 20 * 60_000;

/** How hard fate is on one process: the share of its calls that something befalls. */
export function hardship(dice: Dice): number {
  return dice.one([0, 0.005, 0.02, 0.02, 0.08, 0.3]);
}

/** What befalls the calls of one process. Never more than its `luck` of faults, or no process would get far. */
export function fate(
  dice: Dice,
  world: { setClock(byMs: number): void; hurried: boolean },
): (call: Call) => Fault | undefined {
  const rate = hardship(dice);
  let left = dice.between(1, 4);
  return ({ port, method }) => {
    if (port === "clock") return undefined;
    const name = `${port}.${method}`;
    // Two processes at once meet in many ways only if their calls take time.
    const pace = world.hurried ? { takes: dice.between(5, 400) } : undefined;
    const hit = left > 0 && dice.chance(CHANGES.has(name) ? rate * 2 : rate);
    if (!hit) return pace;
    left--;
    return strike(dice, port, name, world.setClock);
  };
}

function strike(dice: Dice, port: string, name: string, setClock: (byMs: number) => void): Fault | undefined {
  const remote = REMOTE.has(port);
  const ways: (() => Fault | undefined)[] = [
    () => ({ fails: throttled() }),
    () => ({ fails: broken() }),
    () => ({ fails: timedOut(), takes: dice.between(1_000, 60_000) }),
    () => ({ fails: timedOut(), after: true, takes: dice.between(0, 60_000) }),
    () => ({ takes: dice.between(100, 120_000) }),
    () => ({ freezes: dice.between(1_000, 300_000), after: dice.chance(0.5) }),
    () => "dies",
    () => "dies-after",
    () => {
      setClock(dice.one([-JUMP_MS, JUMP_MS]));
      return undefined;
    },
  ];
  if (remote) ways.push(() => ({ late: dice.between(100, 300_000) }));
  // The ledger's transaction has a token: sent twice, it is done once.
  if (remote && name !== "ledger.append") ways.push(() => "twice");
  if (name === "engine.up")
    ways.push(
      () => "dies-amid",
      () => "dies-amid",
    );
  return dice.one(ways)();
}
