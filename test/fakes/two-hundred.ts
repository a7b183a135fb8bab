import type { KeepingWorld } from "./keeping.ts";
import { shaNamed } from "./release.ts";

export const nameOf = (day: number) => `day ${day}`;

/**
 * Two hundred days, a release a day. Every tenth of the first hundred and one was promoted on its day; one failed; one
 * was taken back to, one held, one is half promoted, one only half removed. Today is day 200.
 */
export async function twoHundredDays(w: KeepingWorld): Promise<void> {
  for (let day = 0; day < 200; day++) {
    await w.arrives(nameOf(day));
    if (day % 10 === 0 && day <= 100) await w.promoted(nameOf(day));
    await events[day]?.(w);
    await w.passes(1);
  }
}

const hold = (name: string, until: string | null) => ({
  type: "held" as const,
  sha: shaNamed(name),
  because: "an audit",
  who: "somebody",
  until,
});

const events: Record<number, (w: KeepingWorld) => Promise<void>> = {
  15: async (w) => await w.rolledBack(nameOf(15), true),
  40: async (w) =>
    await w.journal("hold", hold(nameOf(7), null), hold(nameOf(8), "2030-06-01T00:00:00.000Z")),
  101: async (w) => void (await w.began(nameOf(12))),
  // Condemned after it ran; it is one of those to go back to, and does not count among them.
  102: async (w) =>
    await w.journal("condemned", { type: "quarantined", sha: shaNamed(nameOf(80)), because: "wrong" }),
  103: async (w) => {
    await w.store.remove(`releases/${shaNamed(nameOf(20))}/manifest.json`);
    await w.store.remove(`dashboard/${shaNamed(nameOf(20))}/lambda.zip`);
  },
  120: async (w) => {
    const release = w.published(nameOf(30));
    w.pointAt(release);
    await w.journal("back", w.ended("promoted", release.sha, release));
  },
};

/** The days whose releases stay, by the rules as docs tell them. */
export const STAY = new Set([
  ...Array.from({ length: 89 }, (_, n) => n + 111), // younger than 90 days
  ...[30, 100, 90, 80, 70, 60], // what runs, and the last five to go back to; 80 is condemned and not counted
  7, // held
  12, // its promotion has not ended
]);
