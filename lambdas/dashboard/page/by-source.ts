/// <reference lib="dom" />
import type { Summary } from "../summary.ts";
import type { Build } from "./build.ts";

/**
 * Draws one bar for each source, divided into good, neutral and bad news. Sent to the browser as its own source: it must
 * not use anything outside of itself.
 */
export function bySource({ bySource: sources }: Summary, build: Build): Element {
  const most = Math.max(1, ...sources.map(({ items }) => items));
  const rows = sources.map(({ source, items, average, ...counts }) => {
    const parts = (["positive", "neutral", "negative"] as const)
      .filter((kind) => counts[kind] > 0)
      .map((kind) => {
        const part = build("em", { class: kind }) as HTMLElement;
        part.style.width = `${(100 * counts[kind]) / most}%`;
        return part;
      });
    const mood = average === null ? "not scored yet" : `${average > 0 ? "+" : ""}${average.toFixed(2)}`;
    const { positive, neutral, negative } = counts;
    return build(
      "div",
      { class: "source", title: `${positive} positive, ${neutral} neutral, ${negative} negative` },
      build("span", {}, source),
      build("i", {}, `${items} · ${mood}`),
      build("div", { class: "bar" }, ...parts),
    );
  });
  return build("div", {}, ...rows);
}
