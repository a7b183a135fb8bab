import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheDirectory } from "../../rehearsal/cache.ts";
import { installEmulator } from "../../rehearsal/emulator/install.ts";
import { findOnPath } from "../../rehearsal/engine/command.ts";
import { TERRAFORM_AWS } from "../../rehearsal/engine/wanted.ts";
import { pluginPath } from "../rehearsal/engine/machine-fixture.ts";
import type { Checkout } from "./checkout.ts";

const SYSTEM = "sh cat ps awk sleep git tar mkdir touch chmod".split(" ");

/** A machine as it came: the system's own tools, nothing in the user's cache, and no download site in reach. */
export type BareMachine = {
  env: NodeJS.ProcessEnv;
  /** Where this project keeps what it made. */
  cache: string;
  /** Puts a command on the PATH, as a shell script. */
  command(name: string, script: string): void;
  remove(): void;
};

export function bareMachine({ bin }: Checkout): BareMachine {
  const home = join(dirname(bin), "machine");
  const path = join(home, "bin");
  mkdirSync(path, { recursive: true });
  for (const tool of SYSTEM) symlinkSync(findOnPath(tool, process.env) ?? `/bin/${tool}`, join(path, tool));
  const env = {
    PATH: path,
    HOME: home,
    XDG_CACHE_HOME: join(home, "cache"),
    TF_PLUGIN_CACHE_DIR: join(home, "terraform"),
    // Nobody listens there: every download site is out of reach, at once, on whatever machine the tests run.
    NODE_USE_ENV_PROXY: "1",
    HTTPS_PROXY: "http://127.0.0.1:1",
  };
  const executable = (file: string, text: string) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  };
  const terraform = join(home, "terraform", pluginPath(TERRAFORM_AWS));
  executable(join(terraform, `terraform-provider-aws_v${TERRAFORM_AWS}_x5`), "#!/bin/sh\n");
  return {
    env,
    cache: cacheDirectory(env),
    command: (name, script) => executable(join(path, name), `#!/bin/sh\n${script}\n`),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Lets a bare machine have the emulator that is installed on the real one. */
export async function lendEmulator({ cache }: BareMachine): Promise<void> {
  await installEmulator({ env: process.env, progress: () => {} });
  mkdirSync(cache, { recursive: true });
  const real = cacheDirectory(process.env);
  for (const name of readdirSync(real).filter((each) => /^emulator-.*-py[\d.]+$/.test(each)))
    if (!existsSync(join(cache, name))) symlinkSync(join(real, name), join(cache, name));
}

/** A Go that knows its version and lists packages, and builds by what `build` says; $out is where to. */
export const fakeGo = (build: string, version = "go1.99.0") => `
case "$1" in
  env) echo ${version};;
  list) echo a; echo b;;
  build)
    for word in "$@"; do [ "$last" = -o ] && out=$word; last=$word; done
    echo built >> "$HOME/builds"
    ${build};;
esac`;

/** What such a Go does to build both tools: programs that end at once. */
export const BUILDS = `for tool in pulumi dynamic; do echo '#!/bin/sh' > "$out$tool"; chmod 755 "$out$tool"; done`;
