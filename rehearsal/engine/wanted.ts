import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The directory of the Go module that pins the CLI and the bridge. */
export const GO_MODULE = import.meta.dirname;

/** The Terraform AWS provider that the tables in rehearsal/provider were held against. */
export const TERRAFORM_AWS = "5.100.0";

/** The Pulumi CLI's version, as the Go module pins it: "3.225.1". */
export function wantedPulumi(): string {
  return pinned(/^\s*github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m);
}

/** The oldest Go that the module accepts: "1.26". */
export function wantedGo(): string {
  return pinned(/^go (\S+)$/m);
}

/** The AWS plugin's version: the one of the SDK that the programs import. */
export function wantedAwsPlugin(): string {
  const file = createRequire(import.meta.url).resolve("@pulumi/aws/package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Negative when `a` is older than `b`; only the numbers count, a missing one is 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => (version.match(/\d+/g) ?? []).map(Number));
  for (let i = 0; i < 3; i += 1) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function pinned(line: RegExp): string {
  const found = line.exec(readFileSync(join(GO_MODULE, "go.mod"), "utf8"))?.[1];
  if (found === undefined) throw new Error(`rehearsal/engine/go.mod has no line like ${line}`);
  return found;
}
