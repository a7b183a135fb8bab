import type { Command } from "commander";

const JSON_FLAG = ["--json", "print one JSON document to stdout"] as const;
const COMMIT = "the commit of the default branch, 7 to 40 hex digits";

/** The commands that ask GitHub or tell it something. */
export function onGitHub(program: Command): void {
  program
    .command("lane")
    .description("whether a merge needs a person on its way to production, by what GitHub itself says")
    .requiredOption("--sha <sha>", COMMIT)
    .option("--running <sha>", "the commit that runs in production; by default the one of GitHub's records")
    .option("--github-output", "write lane=… to the file that GITHUB_OUTPUT names as well")
    .option(...JSON_FLAG)
    .action(async (options) => (await import("./lane.ts")).laneCommand(options));

  program
    .command("revert")
    .description("take one merge by Dependabot back out of the default branch, through a pull request")
    .requiredOption("--sha <sha>", COMMIT)
    .option("--step <step>", "what failed, for the record")
    .option("--log-url <address>", "where to read how it failed")
    .option("--force", "take back what did not come the automatic way as well; needs --reason")
    .option("--reason <text>", "why, for the record")
    .option(...JSON_FLAG)
    .action(async (options) => (await import("./revert.ts")).revertCommand(options));

  program
    .command("repository")
    .description("whether the repository on GitHub is as .github/repository.yaml says, or make it so")
    .option("--plan", "show what is otherwise, and change nothing")
    .option("--apply", "make it so; what the file does not know stays")
    .option(...JSON_FLAG)
    .action(async (options) => (await import("./repository.ts")).repositoryCommand(options));
}
