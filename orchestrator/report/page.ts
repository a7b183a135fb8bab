import { STYLE } from "./style.ts";

const MEANINGS: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it may stand in a page, in an element or in a quoted attribute, whoever wrote it. */
export const html = (text: unknown): string =>
  String(text).replace(/[&<>"']/g, (sign) => MEANINGS[sign] ?? "");

/** A page runs nothing and fetches nothing, whatever somebody wrote into it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A whole page that needs nothing beside it. `body` is HTML already. */
export function page({ title, body }: { title: string; body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${html(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** A text in a cell that has more than a few words: a phone shows it in a column wide enough to read, and scrolls. */
export const prose = (text: unknown): string => `<div class="prose">${html(text)}</div>`;

/** Figures with their names, as a list of cards. */
export const figures = (named: [name: string, value: unknown][]): string =>
  `<dl>${named.map(([name, value]) => `<div><dt>${html(name)}</dt><dd>${html(value)}</dd></div>`).join("")}</dl>`;

/** A table; the cells are HTML already. Its caption is what a screen reader calls it, and the place where it scrolls. */
export function table(head: string[], rows: string[][], caption = ""): string {
  const cells = (row: string[]) => row.map((cell) => `<td>${cell}</td>`).join("");
  const heads = head.map((name) => `<th scope="col">${html(name)}</th>`).join("");
  const body = rows.map((row) => `<tr>${cells(row)}</tr>`).join("");
  const called = caption ? `<caption>${html(caption)}</caption>` : "";
  // What is wider than a phone is scrolled by whoever has no mouse, too.
  const reachable = caption ? ` role="region" aria-label="${html(caption)}" tabindex="0"` : "";
  return `<div class="scroll"${reachable}><table>${called}<thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>`;
}
