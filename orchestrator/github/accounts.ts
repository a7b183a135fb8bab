import type { Account } from "../ports/github.ts";

/** The accounts of GitHub's own apps. An id is never given twice; the rest is checked to notice what is odd. */
export const DEPENDABOT: Account = { id: 49699333, login: "dependabot[bot]", kind: "Bot" };
/** In whose name GitHub itself commits: a merge, or a commit of an app. Its signature is GitHub's. */
export const WEB_FLOW: Account = { id: 19864447, login: "web-flow", kind: "User" };

/** Whether an account is just this one, by all that GitHub tells. */
export const isSame = (account: Account | null, known: Account): boolean =>
  account?.id === known.id && account.login === known.login && account.kind === known.kind;

export const nameOf = (account: Account | null): string =>
  account ? `${account.login} (${account.kind} ${account.id})` : "nobody whom GitHub knows";
