import type { Acquisition, Lease } from "../../../orchestrator/ports/ledger.ts";
import { type Entry, GENESIS } from "../../../orchestrator/promotion/events.ts";
import { brokenLink, openPromotions, promotedReleases } from "../../../orchestrator/promotion/history.ts";
import type { Reason } from "../../../orchestrator/promotion/outcome.ts";
import type { Promotion } from "../../../orchestrator/promotion/promotion.ts";
import type { Conclusion } from "../../../orchestrator/promotion/run.ts";
import { sayTraffic } from "../../../orchestrator/promotion/traffic.ts";
import type { Call, Landed, Watched } from "../../fakes/process.ts";
import type { World } from "../../fakes/world.ts";

/** What must hold, whatever happens. */
export const INVARIANTS = [
  "the chain is unbroken",
  "a promotion that ended stays ended",
  "an intent is recorded before its effect",
  "at most one intent of a promotion is open",
  "at most one holds the lease",
  "nobody writes whose turn is over",
  "the same code is published once",
  "what the ledger says runs has all the traffic",
  "who only looks changes nothing",
  "what is said is what is",
  "the next run puts everything in order",
] as const;
export type Invariant = (typeof INVARIANTS)[number];
export type Violation = { invariant: Invariant; said: string };

/** What must be in the ledger before these are sent. */
const INTENT: Record<string, string> = { "traffic.route": "traffic-intended", "engine.up": "stack-intended" };

/** All that a promotion changes something by. */
const CHANGES: Record<string, string[]> = {
  ledger: ["acquire", "append", "beat", "release"],
  traffic: ["route"],
  engine: ["up", "settle", "clearLock"],
  store: ["put", "tag"],
  source: ["put", "tag"],
  notifier: ["send"],
  signer: ["sign"],
  validation: ["run"],
};

type Wrong = (said: string) => void;
type Holding = { promotionId: string; fence: number; heardAt: number; durationMs: number };

/** The release that shall run when a promotion has done what it was asked for. */
const goalOf = ({ order, found }: Promotion) =>
  (order.kind === "rollback" ? found.wayBack?.sha : order.sha) ?? "";

export type Witness = ReturnType<typeof witness>;

/**
 * Watches one environment from outside: every effect as it lands, and every conclusion as it is told. It trusts none of
 * the fakes to refuse what must not be: it keeps its own account of who holds the lease.
 */
