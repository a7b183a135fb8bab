import type { Comment, GitHub } from "../ports/github.ts";
import { Problem } from "../problem.ts";

type Comments = Pick<GitHub, "comments" | "comment" | "editComment">;

export type Kept = "written" | "edited" | "unchanged";

/**
 * Keeps one comment of a pull request that begins with a marker: edits it in place, or writes it where there is none. An
 * answer that was lost is no reason to write it twice, and one that somebody deleted meanwhile is written anew.
 */
export async function keepComment(
  github: Comments,
  { pull, marker, body }: { pull: number; marker: string; body: string },
): Promise<Kept> {
  const own = await ours(github, pull, marker);
  const [first, ...later] = own;
  // Two runs that began at once have each written one: nobody may read the older for the newer.
  for (const each of later) await edit(github, each, `${marker}\n_It is kept further up._`);
  if (first && (await edit(github, first, body))) return first.body === body ? "unchanged" : "edited";
  return await write(github, { pull, marker, body });
}

async function write(
  github: Comments,
  { pull, marker, body }: { pull: number; marker: string; body: string },
): Promise<Kept> {
  try {
    await github.comment(pull, body);
  } catch (error) {
    const landed = await ours(github, pull, marker).catch(() => []);
    if (!landed.some((each) => each.body === body)) throw error;
  }
  return "written";
}

/** Those with the marker, oldest first. Where a bot has one, what a person begins alike is that person's own. */
async function ours(github: Comments, pull: number, marker: string): Promise<Comment[]> {
  const marked = (await github.comments(pull)).filter(({ body }) => body.split(/\r?\n/)[0] === marker);
  const bots = marked.filter(({ author }) => author?.kind === "Bot");
  return bots.length > 0 ? bots : marked;
}

/** False when it is there no more. */
async function edit(github: Comments, { id, body: before }: Comment, body: string): Promise<boolean> {
  if (before === body) return true;
  try {
    await github.editComment(id, body);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.code === "github-lacks") return false;
    throw error;
  }
}
