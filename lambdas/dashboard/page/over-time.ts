/// <reference lib="dom" />
import type { Summary } from "../summary.ts";
import type { Build } from "./build.ts";

/**
 * Draws columns over time: good news above the line, bad news below it, neutral on both sides of it, and the average as a
 * curve. Sent to the browser as its own source: it must not use anything outside of itself.
 */
export function overTime({ overTime: buckets, bucketHours, bySource }: Summary, build: Build): Element {
  // Drawn for the width that it is shown at, or its words would shrink with it.
  const [width, height, left, bottom] = [innerWidth < 500 ? 340 : 640, 270, 30, 24];
  const middle = (height - bottom) / 2;
  const step = (width - left) / buckets.length;
  const most = Math.max(
    1,
    ...buckets.map(({ positive, neutral, negative }) => Math.max(positive, negative) + neutral / 2),
  );
  const scale = (middle - 12) / most;
  const hour = bucketHours < 6 ? ({ hour: "2-digit", minute: "2-digit" } as const) : undefined;
  const label = (start: string) =>
    new Intl.DateTimeFormat(undefined, hour ?? { weekday: "short", day: "numeric" }).format(new Date(start));
  const parts: Element[] = [];

  for (const share of [-1, 0, 1]) {
    const y = middle - share * (middle - 12);
    parts.push(build("line", { class: "grid", x1: left, x2: width, y1: y, y2: y }));
    const count = Math.round(Math.abs(share) * most);
    parts.push(build("text", { x: left - 8, y: y + 4, "text-anchor": "end" }, String(count)));
  }

  const every = Math.ceil(buckets.length / Math.floor(width / 80));
  let last = "";
  buckets.forEach(({ start, positive, neutral, negative, average }, index) => {
    const x = left + index * step;
    const half = (neutral / 2) * scale;
    const column = (kind: string, y: number, tall: number) =>
      build("rect", {
        class: kind,
        x: x + step * 0.15,
        y,
        width: step * 0.7,
        height: Math.max(0, tall),
        rx: Math.min(3, step / 6),
      });
    const told = `${label(start)}: ${positive} positive, ${neutral} neutral, ${negative} negative${
      average === null ? "" : `, average ${average.toFixed(2)}`
    }`;
    if (positive + neutral + negative > 0)
      parts.push(
        build(
          "g",
          {},
          build("title", {}, told),
          column("neutral", middle - half, 2 * half),
          column("positive", middle - half - positive * scale, positive * scale),
          column("negative", middle + half, negative * scale),
        ),
      );
    if (index % every === 0 && label(start) !== last) {
      last = label(start);
      parts.push(build("text", { x: x + step * 0.15, y: height - 4 }, last));
    }
  });

  const points = buckets.flatMap(({ average }, index) =>
    average === null ? [] : [[left + (index + 0.5) * step, middle - average * (middle - 12)] as const],
  );
  const curve = points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`);
  if (points.length > 0) parts.push(build("path", { class: "average", d: curve.join(" ") }));
  for (const [cx, cy] of points) parts.push(build("circle", { class: "mean", cx, cy, r: 3 }));

  const name = `Sentiment over time, ${buckets.length} columns, ${bySource.length} sources`;
  return build("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": name }, ...parts);
}
