import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type AwsAccess, accessVariables, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { findOnPath } from "../engine/command.ts";
import { findTerraformProvider } from "../engine/terraform-provider.ts";
import { TERRAFORM_RESOURCES } from "../provider/tokens.ts";
import type { Timed } from "./pairs.ts";

const LARGE = 64 * 1024 * 1024;
const run = promisify(execFile);

type Resource = { type: string; id: string; urn: string; inputs: Record<string, string> };
type Release = { sha: string; digests: Record<string, string> };

/**
 * The peer of a promotion: Terraform, given what an environment already runs. It imports the resources that Pulumi made and
 * writes their configuration by itself, so that both tools handle the same things with the same provider. A release is
 * then `terraform apply` and one health request by curl. Undefined where Terraform is not installed.
 */
export async function terraformPeer(options: {
  directory: string;
  environment: string;
  /** Where Pulumi keeps the environment's stack: `s3://<bucket>/<folder>`. */
  state: string;
  project: string;
  packages: string;
  access: AwsAccess;
  releases: Release[];
  /** The health request: its URL, and the headers that it needs. */
  health: { url: string; headers: Record<string, string> };
}): Promise<((sha: string) => Timed) | undefined> {
  const terraform = findOnPath("terraform", process.env);
  const provider = await findTerraformProvider({ env: process.env, progress: () => {} });
  if (terraform === undefined || provider === undefined) return undefined;
  const { directory, access, health } = options;
  await mkdir(directory, { recursive: true });
  const mirror = [1, 2, 3, 4, 5, 6].reduce((path) => dirname(path), provider.path);
  const settings = join(directory, "terraform.rc");
  await writeFile(settings, `provider_installation {\n  filesystem_mirror { path = "${mirror}" }\n}\n`);
  const env = { ...accessVariables(access), TF_CLI_CONFIG_FILE: settings, TF_IN_AUTOMATION: "1" };
  const invoke = (args: string[]) =>
    run(terraform, args, { cwd: directory, env: { ...process.env, ...env }, maxBuffer: LARGE });

  const resources = (await resourcesOf(options)).filter(({ type }) => TERRAFORM_RESOURCES[type]);
  await writeFile(
    join(directory, "main.tf.json"),
    JSON.stringify(configuration(options, resources), null, 2),
  );
  await invoke(["init", "-input=false", "-no-color"]);
  // It complains of attributes of its own making, which the next lines mend; what counts is the file.
  await invoke(["plan", "-input=false", "-no-color", "-generate-config-out=generated.tf"]).catch(() => {});
  const generated = await readFile(join(directory, "generated.tf"), "utf8");
  await writeFile(join(directory, "generated.tf"), mended(generated, options.packages));

  const apply = (sha: string) => ["apply", "-input=false", "-no-color", "-auto-approve", `-var=sha=${sha}`];
  const [first] = options.releases;
  await invoke(apply(first?.sha ?? ""));
  const { stdout } = await invoke(["plan", "-input=false", "-no-color", `-var=sha=${first?.sha}`]);
  if (!stdout.includes("No changes.")) throw new Error(`Terraform does not come to rest:\n${stdout}`);
  const curl = [
    "curl",
    "-fsS",
    ...Object.entries(health.headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]),
  ];
  const line = (sha: string) =>
    [terraform, ...apply(sha), "&&", ...[...curl, health.url].map(quoted)].join(" ");
  return (sha) => ({ command: "/bin/sh", args: ["-c", line(sha)], cwd: directory, env });
}

async function resourcesOf(options: {
  state: string;
  project: string;
  environment: string;
  access: AwsAccess;
}) {
  const { host, pathname } = new URL(options.state);
  const client = new S3Client({ ...clientSettings(options.access), forcePathStyle: true });
  const Key = `${pathname.slice(1)}/.pulumi/stacks/${options.project}/${options.environment}.json`;
  const { Body } = await client.send(new GetObjectCommand({ Bucket: host, Key }));
  const state = JSON.parse((await Body?.transformToString()) ?? "{}");
  // Cost Explorer is one for the whole account, and its answers differ from what was asked: Terraform would replace it each time.
  return (state.checkpoint.latest.resources as Resource[]).filter(
    ({ type }) => !type.startsWith("aws:costexplorer/"),
  );
}

function configuration(
  { releases, access }: { releases: Release[]; access: AwsAccess },
  resources: Resource[],
) {
  return {
    terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
    provider: { aws: { region: access.region, s3_use_path_style: true, skip_metadata_api_check: true } },
    variable: { sha: { type: "string", default: releases[0]?.sha } },
    locals: { digests: Object.fromEntries(releases.map(({ sha, digests }) => [sha, digests])) },
    import: resources.map((resource) => ({
      to: `${TERRAFORM_RESOURCES[resource.type]}.${resource.urn.split("::").at(-1)}`,
      id: importId(resource),
    })),
  };
}

/** What `terraform import` wants to be told, which for some types is not what the provider then calls it. */
function importId({ type, id, inputs }: Resource): string {
  switch (TERRAFORM_RESOURCES[type]) {
    case "aws_lambda_alias":
      return `${inputs.functionName}/${inputs.name}`;
    case "aws_lambda_permission":
      return `${inputs.function}:${inputs.qualifier}/${inputs.statementId}`;
    case "aws_cloudwatch_event_target":
      return `${inputs.rule}/${inputs.targetId}`;
    default:
      return id;
  }
}

/** Takes out what says nothing, or zero where zero is not allowed, and lets the release decide what a function runs. */
function mended(generated: string, packages: string): string {
  return generated
    .replaceAll(/^\s+\w+\s*= (?:null|\{\}|\[\])\n/gm, "")
    .replaceAll(/^\s+(?:period|signature_version|recovery_period_in_days|datapoints_to_alarm)\s*= 0\n/gm, "")
    .replaceAll(
      /^resource "aws_lambda_function" "(\w+)" \{\n/gm,
      (line, name) =>
        `${line}  s3_bucket = "${packages}"\n  s3_key = "${name}/\${var.sha}/lambda.zip"\n  source_code_hash = local.digests[var.sha]["${name}"]\n  publish = true\n`,
    )
    .replaceAll(
      /(^resource "aws_lambda_alias" "(\w+)-live" \{[^}]*?)function_version\s*= "\d+"/gm,
      (_, before, name) => `${before}function_version = aws_lambda_function.${name}.version`,
    );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
