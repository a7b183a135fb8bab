import { made, NO_CONTENT, notFound, ok, Pages, Refusal, type Route } from "./http.ts";
import { showPull } from "./pulls.ts";
import { NOTHING, REPOSITORY_ID, type State, UNSIGNED, VALID, WEB_FLOW } from "./state.ts";

/** GitHub finds 250 commits of a pull request and 300 files of a comparison, and no more. */
const MOST_FILES = 300;

const BRANCH = /^refs\/heads\/(.+)$/;

/** A commit as GitHub shows it. */
export function showCommit(state: State, sha: string) {
  const { tree, parents, message } = state.repository.read(sha);
  const known = state.signed.get(sha) ?? { author: null, committer: null, verification: UNSIGNED };
  const { author, committer, verification } = known;
  const said = { name: "Example", email: "example@example.com", date: "2026-11-24T08:00:00Z" };
  return {
    sha,
    commit: { message, tree: { sha: tree }, author: said, committer: said, verification },
    parents: parents.map((each) => ({ sha: each })),
    author,
    committer,
  };
}

export function commitRoutes(state: State): Route[] {
  const { repository } = state;
  const at = "/repos/:owner/:repo";
  const known = (name: string) => {
    const sha = repository.resolve(name);
    if (!sha) throw new Refusal(422, `No commit found for SHA: ${name}`);
    return sha;
  };
  return [
    [
      "GET",
      at,
      () =>
        ok({
          id: REPOSITORY_ID,
          full_name: state.fullName,
          default_branch: state.defaultBranch,
          ...state.settings.merging,
        }),
    ],
    ["GET", `${at}/commits/:sha`, ({ parameters: { sha = "" } }) => ok(showCommit(state, known(sha)))],
    [
      "GET",
      `${at}/commits/:sha/pulls`,
      ({ parameters: { sha = "" } }) => {
        const wanted = known(sha);
        const with_ = state.pulls.filter(
          (pull) =>
            pull.merge_commit_sha === wanted || pull.head.sha === wanted || pull.rebased?.includes(wanted),
        );
        return ok(new Pages(with_.map((pull) => showPull(state, pull))));
      },
    ],
    [
      "GET",
      `${at}/git/ref/*ref`,
      ({ parameters: { ref = "" } }) => {
        const sha = repository.head(ref.replace(/^heads\//, ""));
        if (!sha) throw notFound();
        return ok({ ref: `refs/${ref}`, object: { sha, type: "commit" } });
      },
    ],
    [
      "GET",
      `${at}/compare/*basehead`,
      ({ parameters: { basehead = "" } }) => {
        const [from = "", to = ""] = basehead.split("...");
        const [base, head] = [known(from), known(to)];
        const parted = repository.mergeBase(base, head);
        const ahead = repository.between(base, head).length;
        const behind = repository.between(head, base).length;
        const status = ahead && behind ? "diverged" : ahead ? "ahead" : behind ? "behind" : "identical";
        const files = repository.files(parted, head).slice(0, MOST_FILES);
        return ok({ status, ahead_by: ahead, behind_by: behind, merge_base_commit: { sha: parted }, files });
      },
    ],
    [
      "GET",
      `${at}/contents/*path`,
      ({ parameters: { path = "" }, query }) => {
        const text = repository.blob(query.get("ref") ?? state.defaultBranch, path);
        if (text === undefined) throw notFound();
        return { status: 200, text };
      },
    ],
    [
      "GET",
      `${at}/activity`,
      ({ query }) => ok(new Pages(state.activities.filter(({ ref }) => ref === query.get("ref")))),
    ],
    [
      "POST",
      `${at}/git/commits`,
      ({ body: { message, tree, parents } }) => {
        if (!repository.isTree(tree)) throw new Refusal(422, "Tree SHA does not exist");
        const sha = repository.commitTree(tree, parents.map(known), message);
        state.sign(sha, state.actor, WEB_FLOW, VALID);
        return made({ sha, tree: { sha: tree }, message });
      },
    ],
    [
      "POST",
      `${at}/git/refs`,
      ({ body: { ref, sha } }) => {
        const [, branch] = BRANCH.exec(ref) ?? [];
        if (!branch || !repository.resolve(sha)) throw new Refusal(422, "Object does not exist");
        if (repository.head(branch)) throw new Refusal(422, "Reference already exists");
        state.push(branch, sha, state.actor);
        return made({ ref, object: { sha, type: "commit" } });
      },
    ],
    [
      "DELETE",
      `${at}/git/refs/*ref`,
      ({ parameters: { ref = "" } }) => {
        const branch = ref.replace(/^heads\//, "");
        const before = repository.head(branch);
        if (!before) throw new Refusal(422, "Reference does not exist");
        repository.remove(branch);
        state.note(branch, "branch_deletion", state.actor, before, NOTHING);
        return NO_CONTENT;
      },
    ],
  ];
}
