import type { Announcement, Item } from "../item.ts";
import { MODEL, type Sentiment, sentimentOf } from "./sentiment.ts";

/** What analysis needs from outside. */
export type Analysis = {
  find: (id: string) => Promise<Pick<Item, "title" | "description" | "model"> | undefined>;
  /** Writes the score unless this model has scored the item already. Tells whether it wrote. */
  keep: (id: string, found: Sentiment & { model: string }) => Promise<boolean>;
};

/** What became of a notification: `known` was scored by this model before, `gone` expired meanwhile. */
export type Outcome = "scored" | "known" | "gone";

/**
 * Scores the item that a notification announces. Throws what is wrong with a notification that announces none: no retry
 * helps, so it ends among the dead letters, with these words as its reason.
 */
export async function analyse(message: string, analysis: Analysis): Promise<Outcome> {
  const { id } = announcement(message);
  const item = await analysis.find(id);
  if (!item) return "gone";
  if (item.model === MODEL) return "known";
  const found = sentimentOf(`${item.title}. ${item.description ?? ""}`);
  return (await analysis.keep(id, { ...found, model: MODEL })) ? "scored" : "known";
}

function announcement(message: string): Announcement {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw new Error("The notification is not JSON.");
  }
  const { id } = (parsed ?? {}) as Partial<Announcement>;
  if (typeof id !== "string" || !/^[0-9a-f]{64}$/.test(id)) {
    throw new Error("The notification announces no item: its id is not a SHA-256 in hex.");
  }
  return { id };
}
