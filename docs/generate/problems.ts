import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Templates } from "../../orchestrator/problem.ts";
import { cell } from "./markdown.ts";
import { placeholder } from "./placeholder.ts";

const FAULT = { user: "yours", environment: "surroundings", us: "ours" } as const;

const HEAD = `# Problems

Everything that a command can object to, from the catalogues in the code; made by \`npm run docs\`, never by hand. What is
filled in stands in braces. When a command ends before its promotion began, whose fault it is decides the exit code: 2 for
yours, 3 for that of the surroundings, 1 for ours. A promotion that began ends with the exit code of its outcome.
`;

/** The page of all problems, one table for each catalogue. */
export async function problemsPage(root: string): Promise<string> {
  const files = globSync("{orchestrator,rehearsal,infra,lambdas}/**/problems.ts", { cwd: root }).sort();
  const sections = await Promise.all(
    files.map(async (file) => `\n## [${file}](../${file})\n\n${table(await templatesOf(join(root, file)))}`),
  );
  return HEAD + sections.join("");
}

/** The templates of the catalogue that a module exports. */
async function templatesOf(file: string): Promise<Templates> {
  for (const value of Object.values(await import(pathToFileURL(file).href)))
    if (typeof value === "function" && "templates" in value) return value.templates as Templates;
  throw new Error(`${file} exports no catalogue of problems`);
}

function table(templates: Templates): string {
  const rows = Object.entries(templates).map(([code, { owner, message, remedy }]) =>
    [`\`${code}\``, FAULT[owner], cell(message(placeholder())), cell(remedy(placeholder()))].join(" | "),
  );
  return `| Code | Whose fault | Message | Next |\n|---|---|---|---|\n${rows.map((row) => `| ${row} |\n`).join("")}`;
}
