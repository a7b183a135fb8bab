import { lambdaKey } from "../../../orchestrator/release/manifest.ts";
import { ill } from "../../fakes/probes.ts";
import { ENVIRONMENT, type World } from "../../fakes/world.ts";
import type { Dice } from "./dice.ts";
import type { AlarmTrouble, Behaviour, Release } from "./story.ts";

const ALARM = `${ENVIRONMENT}-dashboard-errors`;

/** Puts the releases into the source and lets each behave as its story says, until `heal`. */
export async function behave(w: World, releases: Release[], dice: Dice): Promise<void> {
  const how = new Map<string, Behaviour>();
  for (const { name, behaviour } of releases) {
    const sha = await w.release(name);
    how.set(sha, behaviour);
    if (behaviour === "update fails") w.engine.failNextUp("the role cannot be assumed", sha);
    if (behaviour === "tests fail")
      w.validation.findIn(sha, { failed: 1, failures: ["items are listed: timeout"] });
    if (behaviour === "tampered")
      w.source.objects.set(lambdaKey("ingestion", sha), Buffer.from("other bytes"));
  }
  const anyHas = (behaviour: Behaviour, least: number) =>
    [...how].some(
      ([sha, is]) => is === behaviour && w.lambda.names().some((name) => w.lambda.share(name, sha) >= least),
    );
  w.alarms.fire(ALARM, () => anyHas("alarm at a share", 0.1) || anyHas("alarm at all", 1));
  w.probes.answer(({ how: asked, sha }) => {
    const behaviour = how.get(sha);
    if (behaviour === "flaky" && dice.chance(0.3)) return ill;
    if (behaviour === "ill before traffic" && asked === "direct") return ill;
    if (behaviour === "not ready" && asked === "ready") return ill;
    return behaviour === "ill under traffic" && asked === "throughUrl" && w.share(sha) === 1
      ? ill
      : undefined;
  });
}

/** A person has seen to it: all releases are well, all alarms calm and there, nothing fails any more. */
export function heal(w: World): void {
  w.alarms.calm(ALARM);
  w.alarms.failWhile(() => false);
  w.alarms.set(ALARM, { state: "OK", enabled: true });
  w.probes.answer(({ withKey, sha }) =>
    withKey
      ? { ok: true, status: 200, version: sha, problem: undefined }
      : { ok: true, status: 401, problem: undefined },
  );
}

/** Trouble with the alarms in the midst of a process. Returns what ends it. */
export function trouble(w: World, kind: AlarmTrouble, dice: Dice): () => void {
  if (!kind) return () => {};
  let over = false;
  const from = w.clock.monotonic() + dice.between(0, 60_000);
  const at = () => !over && w.clock.monotonic() >= from;
  const other = `${ENVIRONMENT}-ingestion-errors`;
  if (kind === "unreadable") w.alarms.failWhile(at);
  else if (kind === "fires") w.alarms.fire(other, at);
  else
    w.clock.after(from - w.clock.monotonic(), () => {
      if (over) return;
      if (kind === "deleted") w.alarms.remove(other);
      if (kind === "disabled") w.alarms.set(other, { enabled: false });
      if (kind === "no data") w.alarms.set(other, { state: "INSUFFICIENT_DATA" });
    });
  return () => {
    over = true;
    w.alarms.set(other, { state: "OK", enabled: true });
  };
}
