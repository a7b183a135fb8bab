import { dryRun, promotion, requestedRollback } from "../../../orchestrator/promotion/course.ts";
import { hold, releaseHold } from "../../../orchestrator/promotion/holding.ts";
import { breakLease, type Contender } from "../../../orchestrator/promotion/lease.ts";
import type { Progress } from "../../../orchestrator/promotion/progress.ts";
import type { Order, Promotion } from "../../../orchestrator/promotion/promotion.ts";
import { type Conclusion, run } from "../../../orchestrator/promotion/run.ts";
import type { Course } from "../../../orchestrator/promotion/step.ts";
import { type VirtualClock, virtualClock } from "../../fakes/clock.ts";
import { type Call, type Fault, type Mortal, mortal, type Watched } from "../../fakes/process.ts";
import { shaNamed } from "../../fakes/release.ts";
import { fakeSigner } from "../../fakes/signer.ts";
import { type World, world } from "../../fakes/world.ts";
import { behave, heal, trouble } from "./behaviour.ts";
import { type Dice, dice } from "./dice.ts";
import { fate, SECRET } from "./faults.ts";
import { type Actor, guest, type Story, tell } from "./story.ts";
import { type Violation, type Witness, witness } from "./witness.ts";

/** A bug put in on purpose, to see that somebody notices. */
export type Plant = {
  world?(w: World): void;
  course?(course: Course): Course;
  ports?(p: Promotion, w: World): void;
  conclusion?(conclusion: Conclusion): Conclusion;
};
export type Played = { violations: Violation[]; trace: string[]; calls: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Longer than anything that arrives late. */
const UNTIL_ALL_IS_OVER = 10 * MINUTE;

/** Short watches, so that the faults hit more than polling. */
const CONFIG = {
  bake: 6_000,
  lease: 20_000,
  strategy: [
    { percent: 50, holdMs: 4_000 },
    { percent: 100, holdMs: 0 },
  ],
};

/** Says what happens, for a trace; what nobody wants to read is not even put together. */
type Say = (text: () => string) => void;

const signer = fakeSigner();

/** Plays one seed: one or two environments at the same time, each with its own story. */
export async function play(seed: number, plant: Plant = {}, tracing = false): Promise<Played> {
  const chance = dice(seed);
  // What came later has dice of its own: the stories of a seed stay what they are.
  const aside = dice(seed + 1_000_000_007);
  const clock = virtualClock();
  const trace: string[] = [];
  const names = chance.chance(0.15) ? ["one", "other"] : ["one"];
  const stages = names.map((name) => {
    const say = (text: () => string) => {
      if (tracing) trace.push(`${(clock.monotonic() / 1000).toFixed(3).padStart(9)} ${name}: ${text()}`);
    };
    const story = tell(chance);
    const between = guest(aside);
    if (between) story.actors.splice(aside.between(0, story.actors.length), 0, between);
    return new Stage({ chance, aside }, clock, story, plant, say);
  });
  await Promise.all(stages.map((stage) => stage.play()));
  return {
    violations: stages.flatMap((stage) => stage.witness?.violations ?? []),
    trace,
    calls: stages.reduce((sum, stage) => sum + stage.calls, 0),
  };
}

/** One environment while its story is played. */
class Stage {
  witness: Witness | undefined;
  calls = 0;
  #active = 0;
  readonly #w: World;
  readonly #dice: Dice;
  readonly #aside: Dice;
  readonly #clock: VirtualClock;
  readonly #story: Story;
  readonly #plant: Plant;
  readonly #say: Say;

  constructor(
    { chance, aside }: { chance: Dice; aside: Dice },
    clock: VirtualClock,
    story: Story,
    plant: Plant,
    say: Say,
  ) {
    this.#w = world(CONFIG, { clock, signer });
    this.#dice = chance;
    this.#aside = aside;
    this.#clock = clock;
    this.#story = story;
    this.#plant = plant;
    this.#say = say;
  }

  async play(): Promise<void> {
    const { settled, releases, actors } = this.#story;
    for (const name of settled) await this.#w.runs(name);
    this.#w.secrets.know(SECRET);
    this.#plant.world?.(this.#w);
    this.witness = witness(this.#w);
    this.#say(() => `settled: ${settled.join(", ") || "nothing"}`);
    for (const { name, behaviour } of releases)
      this.#say(() => `release ${name} (${shaNamed(name).slice(0, 7)}): ${behaviour}`);
    await behave(this.#w, releases, this.#dice);
    let before: { started: Promise<void>; ended: Promise<void> } | undefined;
    const all: Promise<void>[] = [];
    for (const actor of actors) {
      const previous = before;
      const started =
        actor.after === "end"
          ? (previous?.ended ?? Promise.resolve())
          : (previous?.started ?? Promise.resolve()).then(() => this.#clock.sleep(Number(actor.after)));
      before = { started, ended: started.then(() => this.#act(actor)) };
      all.push(before.ended);
    }
    await Promise.all(all);
    await this.#clock.sleep(UNTIL_ALL_IS_OVER);
    await this.witness.inOrder();
    await this.#quiet();
  }

  async #act(actor: Actor): Promise<void> {
    if (actor.kind === "unlock") return await this.#unlock();
    if (actor.kind === "hold") return await this.#hold(actor.waitMs);
    const undo = trouble(this.#w, actor.alarm, this.#dice);
    const hurried = this.#story.actors.some(({ after }) => after !== "end");
    const setClock = (byMs: number) => {
      this.#say(() => `the clock is set by ${byMs} ms`);
      this.#clock.set(byMs);
    };
    const chance = actor.kind === "dry-run" ? this.#aside : this.#dice;
    const befalls = fate(chance, { setClock, hurried });
    if (actor.interruptedAt !== undefined && this.#aside.chance(0.5)) this.#w.engine.hangInNextUp();
    await this.#process(actor, befalls);
    undo();
  }

  /** One process from its start to its conclusion, or to its death. */
  async #process(
    { kind, release, waitMs, interruptedAt }: Pick<Actor, "kind" | "release" | "waitMs" | "interruptedAt">,
    befalls?: (call: Call) => Fault | undefined,
  ): Promise<{ p: Promotion; conclusion: Conclusion } | undefined> {
    const w = this.#w;
    const order: Partial<Order> =
      kind === "rollback"
        ? { kind, sha: null, why: "it is wrong", waitMs }
        : { kind: "promote", sha: shaNamed(release), waitMs };
    const id = { current: "" };
    const told = (progress: Progress) => {
      if (progress.type === "step-started") this.witness?.step.set(id.current, progress.step);
      this.#say(() => `${id.current} ${JSON.stringify(progress)}`);
    };
    const { p, process, stopping } = w.compose(order, {
      tell: told,
      ...(befalls ? { befalls } : {}),
      watched: this.#watched(() => id.current),
    });
    id.current = p.id;
    if (kind === "dry-run") this.witness?.looking.add(p.id);
    this.#say(() => `${p.id} begins: ${kind} ${release}, waits ${waitMs} ms`);
    if (interruptedAt !== undefined)
      this.#clock.after(interruptedAt, () => stopping.abort(new Error("SIGINT")));
    this.#plant.ports?.(p, w);
    const course = COURSES[kind as keyof typeof COURSES];
    this.#active++;
    const running = run(p, this.#plant.course?.(course) ?? course);
    const result = await Promise.race([process.death, running]);
    this.#active--;
    this.calls += process.calls.length;
    if (result === "died") {
      this.#say(() => `${p.id} died`);
      return undefined;
    }
    const conclusion = this.#plant.conclusion?.(result) ?? result;
    this.#say(() => `${p.id} concludes ${conclusion.outcome}: ${conclusion.reason?.message ?? ""}`);
    if (this.#active === 0 && kind !== "dry-run") {
      await this.witness?.concluded(p, conclusion);
      await this.witness?.inOrder();
    }
    return { p, conclusion };
  }

  #watched(id: () => string, isUnlock = false): Watched {
    let inner: Watched | undefined;
    const own = () => {
      inner ??= this.witness?.watching(id(), isUnlock);
      return inner;
    };
    return {
      sent: (call, fault) => {
        if (
          fault &&
          call.port !== "clock" &&
          !(typeof fault === "object" && "takes" in fault && !("fails" in fault) && fault.takes < 500)
        )
          this.#say(() => `${id()} call ${call.n} ${call.port}.${call.method}: ${sayFault(fault)}`);
        own()?.sent?.(call, fault);
      },
      landed: (landed) => {
        if (CHANGING.has(`${landed.port}.${landed.method}`))
          this.#say(
            () =>
              `${id()} call ${landed.n} ${landed.port}.${landed.method} landed${landed.late ? " late" : ""} ${JSON.stringify(landed.method === "append" ? landed.given[1] : landed.given)}`,
          );
        own()?.landed?.(landed);
      },
    };
  }

  /** Somebody takes the lease away, from a run that may well be alive. */
  async #unlock(): Promise<void> {
    const { ledger } = this.#w;
    const id = `unlock-${this.#clock.monotonic()}-${this.#dice.below(1_000_000)}`;
    const us = { who: "an operator", host: "a laptop", run: "process 1", promotionId: id };
    const { ports } = mortal(
      { ...this.#w, credentialsEnd: async () => undefined },
      () => undefined,
      this.#watched(() => id, true),
    ) as Mortal;
    const { broken } = await breakLease(
      { ...ports.ledger, held: () => ledger.held() },
      us,
      CONFIG.lease,
      "it hangs",
    );
    this.#say(() => `${id}: ${broken ? "the lease is broken" : "nobody holds the lease"}`);
  }

  /** Somebody holds the environment, unless somebody else has the lease. */
  async #hold(waitMs: number): Promise<void> {
    const because = "an audit";
    const held = await hold(this.#contender("hold", waitMs), { sha: null, because, until: null }).then(
      () => true,
      () => false,
    );
    this.#say(() => (held ? "the environment is held" : "a hold was refused"));
  }

  #contender(name: string, waitMs: number): Contender {
    const id = `${name}-${this.#clock.monotonic()}-${this.#aside.below(1_000_000)}`;
    const holder = { who: "an auditor", host: "a laptop", run: "process 2", promotionId: id };
    const { ports } = mortal(
      { ...this.#w, credentialsEnd: async () => undefined },
      () => undefined,
      this.#watched(() => id),
    ) as Mortal;
    const { environment } = this.#w.promoting("").p;
    const { signal } = new AbortController();
    return { environment, ports, order: { holder, waitMs }, tell: () => {}, signal, stop: () => {} };
  }

  /** No more faults: what comes next must put everything in order. */
  async #quiet(): Promise<void> {
    const w = this.#w;
    heal(w);
    // There may be none.
    const released = { sha: null, because: "the audit is over" };
    await releaseHold(this.#contender("release-hold", HOUR), released).catch(() => {});
    if (this.#story.quietRollback)
      await this.#process({ kind: "rollback", release: "", waitMs: HOUR, interruptedAt: undefined });
    await w.release("good");
    const last = await this.#process({
      kind: "promote",
      release: "good",
      waitMs: HOUR,
      interruptedAt: undefined,
    });
    if (last) await this.witness?.quiet(last.p, last.conclusion);
    await this.#clock.sleep(UNTIL_ALL_IS_OVER);
    await this.witness?.inOrder();
  }
}

const COURSES = { promote: promotion, rollback: requestedRollback, "dry-run": dryRun };

const CHANGING = new Set([
  "ledger.acquire",
  "ledger.append",
  "ledger.release",
  "traffic.route",
  "engine.up",
  "engine.settle",
  "engine.clearLock",
]);

const sayFault = (fault: Fault) =>
  typeof fault === "string"
    ? fault
    : JSON.stringify(fault, (_, value) => (value instanceof Error ? value.name : value));
