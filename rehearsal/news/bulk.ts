import type { Article } from "../../lambdas/ingestion/news.ts";

const SUBJECTS = [
  "Battery maker",
  "City library",
  "Phone network",
  "Rail operator",
  "Seed bank",
  "Search engine",
];
const EVENTS = [
  "celebrates a breakthrough",
  "faces a lawsuit over failures",
  "publishes its plan",
  "wins praise for a brilliant repair",
  "warns of losses and delays",
  "moves to a new building",
];
const SOURCES = ["The Example Courier", "Example Technology Review", "Sample Wire", "The Daily Specimen"];
const MINUTE_MS = 60_000;

/** So many articles, all different, one every four minutes back from `now`: enough for a day at 360. */
export function bulk(count: number, now: number): Article[] {
  const day = new Date(now).toISOString().slice(0, 10);
  return Array.from({ length: count }, (_, index) => {
    const event = EVENTS[(index * index + 5 * Math.floor(index / 23)) % EVENTS.length];
    return {
      source: { name: SOURCES[(index + Math.floor(index / 9)) % SOURCES.length] },
      title: `${SUBJECTS[index % SUBJECTS.length]} ${event} (${index + 1})`,
      description: `Report number ${index + 1} of the day.`,
      url: `https://news.example.com/${day}/bulk/${index + 1}`,
      publishedAt: new Date(now - index * 4 * MINUTE_MS).toISOString().replace(/\.\d+Z/, "Z"),
    };
  });
}
