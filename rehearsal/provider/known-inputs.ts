import { createHash } from "node:crypto";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import type { ProviderParts } from "./provider.ts";
import { TERRAFORM_RESOURCES } from "./tokens.ts";

/** The names of the properties that a program may set, by the bridge's name of the resource type. */
export type KnownInputs = Record<string, string[]>;

/** The part of the bridge's schema that is read here. */
type Schema = { resources: Record<string, { inputProperties: Record<string, unknown> }> };

/**
 * Asks the bridge which properties it knows. It takes seconds to say, and says the same as long as the Terraform
 * provider and the covered types are the same: the answer is kept beside the bridge.
 */
export async function knownInputs(
  upstream: ResourceProviderClient,
  parts: ProviderParts,
): Promise<KnownInputs> {
  const { size, mtimeMs } = await stat(parts.terraformProvider);
  const of = JSON.stringify([
    parts.terraformProvider,
    size,
    mtimeMs,
    Object.values(TERRAFORM_RESOURCES).sort(),
  ]);
  const key = createHash("sha256").update(of).digest("hex").slice(0, 16);
  const file = join(dirname(parts.bridge), `inputs-${key}.json`);
  return (await kept(file)) ?? (await keep(file, await askBridge(upstream)));
}

async function kept(file: string): Promise<KnownInputs | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** A directory that cannot be written to costs time at every start, and nothing else. */
async function keep(file: string, inputs: KnownInputs): Promise<KnownInputs> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(inputs))
    .then(() => rename(draft, file))
    .catch(() => {});
  return inputs;
}

function askBridge(upstream: ResourceProviderClient): Promise<KnownInputs> {
  const request = new proto.GetSchemaRequest().setSubpackageName("aws").setSubpackageVersion("0.0.0");
  return new Promise((resolve, reject) =>
    upstream.getSchema(request, (error, response) => {
      if (error) return reject(error);
      const { resources } = JSON.parse(response.getSchema()) as Schema;
      const names = Object.entries(resources).map(([type, { inputProperties }]) => [
        type,
        Object.keys(inputProperties),
      ]);
      resolve(Object.fromEntries(names));
    }),
  );
}
