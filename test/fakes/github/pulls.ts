import { showCommit } from "./commits.ts";
import { made, notFound, ok, Pages, Refusal, type Route } from "./http.ts";
import { type Pull, type RawAccount, REPOSITORY_ID, type State, WEB_FLOW } from "./state.ts";

const MOST_COMMITS = 250;
const MOST_FILES = 3_000;

const partedAt = ({ repository }: State, { base, head }: Pull) => repository.mergeBase(base.sha, head.sha);
export const commitsOf = (state: State, pull: Pull) =>
  state.repository.between(partedAt(state, pull), pull.head.sha);
const filesOf = (state: State, pull: Pull) => state.repository.files(partedAt(state, pull), pull.head.sha);

/** A pull request as a list shows it. */
export function showPull(state: State, pull: Pull) {
  const { asked, rebased, base, ...shown } = pull;
  const html_url = `https://github.example/${state.fullName}/pull/${pull.number}`;
  return { ...shown, base: { ...base, repo: { id: REPOSITORY_ID } }, html_url };
}

/** A pull request as GitHub shows it by itself: with the numbers, and after a while with whether it can be merged. */
function showWhole(state: State, pull: Pull) {
  const tip = state.repository.head(pull.base.ref) as string;
  const known = pull.state === "open" && pull.asked++ > 0;
  const counts = { commits: commitsOf(state, pull).length, changed_files: filesOf(state, pull).length };
  const mergeable = known ? state.repository.mergedTree(tip, pull.head.sha) !== undefined : null;
  return { ...showPull(state, pull), ...counts, merged: pull.merged_at !== null, mergeable };
}

/** Merges a pull request as its button does. Throws what GitHub refuses it with. */
export function merge(
  state: State,
  pull: Pull,
  { by, method = "merge", title }: { by: RawAccount; method?: "merge" | "squash" | "rebase"; title?: string },
): string {
  const { repository } = state;
  const before = repository.head(pull.base.ref) as string;
  if (pull.state !== "open" || pull.draft) throw new Refusal(405, "Pull Request is not mergeable");
  if (state.mergeRefusal) throw new Refusal(405, state.mergeRefusal);
  const tree = repository.mergedTree(before, pull.head.sha);
  if (!tree) throw new Refusal(405, "Pull Request is not mergeable");
  const message = title ?? `Merge pull request #${pull.number} from ${pull.head.ref}`;
  const sha = method === "rebase" ? rebased(state, pull, before) : joined();
  function joined(): string {
    const parents = method === "squash" ? [before] : [before, pull.head.sha];
    const commit = repository.commitTree(tree as string, parents, message);
    return state.sign(commit, method === "squash" ? pull.user : by, WEB_FLOW);
  }
  state.push(pull.base.ref, sha, by, "pr_merge");
  const base = { ...pull.base, sha: before };
  Object.assign(pull, {
    state: "closed",
    merged_at: state.now(),
    merged_by: by,
    merge_commit_sha: sha,
    base,
  });
  return sha;
}

/** GitHub does not sign the commits that it makes for a rebase. */
function rebased(state: State, pull: Pull, onto: string): string {
  pull.rebased = [];
  let tip = onto;
  for (const each of commitsOf(state, pull)) {
    const { tree, message } = state.repository.read(each);
    // The time is another then, and with it the commit; here all times are the same.
    tip = state.repository.commitTree(tree, [tip], `${message}\n\nRebased`);
    state.sign(tip, pull.user, WEB_FLOW, { verified: false, reason: "unsigned" });
    pull.rebased.push(tip);
  }
  return tip;
}

export function pullRoutes(state: State): Route[] {
  const { repository } = state;
  const at = "/repos/:owner/:repo/pulls";
  const numbered = (number = "") => {
    const pull = state.pulls.find((each) => each.number === Number(number));
    if (!pull) throw notFound();
    return pull;
  };
  return [
    [
      "GET",
      at,
      ({ query }) => {
        const branch = query.get("head")?.split(":")[1];
        const found = state.pulls.filter(
          (pull) =>
            (branch === undefined || (pull.head.ref === branch && pull.head.repo?.id === REPOSITORY_ID)) &&
            (query.get("state") === "all" || pull.state === (query.get("state") ?? "open")),
        );
        return ok(new Pages(found.toReversed().map((pull) => showPull(state, pull))));
      },
    ],
    ["GET", `${at}/:number`, ({ parameters }) => ok(showWhole(state, numbered(parameters.number)))],
    [
      "GET",
      `${at}/:number/commits`,
      ({ parameters }) => {
        const commits = commitsOf(state, numbered(parameters.number)).slice(0, MOST_COMMITS);
        return ok(new Pages(commits.map((sha) => showCommit(state, sha))));
      },
    ],
    [
      "GET",
      `${at}/:number/files`,
      ({ parameters }) => ok(new Pages(filesOf(state, numbered(parameters.number)).slice(0, MOST_FILES))),
    ],
    [
      "POST",
      at,
      ({ body: { title, body = "", head, base, draft = false } }) => {
        const [tip, onto] = [repository.head(head), repository.head(base)];
        const invalid = (message: string) =>
          new Refusal(422, "Validation Failed", [{ resource: "PullRequest", code: "custom", message }]);
        if (!tip || !onto) throw invalid("head is invalid");
        if (repository.between(onto, tip).length === 0)
          throw invalid(`No commits between ${base} and ${head}`);
        if (state.pulls.some((each) => each.state === "open" && each.head.ref === head))
          throw invalid(`A pull request already exists for example:${head}.`);
        const pull = openPull(state, { title, body, head, base, user: state.actor, draft });
        return made(showWhole(state, pull));
      },
    ],
    [
      "PATCH",
      `${at}/:number`,
      ({ parameters, body }) => {
        const pull = numbered(parameters.number);
        const impossible = pull.merged_at !== null || !repository.head(pull.head.ref);
        if (body.state === "open" && pull.state === "closed" && impossible)
          throw new Refusal(422, "Validation Failed", [
            { resource: "PullRequest", code: "custom", field: "state", message: "state cannot be changed." },
          ]);
        Object.assign(pull, body);
        return ok(showWhole(state, pull));
      },
    ],
    [
      "PUT",
      `${at}/:number/merge`,
      ({ parameters, body }) => {
        const pull = numbered(parameters.number);
        if (body.sha && body.sha !== pull.head.sha)
          throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
        const sha = merge(state, pull, {
          by: state.actor,
          method: body.merge_method,
          title: body.commit_title,
        });
        return ok({ sha, merged: true, message: "Pull Request successfully merged" });
      },
    ],
  ];
}

/** Opens a pull request from a branch that is there. */
export function openPull(
  state: State,
  {
    title,
    body = "",
    head,
    base,
    user,
    draft = false,
    fork,
  }: {
    title: string;
    body?: string;
    head: string;
    base: string;
    user: RawAccount;
    draft?: boolean;
    /** The id of another repository that it comes from; null for one that was deleted. */
    fork?: number | null;
  },
): Pull {
  const { repository } = state;
  const pull: Pull = {
    number: state.number(),
    title,
    body,
    state: "open",
    draft,
    user,
    base: { ref: base, sha: repository.head(base) as string },
    head: {
      ref: head,
      sha: repository.head(head) as string,
      repo: fork === null ? null : { id: fork ?? REPOSITORY_ID },
    },
    merged_at: null,
    merged_by: null,
    merge_commit_sha: null,
    asked: 0,
  };
  state.pulls.push(pull);
  return pull;
}
