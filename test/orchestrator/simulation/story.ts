import type { Dice } from "./dice.ts";

/** How a release behaves once it is there. */
export type Behaviour =
  | "well"
  | "ill before traffic"
  | "not ready"
  | "alarm at a share"
  | "alarm at all"
  | "ill under traffic"
  | "update fails"
  | "tests fail"
  | "flaky"
  | "tampered";

export type Release = { name: string; behaviour: Behaviour };

/** What an alarm does in the middle of everything, for no fault of a release. */
export type AlarmTrouble = "no data" | "deleted" | "disabled" | "unreadable" | "fires" | undefined;

/** One process. `after` is when it starts: at the end of the one before, or so many milliseconds after its beginning. */
export type Actor = {
  kind: "promote" | "rollback" | "unlock" | "hold" | "dry-run";
  release: string;
  waitMs: number;
  after: "end" | number;
  interruptedAt: number | undefined;
  alarm: AlarmTrouble;
};

/** What happens in one environment. `settled` releases were promoted there before. */
export type Story = { settled: string[]; releases: Release[]; actors: Actor[]; quietRollback: boolean };

const BAD: Behaviour[] = [
  "ill before traffic",
  "not ready",
  "alarm at a share",
  "alarm at all",
  "ill under traffic",
  "update fails",
  "tests fail",
  "flaky",
  "tampered",
];
const MINUTE = 60_000;

export function tell(dice: Dice): Story {
  const settled = ["a", "b"].slice(0, dice.one([0, 1, 1, 2, 2]));
  const releases = ["c", "d", "e"].map((name) => ({
    name,
    behaviour: dice.chance(0.6) ? ("well" as const) : dice.one(BAD),
  }));
  const count = dice.one([1, 1, 2, 2, 3]);
  const actors = Array.from({ length: count }, (): Actor => {
    const kind = dice.one(["promote", "promote", "promote", "promote", "rollback", "unlock"] as const);
    return {
      kind,
      release: dice.one([...releases.map(({ name }) => name), ...settled]),
      waitMs: dice.one([0, 10 * MINUTE, 60 * MINUTE]),
      after: dice.chance(0.6) ? "end" : dice.between(0, 90_000),
      interruptedAt: dice.chance(0.1) ? dice.between(0, 60_000) : undefined,
      alarm: dice.chance(0.1)
        ? dice.one(["no data", "deleted", "disabled", "unreadable", "fires"] as const)
        : undefined,
    };
  });
  return { settled, releases, actors, quietRollback: dice.chance(0.3) };
}

/** Somebody who comes in between, and must disturb nobody: who holds the environment for a while, or only looks. */
export function guest(dice: Dice): Actor | undefined {
  if (!dice.chance(0.15)) return undefined;
  return {
    kind: dice.one(["hold", "dry-run"] as const),
    release: dice.one(["c", "d", "e"]),
    waitMs: dice.one([0, 10 * MINUTE]),
    after: dice.between(0, 90_000),
    interruptedAt: undefined,
    alarm: undefined,
  };
}
