import { Command, CommanderError, Option } from "commander";
import { registerDoctor } from "./cli/doctor.ts";
import { exitCodeOf, tellProblem } from "./cli/failure.ts";
import { onGitHub } from "./cli/on-github.ts";
import { guardOutput } from "./cli/secrets.ts";
import { registerSecrets } from "./cli/service-secrets.ts";
import { foreseen } from "./foreseen.ts";
import type { Problem } from "./problem.ts";
import { problem } from "./problems.ts";

const environment = () => new Option("--env <environment>", "the environment").makeOptionMandatory();
const local = () => new Option("--local", "use the rehearsal environment that `npm run local -- up` started");
const json = () =>
  new Option("--json", "print one JSON document to stdout, JSON lines of progress to stderr");
const wait = () => new Option("--wait <duration>", "wait that long for a lease that somebody else has");

/** Gathers an option that may be given several times. */
const several = (value: string, before: string[]) => [...before, value];

/** Ends of commander that have shown what they had to: the help, asked for or in place of a command. */
const EXPLAINED = new Set(["commander.helpDisplayed", "commander.help"]);

function misused(error: CommanderError): Problem {
  const [, , given = ""] = process.argv;
  const command = program.commands.some((each) => each.name() === given) ? given : "promote";
  // Whoever gave a key to a flag that there is not must not see it in a log as well.
  const said = error.message.replace(/(unknown option '[^=']*)=[^']*/, "$1").replace(/^error: /, "");
  return problem("usage", { said: said.replaceAll("\n", " "), command });
}

/** A value that is blank was meant to be one: a variable of a script that is not set, say. */
function requireValues(command: Command): void {
  for (const [name, value] of Object.entries(command.opts()))
    if (typeof value === "string" && value.trim() === "")
      throw problem("option-invalid", {
        option: `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
        value,
        wanted: "a text with something in it",
      });
}

/** Commands are loaded when they run: help must not wait for an SDK. */
const program = new Command("promotion")
  .description("Takes a release to an environment, watches it, and takes it back when it is bad.")
  .option("--debug", "print stack traces")
  .configureHelp({ showGlobalOptions: true })
  // What is wrong is told below, in the one form that all problems have.
  .configureOutput({ outputError: () => {} })
  .hook("preAction", (_, command) => requireValues(command))
  .exitOverride();

program
  .command("package")
  .description("build the release of a commit")
  .option("--sha <sha>", "the commit, 7 to 40 hex digits", "HEAD")
  .option("--out <directory>", "where releases are kept", ".releases")
  .option("--allow-dirty", "leave uncommitted changes out of the release instead of refusing")
  .option("--env <environment>", "put the release into this environment's bucket as well")
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/package.ts")).packageCommand(options));

program
  .command("promote")
  .description("make an environment run a release")
  .addOption(environment())
  .option("--sha <sha>", "the release, 7 to 40 hex digits")
  .option("--latest-validated", "instead of --sha: the newest release that the environment would take")
  .addOption(
    new Option(
      "--release-dir <directory>",
      "take the release from a directory; .releases/<sha> if it is there",
    ).conflicts("from"),
  )
  .option(
    "--from <environment>",
    "take it from this environment's bucket, with its release reader's credentials",
  )
  .option(
    "--release-profile <profile>",
    "the AWS profile of that release reader; <environment>-release-reader by default",
  )
  .option("--strategy <strategy>", "all-at-once, canary:10%/5m or linear:10%/1m")
  .option("--bake <duration>", "how long the release is watched with all the traffic")
  .option("--override <guards>", "guards that shall not refuse, with commas; needs --reason")
  .option("--allow-destructive <urn>", "a resource that may lose its data; needs --reason", several, [])
  .option("--skip-drill", "do not rehearse the way back; needs --reason")
  .option("--reason <text>", "why, for the record")
  .option("--dry-run", "walk through all that changes nothing, and say what would come of it")
  .addOption(wait())
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/promote.ts")).promoteCommand(options));

program
  .command("preview")
  .description("what a change would do to an environment, as Markdown, and what would be in its way")
  .addOption(environment())
  .option("--sha <sha>", "a commit, 7 to 40 hex digits; the working tree by default")
  .option("--pr <number>", "keep it as a comment of this pull request, one for each environment")
  .option("--gate", "end with 3 where a promotion of it would be refused")
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/preview.ts")).previewCommand(options));

program
  .command("rollback")
  .description("give the traffic back to a release that was promoted before")
  .addOption(environment())
  .option("--to <sha>", "the release to go back to; the one before by default")
  .requiredOption("--reason <text>", "why, for the record")
  .addOption(wait())
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/rollback.ts")).rollbackCommand(options));

program
  .command("hold")
  .description("refuse promotions of an environment for a while, or keep the bytes of a release")
  .addOption(environment())
  .option("--sha <sha>", "the release to keep; the environment is held without it")
  .requiredOption("--reason <text>", "why, for the record")
  .option("--until <time>", "when it ends by itself: 12h, 2d or a date; never by default")
  .addOption(wait())
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/hold.ts")).holdCommand(options));

program
  .command("release-hold")
  .description("end a hold before its time")
  .addOption(environment())
  .option("--sha <sha>", "the release that is held; the environment's hold without it")
  .requiredOption("--reason <text>", "why, for the record")
  .addOption(wait())
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/hold.ts")).releaseHoldCommand(options));

program
  .command("status")
  .description("what runs, since when, by which promotion; what is in flight")
  .addOption(environment())
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/status.ts")).statusCommand(options));

program
  .command("releases")
  .description("the releases that are known, and what each environment makes of them")
  .option("--env <environment>", "only this environment; by default all that the credentials may look into")
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/releases.ts")).releasesCommand(options));

program
  .command("verify")
  .description("follow a release from its commit to what runs, and say which link holds")
  .requiredOption("--sha <sha>", "the release, 7 to 40 hex digits")
  .option("--env <environment...>", "the environments to look at, or all of them", ["all"])
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/verify.ts")).verifyCommand(options));

program
  .command("history")
  .description("the promotions of an environment")
  .addOption(environment())
  .option("--verify", "check that no entry was changed")
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/history.ts")).historyCommand(options));

program
  .command("report <promotionId>")
  .description("one promotion as a page: what was asked, what happened, what to do")
  .addOption(environment())
  .option("--out <file>", "where the page goes; .reports/<promotionId>.html by default")
  .addOption(local())
  .addOption(json())
  .action(async (id, options) => (await import("./cli/report.ts")).reportCommand(id, options));

program
  .command("gc")
  .description("remove the releases and the function versions that nothing needs any more")
  .addOption(environment())
  .option("--dry-run", "only say what it would remove")
  .addOption(wait())
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/gc.ts")).gcCommand(options));

program
  .command("metrics")
  .description("how often, how fast and how well an environment gets its releases: the DORA metrics")
  .addOption(environment())
  .option("--since <duration>", "how far back to look", "30d")
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/metrics.ts")).metricsCommand(options));

program
  .command("diff")
  .description("whether two environments differ in nothing but what is declared")
  .addOption(environment())
  .requiredOption("--with <environment>", "the environment to compare it with")
  .option("--profile <profile>", "the AWS profile to read the environment with")
  .option("--with-profile <profile>", "the AWS profile to read the other one with")
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/diff.ts")).diffCommand(options));

program
  .command("drift")
  .description("whether what is deployed is still what the last promotion made it")
  .addOption(environment())
  .option("--profile <profile>", "the AWS profile to read the environment with")
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/drift.ts")).driftCommand(options));

program
  .command("isolation")
  .description(
    "whether each environment's principals may do what is intended, and nothing to another environment",
  )
  .option("--env <environment>", "only the principals of this environment; by default of all")
  .option("--as <principal=profile>", "make requests as a principal, by an AWS profile of his", several, [])
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/isolation.ts")).isolationCommand(options));

program
  .command("unlock")
  .description("break the lease of a run that is dead, and the lock that it left on the stack")
  .addOption(environment())
  .requiredOption("--reason <text>", "why, for the record")
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/unlock.ts")).unlockCommand(options));

onGitHub(program);
registerSecrets(program, [environment, local, json]);
registerDoctor(program, [environment, local, json]);

program
  .command("bootstrap")
  .description("make what an environment stands on, once, as an administrator; safe to run again")
  .addOption(environment())
  .option("--dry-run", "only say what stands already, and what of it would stay as it is")
  .option("--repository <repository>", "the GitHub repository, <owner>/<name>, whose workflows get roles")
  .option("--rotate-keys", "only give each user a second access key")
  .option("--retire-keys", "only take each user's older access key out of use; again, delete it")
  .option("--break-lock", "go on although a dead run on another machine has the lock")
  .addOption(local())
  .addOption(json())
  .action(async (options) => (await import("./cli/bootstrap.ts")).bootstrapCommand(options));

program
  .command("local <action>")
  .description("keep a rehearsal environment running: up, down, status or env")
  .option("--port <port>", "the emulator's port; a free one by default")
  .option("--fresh", "with up: throw away what an earlier one kept")
  .addOption(json())
  .action(async (action, options) => (await import("./cli/local.ts")).localCommand(action, options));

program
  .command("rehearse")
  .description("play a whole promotion story on an emulator, good releases and bad ones")
  .addOption(json())
  .action(async (options) => (await import("./cli/rehearse.ts")).rehearseCommand(options));

guardOutput();
try {
  await program.parseAsync();
} catch (error) {
  const explained = error instanceof CommanderError && EXPLAINED.has(error.code);
  if (explained) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    const told = error instanceof CommanderError ? misused(error) : foreseen(error);
    tellProblem(told, { json: process.argv.includes("--json"), debug: process.argv.includes("--debug") });
    process.exitCode = exitCodeOf(told);
  }
}
