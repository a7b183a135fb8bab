import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { installEmulator } from "../../../rehearsal/emulator/install.ts";

/** Answers as Python does where the set-up asks it, and notes each run of pip; FAIL and SLEEP make pip fail or slow. */
const fakePython = (version: string) => `#!/bin/sh
case "$1 $2" in
  -c*) echo ${version} ;;
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip") echo run >> "$NOTES"; sleep "\${SLEEP:-0}"; if [ -n "$FAIL" ]; then echo "$FAIL"; exit 1; fi ;;
esac
`;

describe("installing the emulator", () => {
  let directory: string;
  let env: NodeJS.ProcessEnv;
  const lines: string[] = [];
  const progress = (line: string) => lines.push(line);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "install-emulator-"));
    lines.length = 0;
    const PATH = `${directory}/path:/usr/bin:/bin`;
    env = { PATH, HOME: directory, XDG_CACHE_HOME: `${directory}/cache`, NOTES: `${directory}/notes` };
  });
  afterEach(async () => await rm(directory, { recursive: true, force: true }));

  async function python(version: string, name = "python3"): Promise<void> {
    const file = join(directory, "path", name);
    await mkdir(join(directory, "path"), { recursive: true });
    await writeFile(file, fakePython(version));
    await chmod(file, 0o755);
  }

  const install = (more: NodeJS.ProcessEnv = {}, signal?: AbortSignal) =>
    installEmulator({ env: { ...env, ...more }, progress, signal });
  const runsOfPip = async () => (await readFile(`${directory}/notes`, "utf8")).trim().split("\n").length;

  it("says so when there is no Python", async () => {
    const refused = await install({ PATH: join(directory, "path") }).catch((error) => error);
    expect(refused).to.include({ code: "python-missing", owner: "environment" });
  });

  it("says what it found when Python is too old", async () => {
    await python("3.9");
    await python("2.7", "python");
    const refused = await install().catch((error) => error);
    expect(refused).to.include({ code: "python-too-old" });
    expect(refused.message).to.include("3.9 and 2.7");
  });

  it("takes python when python3 is too old", async () => {
    await python("3.9");
    await python("3.12", "python");
    expect((await install()).python).to.match(/-py3\.12\/bin\/python$/);
  });

  it("installs once, and is quick and silent afterwards", async () => {
    await python("3.11");
    const first = await install();
    expect(lines).to.have.length(2);
    lines.length = 0;
    const began = performance.now();
    expect(await install({ PATH: "" })).to.deep.equal(first);
    expect(performance.now() - began).to.be.below(50);
    expect(lines).to.deep.equal([]);
    expect(await runsOfPip()).to.equal(1);
  });

  it("tells pip's own last lines when pip fails, and starts over the next time", async () => {
    await python("3.11");
    const refused = await install({ FAIL: "ERROR: No space left on device" }).catch((error) => error);
    expect(refused).to.include({ code: "emulator-install-failed" });
    expect(refused.message).to.include("No space left on device");
    const [left] = (await readdir(`${directory}/cache/sentiment-analyzer-promotion`)).filter(
      (n) => !n.endsWith(".lock"),
    );
    await writeFile(join(directory, "cache/sentiment-analyzer-promotion", left ?? "", "half"), "");
    const { python: installed } = await install();
    expect(await readdir(join(installed, "../.."))).to.not.include("half");
  });

  it("installs once for two who come at the same time", async () => {
    await python("3.11");
    const [one, two] = await Promise.all([install({ SLEEP: "0.4" }), install({ SLEEP: "0.4" })]);
    expect(one).to.deep.equal(two);
    expect(await runsOfPip()).to.equal(1);
  });

  it("ends pip when it is told to stop", async () => {
    await python("3.11");
    const stop = new AbortController();
    const stopped = install({ SLEEP: "30" }, stop.signal).catch((error) => error);
    setTimeout(() => stop.abort(new Error("stop")), 300);
    const began = performance.now();
    expect((await stopped).message).to.equal("stop");
    expect(performance.now() - began).to.be.below(3_000);
  });
});
