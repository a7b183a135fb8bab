/** Chance that a seed decides: the same seed, the same throws. */
export type Dice = {
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number;
  between(least: number, most: number): number;
  /** True in so many cases of 1. */
  chance(share: number): boolean;
  one<T>(of: readonly T[]): T;
};

/** The 32-bit generator `mulberry32`. */
export function dice(seed: number): Dice {
  let state = seed | 0;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (share) => random() < share,
    one: (of) => of[below(of.length)] as (typeof of)[number],
  };
}