export function witness(w: World) {
  const violations: Violation[] = [];
  const ended = new Set<string>();
  /** Those who only look. */
  const looking = new Set<string>();
  /** How a promotion said itself that it ended; one that died is ended by another. */
  const ends = new Map<string, string>();
  const intents = new Map<string, string>();
  const fences = new Map<string, number>();
  const step = new Map<string, string>();
  const changedOutsideRecovery = new Set<string>();
  let holding: Holding | undefined;
  /** By alias: until a successor has written an alias, what was sent to it may still arrive. */
  const highestWriter = new Map<string, number>();
  let head = w.ledger.written.at(-1)?.hash ?? GENESIS;
  for (const { promotionId } of w.ledger.written) ended.add(promotionId);

  const violated = (invariant: Invariant, said: string) => void violations.push({ invariant, said });

  const now = () => w.clock.monotonic();

  function acquired(id: string, isUnlock: boolean, { given, answer }: Landed): void {
    const { acquired: got, ...rest } = answer as Acquisition;
    if (!got || !("lease" in rest)) return;
    if (holding && holding.promotionId !== id && !isUnlock && now() - holding.heardAt < holding.durationMs)
      violated("at most one holds the lease", `${id} got it from ${holding.promotionId}, who is alive`);
    if (holding?.promotionId !== id && rest.lease.fence <= Math.max(0, ...fences.values()))
      violated("at most one holds the lease", `${id} got the used fence ${rest.lease.fence}`);
    fences.set(id, rest.lease.fence);
    holding = { promotionId: id, fence: rest.lease.fence, heardAt: now(), durationMs: Number(given[1]) };
  }

  function appended(id: string, { answer, given }: Landed): void {
    const { promotionId, event, previous, hash } = answer as Entry;
    if (previous !== head) violated("the chain is unbroken", `after ${event.type} of ${promotionId}`);
    head = hash;
    if ((given[0] as Lease).fence !== holding?.fence)
      violated("nobody writes whose turn is over", `${id} recorded ${event.type}`);
    if (ended.has(promotionId))
      violated("a promotion that ended stays ended", `${promotionId} recorded ${event.type} after its end`);
    if (event.type === "traffic-intended" || event.type === "stack-intended") {
      const open = intents.get(promotionId);
      if (open) violated("at most one intent of a promotion is open", `${event.type} in ${open}`);
      intents.set(promotionId, event.type);
    } else if (event.type !== "quarantined" && event.type !== "release-published")
      intents.delete(promotionId);
    if (event.type !== "promotion-ended") return;
    ended.add(promotionId);
    if (id === promotionId) ends.set(id, event.outcome);
  }

  function routed(id: string, functionName: string): void {
    const fence = fences.get(id) ?? 0;
    if (step.get(id) !== "recover") changedOutsideRecovery.add(id);
    // One that ended as needs-human did not claim to know where its traffic would be.
    if (ended.has(id) && ends.get(id) !== "needs-human")
      violated("nobody writes whose turn is over", `a route of ${id} after its end`);
    const highest = highestWriter.get(functionName) ?? 0;
    if (fence < highest)
      violated("nobody writes whose turn is over", `a route of ${id} after its successor's`);
    highestWriter.set(functionName, Math.max(highest, fence));
  }

  function published(): void {
    for (const name of w.lambda.names())
      for (let n = 2; n <= Number(w.lambda.latest(name)); n++)
        if (
          w.lambda.version(name, String(n - 1))?.codeSha256 === w.lambda.version(name, String(n))?.codeSha256
        )
          violated("the same code is published once", `${name}:${n}`);
  }

  function landed(id: string, isUnlock: boolean, effect: Landed): void {
    const { port, method } = effect;
    if (port === "traffic" && method === "route") routed(id, String(effect.given[0]));
    if (port !== "ledger") return;
    if (method === "acquire") acquired(id, isUnlock, effect);
    if (method === "append") appended(id, effect);
    if (method === "beat" && holding?.promotionId === id) holding.heardAt = now();
    if (method === "release" && holding?.promotionId === id) holding = undefined;
  }

  // The engine cannot be fenced: an update of a process that stood still may come late. Its plan is then compared with
  // the state, and it moves no traffic.
  function sent(id: string, { port, method }: Call): void {
    if (looking.has(id) && CHANGES[port]?.includes(method))
      violated("who only looks changes nothing", `${port}.${method} of ${id}`);
    const needed = INTENT[`${port}.${method}`];
    if (!needed || ended.has(id)) return;
    if (port === "engine" && step.get(id) !== "recover") changedOutsideRecovery.add(id);
    if (intents.get(id) !== needed) violated("an intent is recorded before its effect", `${method} of ${id}`);
  }

  /** The traffic as it is, in the words of the product, read behind the back of every process. */
  const truth = () => sayTraffic(w.traffic, w.ledger.written);

  /** Whether somebody has had the lease since. */
  const isOvertaken = ({ id }: Promotion) => (fences.get(id) ?? 0) < Math.max(0, ...fences.values());

  /** Whether the conclusion of a promotion is what can be seen. Only where nobody else is at work. */
  async function concluded(p: Promotion, { outcome, reason }: Conclusion): Promise<void> {
    const wrong = (said: string) => violated("what is said is what is", `${p.id}: ${outcome}, but ${said}`);
    const own = ends.get(p.id);
    if (own && own !== outcome) wrong(`it recorded ${own}`);
    // What somebody else did after it recorded its end is not its lie.
    const stands = !own || !isOvertaken(p);
    if ((outcome === "promoted" || outcome === "unchanged") && stands && w.share(goalOf(p)) !== 1)
      wrong(`the traffic is ${await truth()}`);
    if ((outcome === "promoted" || outcome === "rolled-back" || outcome === "unchanged") && !own)
      wrong("the ledger has no end of it");
    if (outcome === "rolled-back" && stands && w.share(p.found.wayBack?.sha ?? "") !== 1)
      wrong(`the traffic is ${await truth()}`);
    if (outcome === "refused" && changedOutsideRecovery.has(p.id)) wrong("it changed something");
    if (outcome === "needs-human" && reason) await saysExactly(p, reason, wrong);
  }

  /** A promotion that needs a person says where the traffic is, and nothing else than is true. */
  async function saysExactly(p: Promotion, { message }: Reason, wrong: Wrong): Promise<void> {
    const [, told] = /Traffic now: (.*)$/s.exec(message) ?? [];
    if (told === undefined) wrong(`it does not say where the traffic is: ${message}`);
    // What somebody else did after it looked is not its lie.
    if (told === undefined || isOvertaken(p)) return;
    if (!told.includes("not readable") && told !== (await truth()))
      wrong(`it says ${told}; the truth is ${await truth()}`);
    const [, whole] = /all of it on ([0-9a-f]{40}), proved/.exec(message) ?? [];
    if (whole && w.share(whole) !== 1) wrong(`not all of it is on ${whole}`);
  }

  /** What the last end that claims to know says runs, does run, if nothing was left open since. */
  async function inOrder(): Promise<void> {
    if (openPromotions(w.ledger.written).length > 0) return;
    const end = w.ledger.written.findLast(({ event }) => event.type === "promotion-ended");
    if (end?.event.type !== "promotion-ended") return;
    const { running, outcome } = end.event;
    if (!running) return;
    const claims = "what the ledger says runs has all the traffic";
    if (w.share(running.sha) !== 1) violated(claims, `${running.sha} (${outcome}), but ${await truth()}`);
    const promoted = promotedReleases(w.ledger.written).map(({ sha }) => sha);
    if (outcome === "rolled-back" && !promoted.includes(running.sha))
      violated(claims, `${running.sha} was never promoted`);
  }

  /** After the quiet run: nothing open, nobody holding, everything on the release that was promoted. */
  async function quiet(p: Promotion, { outcome, reason }: Conclusion): Promise<void> {
    const wrong = (said: string) => violated("the next run puts everything in order", said);
    if (outcome !== "promoted") return wrong(`${p.id} ended ${outcome}: ${reason?.message}`);
    const open = openPromotions(w.ledger.written);
    if (open.length > 0) wrong(`open: ${open.map(({ promotionId }) => promotionId).join(", ")}`);
    const held = await w.ledger.held();
    if (held) wrong(`the lease is held by ${held.holder.promotionId}`);
    const broken = brokenLink(w.ledger.written);
    if (broken !== undefined) violated("the chain is unbroken", `entry ${broken}`);
    published();
  }

  return {
    violations,
    violated,
    concluded,
    inOrder,
    quiet,
    step,
    looking,
    watching: (id: string, isUnlock = false): Watched => ({
      sent: (call) => sent(id, call),
      landed: (effect) => landed(id, isUnlock, effect),
    }),
  };
}
