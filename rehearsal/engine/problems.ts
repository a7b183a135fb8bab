import { catalogue } from "../../orchestrator/problem.ts";

const AGAIN = "then run the same command again";

/** What can go wrong in getting an engine. */
export const problem = catalogue({
  "pulumi-missing": {
    owner: "environment",
    message: (p: { cli: string; plugin: string }) =>
      `No Pulumi CLI ${p.cli} or newer with the AWS plugin ${p.plugin} is installed, and its download site cannot be reached.`,
    remedy: (p: { cli: string; plugin: string }) =>
      `Install the Pulumi CLI, then: pulumi plugin install resource aws ${p.plugin}`,
  },
  "go-missing": {
    owner: "environment",
    message: (p: { wanted: string }) =>
      `No Pulumi CLI is installed, its download site cannot be reached, and there is no Go on the PATH to build it with (Go ${p.wanted} or newer).`,
    remedy: (p: { wanted: string }) => `Install Go ${p.wanted} or newer, or the Pulumi CLI, ${AGAIN}.`,
  },
  "go-too-old": {
    owner: "environment",
    message: (p: { wanted: string; found: string }) =>
      `Building the Pulumi CLI needs Go ${p.wanted} or newer; found ${p.found}.`,
    remedy: (p: { wanted: string }) => `Install Go ${p.wanted} or newer, put it first on the PATH, ${AGAIN}.`,
  },
  "engine-build-failed": {
    owner: "environment",
    message: (p: { step: string; output: string }) => `${p.step} failed. Go's last words:\n${p.output}`,
    remedy: () =>
      `Mend what Go says above (a module proxy that cannot be reached, a full disk, too little memory), ${AGAIN}: what is compiled already is kept.`,
  },
  "terraform-provider-missing": {
    owner: "environment",
    message: (p: { version: string; tried: string }) =>
      `The Terraform AWS provider ${p.version} was found in none of Terraform's plugin directories. ${p.tried}`,
    remedy: (p: { version: string; directory: string }) =>
      `Put it under ${p.directory}, as 'terraform providers mirror' lays it out and unpacked, or name such a directory in TF_PLUGIN_CACHE_DIR, ${AGAIN}.`,
  },
});
