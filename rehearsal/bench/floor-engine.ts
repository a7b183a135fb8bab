import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { accessVariables } from "../../orchestrator/adapters/aws-access.ts";
import { importProgram } from "../../orchestrator/adapters/release-module.ts";
import { loadEnvironment } from "../../orchestrator/environment.ts";
import { infraKey, MANIFEST, manifestKey } from "../../orchestrator/release/manifest.ts";
import { readRecord } from "../record.ts";
import { startToolchain } from "../toolchain.ts";

/**
 * The floor of a promotion that finds nothing to do: an update by the bare Automation API, of the same stack, with the same
 * engine and provider, without a lease, a ledger, digests, alarms or a look at the traffic.
 */
const [root = "", directory = "", name = "", release = "", sha = ""] = process.argv.slice(2);
const record = await readRecord(directory);
const rehearsed = record?.environments[name];
if (!record || !rehearsed) throw new Error(`no rehearsal environment runs in ${directory}`);

const environment = loadEnvironment(root, name, rehearsed.promotion);
const access = { region: environment.region, endpoint: record.endpoint, credentials: rehearsed.credentials };
const variables = accessVariables(access);
const toolchain = await startToolchain({ variables, rehearsed: true, progress: () => {} });
const workDir = await mkdtemp(join(tmpdir(), "floor-"));
try {
  const manifest = MANIFEST.parse(JSON.parse(await readFile(join(release, manifestKey(sha)), "utf8")));
  const module = await importProgram(root, await readFile(join(release, infraKey(sha))));
  const settings = module.stacks[name];
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: name, projectName: module.project.name, program: module.run(manifest) },
    {
      workDir,
      pulumiCommand: await PulumiCommand.get({ root: toolchain.pulumiRoot }),
      pulumiHome: toolchain.pulumiHome ?? join(workDir, "home"),
      projectSettings: {
        name: module.project.name,
        runtime: "nodejs",
        backend: { url: environment.promotion.state },
      },
      stackSettings: {
        [name]: {
          ...(settings?.secretsprovider ? { secretsProvider: settings.secretsprovider } : {}),
          config: { ...settings?.config, ...rehearsed.configuration } as Record<string, string>,
        },
      },
      envVars: {
        ...variables,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        ...(toolchain.providerPort ? { PULUMI_DEBUG_PROVIDERS: `aws:${toolchain.providerPort}` } : {}),
      },
    },
  );
  await stack.up({ color: "never" });
} finally {
  await toolchain.close();
  await rm(workDir, { recursive: true, force: true });
}
