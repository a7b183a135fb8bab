import { driftOf } from "../mirror/drift.ts";
import type { Eyes, Looked } from "../mirror/look.ts";
import { shown } from "../mirror/shown.ts";
import { trafficDrift } from "../mirror/traffic.ts";
import { problem } from "../problems.ts";
import { reasonOf } from "../promotion/outcome.ts";
import { kind, lookAt, notice, said } from "./looking.ts";
import { separately } from "./own-credentials.ts";
import type { Where } from "./surroundings.ts";

type Options = Where & { profile?: string; json?: boolean };

/** Ends with 3 when anything in the environment is no longer what the last promotion made it. */
export async function driftCommand(options: Options): Promise<void> {
  const { json = false } = options;
  const { looked, ports } = await lookAt(await separately([options]), json);
  const state = await stateOf(looked[0] as Looked, ports[0] as Eyes["ports"]);
  process.stdout.write(json ? `${JSON.stringify(state)}\n` : text(state, looked[0] as Looked));
  process.exitCode = state.clean ? 0 : 3;
}

async function stateOf(looked: Looked, ports: Eyes["ports"]) {
  const { environment, running, stackSha, inFlight, survey } = looked;
  const drift = [...driftOf(survey), ...(await trafficDrift(ports, looked))].map(
    ({ resource, path, wanted, found }) => ({
      resource: { name: resource.name, type: resource.type, id: resource.id },
      path,
      wanted: shown(wanted, path, resource) ?? null,
      found: shown(found, path, resource) ?? null,
    }),
  );
  const clean = drift.length === 0;
  return {
    env: environment,
    clean,
    sha: running.sha,
    stackSha,
    inFlight,
    resources: survey.length,
    drift,
    reason: clean ? null : reasonOf(problem("drifted", { environment, places: drift.length })),
  };
}

function text(state: Awaited<ReturnType<typeof stateOf>>, looked: Looked): string {
  const { env, sha, clean, resources, drift, reason } = state;
  const lines = [`${env} runs ${sha}; ${resources} resources read`, ...notice(looked)];
  if (clean) lines.push("no drift: all of it is what the last promotion made it");
  for (const { resource, path, wanted, found } of drift)
    lines.push(
      `  ${kind(resource.type)} ${resource.id || resource.name}${path && `, ${path}`}: wanted ${said(wanted)}, found ${said(found)}`,
    );
  if (reason) lines.push(`why:  ${reason.message} [${reason.code}]`, `next: ${reason.remedy}`);
  return `${lines.join("\n")}\n`;
}
