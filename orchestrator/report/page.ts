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

/** A whole page that needs nothing beside it. `body` is HTML already. */
export function page({ title, body }: { title: string; body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** Figures with their names, as a list of cards. */
export const figures = (named: [name: string, value: unknown][]): string =>
  `<dl>${named.map(([name, value]) => `<div><dt>${html(name)}</dt><dd>${html(value)}</dd></div>`).join("")}</dl>`;

/** A table; the cells are HTML already. */
export function table(head: string[], rows: string[][]): string {
  const cells = (row: string[]) => row.map((cell) => `<td>${cell}</td>`).join("");
  const heads = head.map((name) => `<th scope="col">${html(name)}</th>`).join("");
  const body = rows.map((row) => `<tr>${cells(row)}</tr>`).join("");
  return `<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>`;
}
