import type { Artifacts } from "../ports/artifacts.ts";
import type { Traffic } from "../ports/traffic.ts";
import type { Entry } from "../promotion/events.ts";
import { promotedReleases, runningRelease } from "../promotion/history.ts";
import { attestationProblem, findAttestation, type Requirement } from "../release/attested.ts";
import { type FoundManifest, readManifest, readPart } from "../release/load.ts";
import { codeSha256, functionParts, type Manifest } from "../release/manifest.ts";
import { broken, type Finding, holds, type Link, notApplicable } from "./link.ts";

/** What is known of a release in one environment. */
export type Side = {
  environment: string;
  store: Artifacts;
  traffic: Pick<Traffic, "read" | "codeSha256">;
  entries: Entry[];
  /** The attestations it asks for. */
  requires: Requirement[];
  /** The one it gives, with the public half of its own key. */
  attests: Requirement;
};

/** The links of the chain in one environment, and the manifest that was found there. */
export async function sideOf(side: Side, sha: string): Promise<{ links: Link[]; found?: FoundManifest }> {
  const env = side.environment;
  const runs = runningRelease(side.entries)?.sha === sha;
  const promoted = runs || promotedReleases(side.entries).some((release) => release.sha === sha);
  let found: FoundManifest | undefined;
  const manifest = await finding(async () => {
    found = await readManifest(side.store, sha);
    if (found) return holds(`in ${side.store.place}`);
    // What neither runs nor is there was never here, or is not kept any more.
    return runs
      ? broken(`not in ${side.store.place}, though it runs`)
      : notApplicable(`not in ${side.store.place}`);
  });
  const links: Link[] = [{ env, link: "manifest", ...manifest }];
  const none = notApplicable("there is no manifest to compare with");
  const given = found;
  links.push({ env, link: "objects", ...(given ? await finding(() => objects(given)) : none) });
  const wanted = [...(promoted ? side.requires : []), side.attests];
  for (const requirement of wanted)
    links.push({
      env,
      link: "attestation",
      ...(given ? await finding(() => attestation(side, given, requirement, promoted)) : none),
    });
  links.push({ env, link: "lambda", ...(await finding(() => lambda(side, sha, given?.manifest))) });
  return { links, ...(given ? { found: given } : {}) };
}

/** What could not be read is no link that holds. */
async function finding(look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return broken((error as Error).message);
  }
}

async function objects({ place, manifest }: FoundManifest): Promise<Finding> {
  const parts = Object.entries(manifest.parts);
  await Promise.all(parts.map(([name, part]) => readPart(place, manifest.sha, name, part)));
  return holds(`${parts.length} parts, each with the digest and size that the manifest says`);
}

async function attestation(
  { store }: Side,
  found: FoundManifest,
  requirement: Requirement,
  promoted: boolean,
): Promise<Finding> {
  const { attestation: name } = requirement;
  const envelope = await findAttestation([store], found.manifest.sha, name);
  if (!envelope)
    return promoted ? broken(`${name} is missing`) : notApplicable(`${name}: it was not promoted here`);
  const problem = attestationProblem(found, requirement, envelope);
  return problem ? broken(problem.message) : holds(`${name}, signed by the right key for this manifest`);
}

async function lambda({ entries, traffic }: Side, sha: string, manifest?: Manifest): Promise<Finding> {
  const running = runningRelease(entries);
  if (!running) return notApplicable("nothing was promoted here yet");
  if (running.sha !== sha) return notApplicable(`it runs ${running.sha.slice(0, 7)}`);
  if (!manifest) return broken("it runs, and there is no manifest to compare it with");
  for (const [name, part] of Object.entries(functionParts(manifest))) {
    const functionName = running.functions[name]?.functionName;
    if (functionName === undefined) return broken(`the function ${name} of the manifest does not run`);
    const { version, canary } = await traffic.read(functionName);
    if (canary) return broken(`${functionName} sends requests to ${version} and to ${canary.version}`);
    const code = await traffic.codeSha256(functionName, version);
    if (code !== codeSha256(part))
      return broken(`${functionName}:${version} runs ${code ?? "nothing"}, not ${codeSha256(part)}`);
  }
  return holds("every function has all its traffic on the code of the manifest");
}
