// Runs a program of this project: `node launch.mjs <program.ts> [arguments]`. Plain JavaScript for any Node >= 20,
// because it must run before anything is installed: on a fresh clone it installs the locked dependencies, Node 24
// among them, and goes on with exactly that. On later runs npm has put it first on the PATH and nothing is left to do.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as module from "node:module";
import { constants } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const modules = join(root, "node_modules");
const stamp = join(modules, ".installed-from");
const turn = join(root, ".installing");
const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

const installed = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Whether the process that installs is gone, so that its turn may be taken over. */
function abandoned() {
  try {
    process.kill(Number(readFileSync(join(turn, "pid"), "utf8")), 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/** One installation at a time; whoever comes second waits and finds it done. */
function takeTurn() {
  for (let told = false; ; pause(200)) {
    try {
      mkdirSync(turn);
      writeFileSync(join(turn, "pid"), String(process.pid));
      process.once("exit", () => rmSync(turn, { recursive: true, force: true }));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (abandoned()) rmSync(turn, { recursive: true, force: true });
      else if (!told) process.stderr.write("Waiting for another run that installs the dependencies …\n");
      told = true;
    }
  }
}

function install() {
  takeTurn();
  if (installed()) return;
  process.stderr.write("Installing the locked dependencies (npm ci), about half a minute …\n");
  const { status, signal, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) {
    const why =
      error?.message ?? (signal ? `it was ended by ${signal}` : `npm ended with exit code ${status}`);
    process.stderr.write(`The dependencies could not be installed: ${why}.\nNext: npm ci\n`);
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

if (!installed()) install();

const [program, ...rest] = process.argv.slice(2);
const file = resolve(root, program);
const pinned = JSON.parse(readFileSync(join(modules, "node", "package.json"), "utf8")).version;
if (process.versions.node === pinned) {
  process.argv = [process.execPath, file, ...rest];
  // Beside what is installed, where nobody else may write: in the temporary directory anybody could put code of theirs.
  module.enableCompileCache(join(modules, ".cache", "compiled"));
  await import(pathToFileURL(file).href);
} else {
  rmSync(turn, { recursive: true, force: true });
  const path = `${join(modules, ".bin")}:${process.env.PATH}`;
  const child = spawn(join(modules, ".bin", "node"), [file, ...rest], {
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  // A terminal sends its Ctrl-C to the child as well: waiting for the child's own end is all there is to do.
  for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => name === "SIGTERM" && child.kill(name));
  child.once("exit", (code, name) => process.exit(code ?? 128 + constants.signals[name]));
}
