import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { z } from "zod";
import type { Validation } from "../ports/validation.ts";
import type { Secrets } from "../secrets.ts";
import type { AwsAccess } from "./aws-access.ts";
import { childEnvironment } from "./child-environment.ts";
import { healthKey } from "./health-key.ts";

const REPORT = z.object({
  stats: z.object({ passes: z.number(), failures: z.number() }),
  failures: z.array(z.object({ fullTitle: z.string(), err: z.object({ message: z.string().default("") }) })),
});

/** The suite in `test/integration`, run by mocha in a process of its own that gets this environment's access only. */
export function mochaValidation(
  settings: { root: string; logs: string; promotionId: string; keySecret: string; secrets: Secrets },
  access: AwsAccess,
): Validation {
  const key = healthKey(settings.keySecret, access, settings.secrets);
  return {
    async run({ sha, outputs }, signal) {
      const scratch = await mkdtemp(join(tmpdir(), "validation-"));
      await mkdir(settings.logs, { recursive: true });
      const log = join(settings.logs, `${settings.promotionId}.validate.log`);
      try {
        await writeFile(join(scratch, "outputs.json"), JSON.stringify(outputs));
        const report = join(settings.logs, `${settings.promotionId}.validate.json`);
        await mocha(settings, { report, log }, signal, {
          ...childEnvironment(access, process.env),
          INTEGRATION_OUTPUTS: join(scratch, "outputs.json"),
          INTEGRATION_SHA: sha,
          INTEGRATION_API_KEY: await key(),
        });
        const results = await readFile(report);
        const { stats, failures } = REPORT.parse(JSON.parse(results.toString("utf8")));
        const told = failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message}`);
        const resultsSha256 = createHash("sha256").update(results).digest("hex");
        return { passed: stats.passes, failed: stats.failures, failures: told, log, resultsSha256 };
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  };
}

function mocha(
  { root, secrets }: { root: string; secrets: Secrets },
  { report, log }: { report: string; log: string },
  signal: AbortSignal,
  variables: Record<string, string>,
): Promise<void> {
  const flags = [
    "--reporter",
    "json",
    "--reporter-option",
    `output=${report}`,
    "test/integration/**/*.test.ts",
  ];
  const child = spawn(process.execPath, [join(root, "node_modules", "mocha", "bin", "mocha.js"), ...flags], {
    cwd: root,
    env: variables,
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  const file = createWriteStream(log);
  // What a test prints is kept for people to read.
  const written = [child.stdout, child.stderr].map(async (output) => {
    const discreet = output.pipe(secrets.stream());
    discreet.pipe(file, { end: false });
    await finished(discreet);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // A failed test is no failed run: the report tells the two apart.
    child.once("close", () => Promise.all(written).then(() => file.end(resolve), reject));
  });
}
