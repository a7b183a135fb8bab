import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { EngineOptions } from "../../../rehearsal/engine/engine.ts";
import { TERRAFORM_AWS } from "../../../rehearsal/engine/wanted.ts";

/** A machine of which everything is known: an empty home, an own PATH, and no download site. */
export type Machine = {
  directory: string;
  cache: string;
  lines: string[];
  options: EngineOptions;
  /** Puts a command on the PATH, as a shell script. */
  command(name: string, script: string): Promise<string>;
  file(path: string, text: string): Promise<string>;
  /** Puts a Terraform provider in the plugin cache. */
  terraformProvider(version?: string): Promise<string>;
  remove(): Promise<void>;
};

export async function emptyMachine(): Promise<Machine> {
  const directory = await mkdtemp(join(tmpdir(), "machine-"));
  const lines: string[] = [];
  const file = async (path: string, text: string) => {
    const full = join(directory, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, text);
    return full;
  };
  const executable = async (path: string, text: string) => {
    const full = await file(path, text);
    await chmod(full, 0o755);
    return full;
  };
  await mkdir(join(directory, "bin"), { recursive: true });
  const system = (process.env.PATH ?? "").split(":").find((entry) => entry === "/usr/bin") ?? "/bin";
  for (const tool of ["sleep", "mkdir", "cp", "cat", "chmod", "touch", "dirname"]) {
    await executable(join("bin", tool), `#!/bin/sh\nexec ${system}/${tool} "$@"\n`);
  }
  return {
    directory,
    cache: join(directory, "cache", "sentiment-analyzer-promotion"),
    lines,
    options: {
      env: {
        PATH: join(directory, "bin"),
        HOME: join(directory, "home"),
        XDG_CACHE_HOME: join(directory, "cache"),
        XDG_DATA_DIRS: join(directory, "share"),
        TF_PLUGIN_CACHE_DIR: join(directory, "plugins"),
      },
      progress: (line) => lines.push(line),
      installerUrl: "http://127.0.0.1:1/install.sh",
      optRoot: join(directory, "opt"),
    },
    command: (name, script) => executable(join("bin", name), `#!/bin/sh\n${script}\n`),
    file,
    terraformProvider: (version = TERRAFORM_AWS) =>
      executable(
        join("plugins", pluginPath(version), `terraform-provider-aws_v${version}_x5`),
        "#!/bin/sh\n",
      ),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Where a mirror keeps a version of the provider for this platform. */
export function pluginPath(version: string): string {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  return join("registry.example.com", "hashicorp", "aws", version, `${process.platform}_${architecture}`);
}
