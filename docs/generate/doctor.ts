import { CHECKS, UNSEEN } from "../../orchestrator/doctor/examine.ts";
import type { FindingTemplates } from "../../orchestrator/doctor/finding.ts";
import { cell } from "./markdown.ts";
import { placeholder } from "./placeholder.ts";

const HEAD = `# The doctor

\`npm run doctor -- --env <environment>\` looks whether all that a promotion needs is there and right: with the deployer's
credentials, as a promotion has them. With \`--local\` it looks at the rehearsal environment. It only reads; the one thing that
it has done is a signature of a fixed text, to see that the key signs. All checks are made at once, each has 4 seconds.

| Exit code | Means |
|---|---|
| 0 | no problem; there may be warnings |
| 2 | usage: the command, or the environment's file, is wrong |
| 3 | at least one problem |

A check that could not be made is a problem: what was not seen is not said to be fine. With \`--json\`, stdout is one document;
fields are only ever added:

\`\`\`json
{
  "env": "preprod",
  "healthy": false,
  "findings": [
    {
      "check": "secrets",
      "code": "secret-empty",
      "severity": "problem",
      "seen": "preprod-newsapi-key has no value yet",
      "remedy": "npm run secrets -- set --env preprod --name newsapi-key, with an administrator's credentials"
    }
  ]
}
\`\`\`

\`healthy\` is whether there is no \`problem\`. \`severity\` is \`problem\`, \`warning\` or \`fine\`; \`remedy\` is null where all is fine. Every
check gives one finding at least. A code stays what it is; the words may change.

All findings, from the catalogues in the code; made by \`npm run docs\`, never by hand. What is filled in stands in braces.
`;

/** The page of all that the doctor can find. */
export function doctorPage(): string {
  const names = new Map<FindingTemplates, string[]>();
  for (const { name, templates } of CHECKS) names.set(templates, [...(names.get(templates) ?? []), name]);
  const sections = [...names].map(([templates, checks]) => section(checks.join(", "), templates));
  return [HEAD, ...sections, section("of any check", UNSEEN)].join("");
}

function section(title: string, templates: FindingTemplates): string {
  const rows = Object.entries(templates).map(([code, { severity, seen, remedy }]) =>
    [
      `\`${code}\``,
      severity,
      cell(String(seen(placeholder()))),
      remedy ? cell(String(remedy(placeholder()))) : "",
    ].join(" | "),
  );
  return `\n## ${title}\n\n| Code | Is | Seen | Next |\n|---|---|---|---|\n${rows.map((row) => `| ${row} |\n`).join("")}`;
}
