import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type FoundationSettings, foundationSettings } from "../infra/foundation/index.ts";
import type { Part } from "../infra/foundation/principal.ts";
import { type AwsAccess, clientSettings } from "../orchestrator/adapters/aws-access.ts";
import { publicKeyOf } from "../orchestrator/adapters/kms-signer.ts";
import { accessKeys } from "../orchestrator/bootstrap/keys.ts";
import { layFoundation } from "../orchestrator/bootstrap/lay.ts";
import type { Toolchain } from "../orchestrator/ports/toolchain.ts";
import { readStacks } from "../orchestrator/release/stacks.ts";

type Credentials = { accessKeyId: string; secretAccessKey: string };

/** The keys of an environment's users: its deployer's, and those of whoever reads its releases for another environment. */
export type Users = { credentials: Credentials; reader: Credentials };

/** What an environment got to stand on: its users' keys, and the public key of its attestations (SPKI, PEM). */
export type Footing = Users & {
  publicKey: string;
  attests: string;
};

/**
 * Makes what must exist before a promotion, as an administrator would by hand on AWS: the foundation stack of each
 * environment, its users' keys, and values for the secrets that the service asks for.
 */
export async function layFoundations(options: {
  root: string;
  directory: string;
  administrator: AwsAccess;
  toolchain: Toolchain;
  progress: (line: string) => void;
  known: Record<string, { credentials: Credentials; reader?: Credentials | undefined }>;
}): Promise<Record<string, Footing>> {
  const { project, stacks } = await readStacks(options.root);
  const lay = async (environment: string) => {
    const settings = foundationSettings({
      project: project.name,
      stacks,
      environment,
      recoveryWindowInDays: 0,
    });
    const { administrator, progress, toolchain } = options;
    const laying = { settings, administrator, progress, directory: join(options.directory, "foundation") };
    const { principals } = await layFoundation(laying, toolchain);
    const userOf = (wanted: Part) => principals.find(({ part }) => part === wanted)?.name ?? "";
    await fillSecrets(settings, options.administrator);
    const known = options.known[environment];
    const keys = accessKeys(administrator);
    const credentials = known?.credentials ?? (await keys.make(userOf("deployer")));
    const reader = known?.reader ?? (await keys.make(userOf("release-reader")));
    const publicKey = await publicKeyOf(settings.signingKey, options.administrator);
    const promotion = stacks[environment]?.config[`${project.name}:promotion`] as { attests: string };
    return [environment, { credentials, reader, publicKey, attests: promotion.attests }] as const;
  };
  return Object.fromEntries(await Promise.all(Object.keys(stacks).map(lay)));
}

async function fillSecrets({ secrets }: FoundationSettings, administrator: AwsAccess): Promise<void> {
  const client = new SecretsManagerClient(clientSettings(administrator));
  for (const SecretId of Object.values(secrets)) {
    const SecretString = JSON.stringify({ api_key: randomBytes(24).toString("base64url") });
    await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
  }
}
