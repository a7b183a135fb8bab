import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { FORMS, leaksIn, PLANTED, plantedVariables } from "../../fakes/planted.ts";

const ROOT = join(import.meta.dirname, "../../..");
const CLI = join(ROOT, "orchestrator/cli");

/** What a process prints that knows the planted secrets from its variables and says them in every way that it has. */
function printedBy(program: string) {
  return spawnSync(
    process.execPath,
    ["--input-type=module", "-e", program, JSON.stringify(Object.values(PLANTED))],
    {
      encoding: "utf8",
      env: { PATH: process.env.PATH, ...plantedVariables() },
      cwd: ROOT,
    },
  );
}

const GUARDED = `import { guardOutput } from ${JSON.stringify(join(CLI, "secrets.ts"))}; guardOutput();`;
const SAYING = `
  import { tellProblem } from ${JSON.stringify(join(CLI, "failure.ts"))};
  import { plainLines } from ${JSON.stringify(join(CLI, "plain-lines.ts"))};
  import { paintFor, progressSink, speaker } from ${JSON.stringify(join(CLI, "progress.ts"))};
  const json = await progressSink(true);
  for (const { secret } of JSON.parse(process.argv[1])) {
    const step = { type: "step-finished", step: "up", outcome: "failed", ms: 1, text: secret };
    tellProblem(new Error("the engine said " + secret), { json: true, debug: true });
    for (const said of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")]) {
      process.stdout.write(said + "\\n");
      console.error(said);
      speaker(true)(said);
      speaker(false)(said);
    }
    plainLines(process.stderr, paintFor(process.stderr))(step);
    json(step);
  }`;

describe("what a command prints", () => {
  it("has no secret in it: results, documents, errors with their stack traces, progress", () => {
    const { stdout, stderr, status } = printedBy(GUARDED + SAYING);
    expect(status, stderr).to.equal(0);
    expect(stderr)
      .to.contain("the engine said [redacted]")
      .and.to.match(/^\s+at /m);
    expect(leaksIn(stdout)).to.deep.equal([]);
    expect(leaksIn(stderr)).to.deep.equal([]);
  });

  it("would have them all without its guard", () => {
    const { stdout, stderr } = printedBy(SAYING);
    expect(leaksIn(stdout)).to.deep.equal(Object.keys(PLANTED));
    expect(leaksIn(stderr)).to.deep.equal(Object.keys(PLANTED));
  });

  it("is guarded before a command runs", async () => {
    const secret = PLANTED["a token of GitHub"]?.secret ?? "";
    const { stderr, status } = spawnSync(
      process.execPath,
      [
        join(ROOT, "orchestrator/cli.ts"),
        "status",
        "--env",
        FORMS["JSON-escaped"]?.(secret) ?? "",
        "--debug",
      ],
      { encoding: "utf8", env: { PATH: process.env.PATH, ...plantedVariables() } },
    );
    expect(status).to.equal(2);
    expect(stderr).to.contain("[redacted]");
    expect(leaksIn(stderr)).to.deep.equal([]);
  });
});
