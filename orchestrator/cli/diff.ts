import type { Looked } from "../mirror/look.ts";
import { compare, type Discrepancy, type Side } from "../mirror/mirror.ts";
import { shown } from "../mirror/shown.ts";
import type { Value } from "../mirror/values.ts";
import { problem } from "../problems.ts";
import { reasonOf } from "../promotion/outcome.ts";
import { kind, lookAt, notice, said } from "./looking.ts";
import { separately } from "./own-credentials.ts";
import type { Where } from "./surroundings.ts";

type Options = Where & { with: string; profile?: string; withProfile?: string; json?: boolean };

/** Ends with 3 when the two environments differ where nothing declares it. */
export async function diffCommand(options: Options): Promise<void> {
  const { env, with: other, local, profile, withProfile, json = false } = options;
  if (env === other)
    throw problem("option-invalid", { option: "--with", value: other, wanted: "another environment" });
  const sides = await separately([
    { env, local, profile },
    { env: other, local, profile: withProfile },
  ]);
  const { looked } = await lookAt(sides, json);
  const state = stateOf(looked as [Looked, Looked]);
  process.stdout.write(json ? `${JSON.stringify(state)}\n` : text(state, looked));
  process.exitCode = state.clean ? 0 : 3;
}

function stateOf([one, other]: [Looked, Looked]) {
  const { resources, declared, undeclared } = compare(one, other);
  const names: Names = [one.environment, other.environment];
  const each = <T>(of: (looked: Looked) => T) => byName(names, [of(one), of(other)]);
  const clean = undeclared.length === 0;
  const problemSeen = problem("not-mirrored", {
    environment: names[0],
    other: names[1],
    places: undeclared.length,
  });
  return {
    env: names[0],
    with: names[1],
    clean,
    runs: each(({ running }) => running.sha),
    stacks: each(({ stackSha }) => stackSha),
    inFlight: each(({ inFlight }) => inFlight),
    resources,
    undeclared: undeclared.map((discrepancy) => line(discrepancy, names)),
    declared: declared.map((discrepancy) => line(discrepancy, names)),
    reason: clean ? null : reasonOf(problemSeen),
  };
}

type Names = [string, string];
const byName = <T>([one, other]: Names, [left, right]: [T, T]): Record<string, T> => ({
  [one]: left,
  [other]: right,
});

/** `wanted` has what a release wants, for each environment in which something else is found. */
function line({ path, sides }: Discrepancy, names: Names) {
  const resource = (sides[0].resource ?? sides[1].resource) as NonNullable<Side["resource"]>;
  const values = sides.map((side) => shown(side.found, path, side.resource) ?? null) as [Value, Value];
  const drifted = sides.flatMap(({ wanted, resource: own }, index) =>
    wanted ? [[names[index], shown(wanted.value, path, own) ?? null] as const] : [],
  );
  return {
    resource: {
      name: resource.name,
      type: resource.type,
      ids: byName(names, [sides[0].resource?.id ?? null, sides[1].resource?.id ?? null]),
    },
    path,
    values: byName(names, values),
    wanted: Object.fromEntries(drifted) as Record<string, Value>,
  };
}

function text(state: ReturnType<typeof stateOf>, looked: Looked[]): string {
  const { env, with: other, runs, stacks, resources, declared, undeclared, reason } = state;
  const lines = [`${env} runs ${runs[env]}, ${other} runs ${runs[other]}; ${resources} resources compared`];
  if (stacks[env] !== stacks[other])
    lines.push("  not the same release: what only one of them declares counts as declared");
  lines.push(...looked.flatMap(notice), ...listed("declared", declared), ...listed("undeclared", undeclared));
  if (!reason) lines.push("mirrored: they differ in nothing that is not declared");
  else lines.push(`why:  ${reason.message} [${reason.code}]`, `next: ${reason.remedy}`);
  return `${lines.join("\n")}\n`;
}

type Line = ReturnType<typeof line>;

const listed = (title: string, lines: Line[]): string[] =>
  lines.length === 0 ? [] : [`${title}:`, ...lines.map((each) => `  ${sentence(each)}`)];

function sentence({ resource, path, values, wanted }: Line): string {
  const found = Object.entries(values).map(([environment, value]) => `${said(value)} in ${environment}`);
  const drifted = Object.entries(wanted).map(
    ([environment, value]) => `${environment} drifted: its release wants ${said(value)}`,
  );
  const place = `${kind(resource.type)} ${resource.name}${path && `, ${path}`}`;
  return `${place}: ${found.join(", ")}${drifted.length > 0 ? ` (${drifted.join("; ")})` : ""}`;
}
