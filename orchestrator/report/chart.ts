import { html } from "./page.ts";

/** How much of the time that a chart shows: 0 to 1. */
export type Span = { from: number; to: number };

/** One row of a chart: a label, and below it what lies where. */
export type Row = { label: string; marks: string };

/** How high a row is, in pixels, its label and its marks. */
const LABEL = 18;
export const BAND = 18;
const GAP = 8;

/**
 * Rows of marks as one picture with a name and a description. It is as wide as its place: positions across are shares of
 * its width, so that its text is as large on a phone as on a wall.
 */
export function chart(id: string, title: string, description: string, rows: Row[]): string {
  const step = LABEL + BAND + GAP;
  const drawn = rows.map(
    ({ label, marks }, index) =>
      `<text x="0" y="${index * step + LABEL - 5}">${html(label)}</text><svg y="${index * step + LABEL}" width="100%" height="${BAND}">${marks}</svg>`,
  );
  return `<svg class="chart" role="img" aria-labelledby="${id}-title ${id}-desc" width="100%" height="${rows.length * step}"><title id="${id}-title">${html(title)}</title><desc id="${id}-desc">${html(description)}</desc>${drawn.join("")}</svg>`;
}

/** A mark from one place to another, as high as `height` of its row says, from its foot up. */
export function mark(kind: string, { from, to }: Span, height = 1, foot = 0): string {
  const width = Math.max(0, within(to) - within(from));
  const high = within(height) * BAND;
  const y = BAND - high - within(foot) * BAND;
  return `<rect class="${html(kind)}" x="${percent(within(from))}" width="${percent(width)}" y="${y.toFixed(1)}" height="${high.toFixed(1)}"/>`;
}

/** An upright line. */
export const tick = (kind: string, at: number): string =>
  `<line class="${html(kind)}" x1="${percent(within(at))}" x2="${percent(within(at))}" y1="0" y2="${BAND}"/>`;

/** Where a moment lies between two others; all in milliseconds. */
export const between = (at: number, from: number, to: number): number =>
  to > from ? within((at - from) / (to - from)) : 0;

/** What is no number lies at the beginning: a picture shows what it can. */
const within = (share: number): number => (Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0);

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;
