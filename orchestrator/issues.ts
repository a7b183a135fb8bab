import type { z } from "zod";

/** What is wrong with a document, on one line: `bake: "soon" is not a duration; ledger: it is missing`. */
export function issuesOf({ issues }: z.ZodError): string {
  const said = issues.map(({ path, message }) => {
    const what = message.endsWith("received undefined") ? "it is missing" : message;
    return path.length > 0 ? `${path.join(".")}: ${what}` : what;
  });
  return said.join("; ").replaceAll(/\s+/g, " ");
}
