import { outsideProblem } from "../adapters/problems.ts";

const MODES = ["standard", "in-region", "cross-region", "mobile", "auto", "legacy"];

/** What a variable must be that the SDK reads, in words, and whether a value is it. */
const RULES: [name: RegExp, wanted: string, holds: (value: string) => boolean][] = [
  [/^AWS_ENDPOINT_URL(_\w+)?$/, "an address such as https://host", isAddress],
  [/^AWS_DEFAULTS_MODE$/, `one of ${MODES.join(", ")}`, (value) => MODES.includes(value)],
  [
    /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/,
    "in letters, digits and signs of ASCII, without blanks",
    (value) => /^[!-~]*$/.test(value),
  ],
];

function isAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** Refuses variables on which the SDK would break, some of them far from here, where nothing can be told. Shows no value. */
export function requireSaneVariables(variables: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(variables))
    for (const [names, wanted, holds] of RULES)
      if (value && names.test(name) && !holds(value))
        throw outsideProblem("variable-invalid", { name, wanted });
}
