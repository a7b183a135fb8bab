import { octokitGitHub } from "../adapters/octokit-github.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { readPolicy } from "../github/policy.ts";
import { type Reverted, revertMerge } from "../github/revert.ts";
import { problem } from "../problems.ts";
import { EXIT_CODES } from "../promotion/outcome.ts";
import { fullSha } from "../release/git.ts";
import { githubAccess } from "./github.ts";
import { ROOT } from "./root.ts";

type Options = {
  sha: string;
  step?: string;
  logUrl?: string;
  force?: boolean;
  reason?: string;
  json?: boolean;
};

/** Ends with 0 when the merge is out of the branch, and with 5 when a person must go on. */
export async function revertCommand(options: Options): Promise<void> {
  const { step, logUrl, force = false, reason, json = false } = options;
  requireUsable(options);
  const order = {
    sha: await fullSha(ROOT, options.sha),
    step: step ?? null,
    logUrl: logUrl ?? null,
    force: force ? (reason ?? "") : null,
  };
  const ports = { github: octokitGitHub(githubAccess()), clock: systemClock };
  const reverted = await revertMerge(ports, readPolicy(ROOT), order);
  process.stdout.write(json ? `${JSON.stringify(reverted)}\n` : `${sentence(reverted).join("\n")}\n`);
  process.exitCode = reverted.outcome === "prepared" ? EXIT_CODES["needs-human"] : 0;
}

/** What is written into a page on GitHub must be what it seems to be. */
function requireUsable({ step, logUrl, force, reason }: Options): void {
  if (step !== undefined && !/^[\w .:/-]{1,60}$/.test(step))
    throw problem("option-invalid", { option: "--step", value: step, wanted: "the name of a step" });
  if (logUrl !== undefined && !/^https:\/\/[^\s()<>`]+$/.test(logUrl))
    throw problem("option-invalid", {
      option: "--log-url",
      value: logUrl,
      wanted: "an address that begins with https://",
    });
  if (force && !reason?.trim())
    throw problem("usage", {
      said: '--force needs a reason for the record: --reason "…"',
      command: "revert",
    });
}

function sentence({ sha, pull, outcome, because, revert, again }: Reverted): string[] {
  const which = `${sha.slice(0, 7)} (pull request ${pull})`;
  const said = {
    reverted: `${which} was taken back by ${revert?.url}`,
    "undone-before": `of ${which} nothing was left on the branch: nothing was done`,
    prepared: `${which} is not taken back yet: ${because}\nnext: merge ${revert?.url}, then run the same command again`,
  };
  return [said[outcome], ...(again ? [`the same is proposed again, for people: ${again.url}`] : [])];
}
