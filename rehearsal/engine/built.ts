import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cacheDirectory, withLock } from "../cache.ts";
import { isExecutable } from "./command.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { findGo } from "./go.ts";
import { buildTools } from "./go-build.ts";
import {
  findTerraformProvider,
  obtainTerraformProvider,
  type TerraformProvider,
} from "./terraform-provider.ts";
import { GO_MODULE, wantedAwsPlugin, wantedPulumi } from "./wanted.ts";

const TOOLS = ["pulumi", "dynamic"];

/** What an earlier run built from the very same sources, by whichever Go; neither Go nor a network is needed then. */
export async function cachedBuild(options: EngineOptions): Promise<Engine | undefined> {
  const cache = cacheDirectory(options.env);
  const names = await readdir(cache).catch(() => []);
  const root = names
    .filter((name) => name.startsWith(`${builtFrom()}-go`))
    .map((name) => join(cache, name))
    .find(isComplete);
  const terraform = root === undefined ? undefined : await findTerraformProvider(options);
  return root && terraform ? asEngine(root, terraform) : undefined;
}

/** Builds the CLI and the bridge from the pinned Go module: minutes with empty caches, seconds with Go's own warm. */
export async function builtEngine(options: EngineOptions): Promise<Engine> {
  const go = await findGo(options);
  const terraform = await obtainTerraformProvider(options); // before the minutes of building, which it may make vain
  const root = join(cacheDirectory(options.env), `${builtFrom()}-${go.version}`);
  await mkdir(dirname(root), { recursive: true });
  await withLock(
    `${root}.lock`,
    async () => isComplete(root) || (await buildInto(root, go.path, options)),
    options,
  );
  return asEngine(root, terraform);
}

async function buildInto(root: string, go: string, options: EngineOptions): Promise<void> {
  await removeDrafts(root);
  const draft = `${root}.draft-${randomUUID()}`;
  try {
    await mkdir(join(draft, "bin"), { recursive: true });
    await buildTools(go, join(draft, "bin"), options);
    await rm(root, { recursive: true, force: true });
    await rename(draft, root);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** What a build that was killed left behind; whoever holds the lock knows that nobody is at it any more. */
async function removeDrafts(root: string): Promise<void> {
  const drafts = (await readdir(dirname(root))).filter((name) => name.startsWith(`${basename(root)}.draft-`));
  for (const name of drafts) await rm(join(dirname(root), name), { recursive: true, force: true });
}

function asEngine(root: string, terraform: TerraformProvider): Engine {
  return {
    source: "built",
    describe: `Engine: Pulumi CLI ${wantedPulumi()} built from the pinned Go module, AWS through the Terraform provider ${terraform.version}`,
    pulumiRoot: root,
    provider: {
      kind: "bridge",
      bridge: join(root, "bin", "dynamic"),
      terraformProvider: terraform.path,
      version: wantedAwsPlugin(),
    },
  };
}

function isComplete(root: string): boolean {
  return TOOLS.every((tool) => isExecutable(join(root, "bin", tool)));
}

function builtFrom(): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(GO_MODULE, file)));
  return `engine-${hash.digest("hex").slice(0, 12)}-${process.platform}-${process.arch}`;
}
