import type { Commit, GitHub } from "../ports/github.ts";
import { Problem } from "../problem.ts";
import { type Judged, judgeMerge } from "./merge.ts";
import { type Objection, objection } from "./objection.ts";
import type { Policy } from "./policy.ts";

/** Where a commit goes on its way to production, and why. */
export type Decision = {
  sha: string;
  lane: string;
  automatic: boolean;
  /** What runs in production, as far as it is known: everything after it was judged. */
  running: string | null;
  merges: Judged[];
  objections: Objection[];
};

/** How many merges may have gathered since production was promoted last. */
const MOST_MERGES = 10;

/** GitHub gave no answer that could be judged: that is no lane at all. */
const NO_ANSWER = [
  "github-unreachable",
  "github-fails",
  "github-limits",
  "github-token-refused",
  "github-forbids",
];

/**
 * Decides whether a commit needs a person on its way to production. It does, unless GitHub itself shows that everything
 * since what runs there is updates by Dependabot, within the policy. Whatever is odd or missing means a person. Throws when
 * GitHub gives no answer: then there is no lane, and nothing goes on.
 * @param running the commit that runs in production; by default the one of GitHub's records
 */
export async function decideLane(
  github: GitHub,
  policy: Policy,
  { sha, running }: { sha: string; running?: string },
): Promise<Decision> {
  const merges: Judged[] = [];
  let from: string | null = running ?? null;
  const decided = (objections: Objection[]): Decision => {
    const automatic = objections.length === 0;
    return {
      sha,
      lane: automatic ? policy.automatic : policy.human,
      automatic,
      running: from,
      merges,
      objections,
    };
  };
  try {
    from = running ?? (await runningIn(github, policy.runs));
    return decided(await judge(github, policy, { sha, running: from }, merges));
  } catch (error) {
    if (error instanceof Problem && NO_ANSWER.includes(error.code)) throw error;
    const said = error instanceof Error ? error.message : String(error);
    return decided([objection("not-judged", `it could not be judged: ${said}`)]);
  }
}

/** The commit of the last promotion that succeeded, by our own records alone: a job of GitHub records what it likes. */
async function runningIn(github: GitHub, environment: string): Promise<string | null> {
  const records = await github.deploymentsOf(environment);
  return records.find(({ promotionId, state }) => promotionId !== null && state === "success")?.sha ?? null;
}

/** Walks from the commit back to what runs, and judges each merge between them. */
async function judge(
  github: GitHub,
  policy: Policy,
  { sha, running }: { sha: string; running: string | null },
  merges: Judged[],
): Promise<Objection[]> {
  const repository = await github.repository();
  const branch = repository.defaultBranch;
  if (!(await isWithin(github, sha, branch)))
    return [objection("not-on-branch", `it is not on ${branch}, or not any more`)];
  if (running === null)
    return [objection("running-unknown", "GitHub has no record of what runs in production")];
  let at: string | undefined = sha;
  while (at !== undefined && at !== running && merges.length < MOST_MERGES) {
    const merge: Commit | undefined = await github.commit(at);
    if (!merge) return [objection("commit-unknown", `GitHub does not know the commit ${at}`)];
    const judged = await judgeMerge(github, repository, policy, merge);
    merges.push(judged);
    if (judged.objections.length > 0) return judged.objections.map((each) => about(judged, each));
    at = merge.parents[0];
  }
  if (at !== running)
    return [objection("too-far", `production does not run one of the last ${merges.length} merges`)];
  return merges.length > 0 ? [] : [objection("nothing-new", "it is what runs in production")];
}

const about = ({ sha, pull }: Judged, { code, because }: Objection): Objection => {
  const which = pull === null ? sha.slice(0, 7) : `${sha.slice(0, 7)}, pull request ${pull}`;
  return { code, because: `${which}: ${because}` };
};

async function isWithin(github: GitHub, sha: string, branch: string): Promise<boolean> {
  const tip = await github.headOf(branch);
  if (tip === undefined || !(await github.commit(sha))) return false;
  return tip === sha || (await github.compare(sha, tip)).status === "ahead";
}
