import { hostname } from "node:os";
import type { Command, Option } from "commander";
import type { Finding, Severity } from "../doctor/finding.ts";
import type { Ground } from "../doctor/ground.ts";

type Options = { env: string; local?: boolean; json?: boolean };

/** For each check; together they take hardly longer, because all are made at once. */
const PATIENCE_MS = 4_000;
const PROBLEM = 3;

/** `doctor`: whether all that a promotion needs is there and right. It changes nothing. */
export function registerDoctor(program: Command, shared: (() => Option)[]): void {
  const command = program
    .command("doctor")
    .description("whether all that a promotion needs is there and right, and what to do where it is not");
  for (const make of shared) command.addOption(make());
  command.action(doctorCommand);
}

async function doctorCommand(options: Options): Promise<void> {
  const { examine } = await import("../doctor/examine.ts");
  const findings = await examine(await groundOf(options), within, PATIENCE_MS);
  const healthy = findings.every(({ severity }) => severity !== "problem");
  const document = { env: options.env, healthy, findings };
  process.stdout.write(options.json ? `${JSON.stringify(document)}\n` : told(options.env, findings));
  process.exitCode = healthy ? 0 : PROBLEM;
}

/** The ground of an environment: its configuration, AWS as the credentials see it, and this machine. */
async function groundOf(options: Options): Promise<Ground> {
  const { surroundings, releaseReaderOf, ROOT } = await import("./surroundings.ts");
  const { environmentNames } = await import("../environment.ts");
  const { readStacks } = await import("../release/stacks.ts");
  const { awsPlace } = await import("../adapters/doctor-place.ts");
  const { ledgerOf } = await import("./compose.ts");
  const { secrets } = await import("./secrets.ts");
  const { local } = options;
  const found = await surroundings(options);
  const where = { ...found, access: { ...found.access, impatient: true } };
  const { environment } = where;
  const { project, stacks } = await readStacks(ROOT);
  const { secretsprovider, config = {} } = stacks[environment.name] ?? {};
  const others = environmentNames(ROOT).filter((name) => name !== environment.name);
  const trusting = await Promise.all(others.map((name) => surroundings({ env: name, local })));
  const setting = (key: string) => config[`${project.name}:${key}`];
  const ledger = ledgerOf(where);
  return {
    environment,
    project: project.name,
    alertEmail: String(setting("alertEmail") ?? ""),
    reservedConcurrency: (setting("reservedConcurrency") ?? {}) as Record<string, number>,
    secretsKey: /^awskms:\/\/(alias\/[^?]+)/.exec(secretsprovider ?? "")?.[1],
    trustedBy: trusting.flatMap(({ environment: { name, promotion } }) =>
      promotion.requires
        .filter(({ attestation }) => attestation === environment.promotion.attests)
        .map(({ publicKey }) => ({ environment: name, publicKey })),
    ),
    otherEnvironments: others,
    rehearsed: local === true,
    place: awsPlace({
      environment,
      project: project.name,
      access: where.access,
      ledger,
      readerOf: (name) => impatientReader(releaseReaderOf(name, { local })),
      secrets,
    }),
    machine: await thisMachine(ROOT),
    now: () => new Date(),
  };
}

async function impatientReader<T extends { access: object }>(asked: Promise<T>): Promise<T> {
  const reader = await asked;
  return { ...reader, access: { ...reader.access, impatient: true } };
}

async function thisMachine(root: string): Promise<Ground["machine"]> {
  const { readFile } = await import("node:fs/promises");
  const { join } = await import("node:path");
  const { isAlive } = await import("../../rehearsal/record.ts");
  const { lookForEngine } = await import("../../rehearsal/engine/look.ts");
  const { devDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  return {
    node: process.version,
    wantedNode: devDependencies.node,
    host: hostname(),
    isAlive,
    engine: () => lookForEngine({ env: process.env, progress: () => {} }),
  };
}

async function within<T>(asked: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return await Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

const MARKS: Record<Severity, string> = { fine: "✓", warning: "!", problem: "✗" };

/** The findings for people: what was seen, and below it what to do. */
function told(env: string, findings: Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, code, severity, seen, remedy }) => [
    `${MARKS[severity]} ${check.padEnd(width)}  ${seen}${severity === "fine" ? "" : ` [${code}]`}`,
    ...(remedy ? [`  ${" ".repeat(width)}  next: ${remedy}`] : []),
  ]);
  const count = (wanted: Severity) => findings.filter(({ severity }) => severity === wanted).length;
  return `${lines.join("\n")}\n${env}: ${count("problem")} problems, ${count("warning")} warnings, ${count("fine")} fine\n`;
}
