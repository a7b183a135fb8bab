import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CreateAccessKeyCommand, IAMClient } from "@aws-sdk/client-iam";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type FoundationSettings, foundation, foundationSettings } from "../infra/foundation/index.ts";
import { type AwsAccess, accessVariables, clientSettings } from "../orchestrator/adapters/aws-access.ts";
import { publicKeyOf } from "../orchestrator/adapters/kms-signer.ts";
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
    const users = await applyFoundation(settings, options);
    await fillSecrets(settings, options.administrator);
    const known = options.known[environment];
    const credentials = known?.credentials ?? (await createKeys(users.deployer, options.administrator));
    const reader = known?.reader ?? (await createKeys(users.reader, options.administrator));
    const publicKey = await publicKeyOf(settings.signingKey, options.administrator);
    const promotion = stacks[environment]?.config[`${project.name}:promotion`] as { attests: string };
    return [environment, { credentials, reader, publicKey, attests: promotion.attests }] as const;
  };
  return Object.fromEntries(await Promise.all(Object.keys(stacks).map(lay)));
}

async function applyFoundation(
  settings: FoundationSettings,
  { directory, administrator, toolchain }: Parameters<typeof layFoundations>[0],
): Promise<{ deployer: string; reader: string }> {
  const { LocalWorkspace, PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  const { Account: account = "" } = await new STSClient(clientSettings(administrator)).send(
    new GetCallerIdentityCommand(),
  );
  const name = `${settings.project}-foundation`;
  const workDir = join(directory, "foundation", settings.environment);
  const state = join(directory, "foundation", "state");
  for (const each of [workDir, state]) await mkdir(each, { recursive: true });
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: settings.environment, projectName: name, program: foundation(settings, account) },
    {
      workDir,
      pulumiCommand: await PulumiCommand.get({ root: toolchain.pulumiRoot }),
      pulumiHome: toolchain.pulumiHome ?? join(directory, "foundation", "home"),
      projectSettings: { name, runtime: "nodejs", backend: { url: `file://${state}` } },
      stackSettings: { [settings.environment]: { config: { "aws:region": settings.region } } },
      envVars: {
        ...accessVariables(administrator),
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        ...(toolchain.providerPort ? { PULUMI_DEBUG_PROVIDERS: `aws:${toolchain.providerPort}` } : {}),
      },
    },
  );
  const { outputs } = await stack.up({ color: "never" });
  const made = outputs.principals?.value as Record<string, { name: string }>;
  return { deployer: made.deployer?.name ?? "", reader: made["release-reader"]?.name ?? "" };
}

async function fillSecrets({ secrets }: FoundationSettings, administrator: AwsAccess): Promise<void> {
  const client = new SecretsManagerClient(clientSettings(administrator));
  for (const SecretId of Object.values(secrets)) {
    const SecretString = JSON.stringify({ api_key: randomBytes(24).toString("base64url") });
    await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
  }
}

async function createKeys(UserName: string, administrator: AwsAccess): Promise<Credentials> {
  const { AccessKey } = await new IAMClient(clientSettings(administrator)).send(
    new CreateAccessKeyCommand({ UserName }),
  );
  return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
}
