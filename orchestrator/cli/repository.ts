import { githubSettings } from "../adapters/github-settings.ts";
import { applyRepository, planRepository, type RepositoryPlan } from "../github/repository.ts";
import { REPOSITORY_FILE, readRepositoryFile } from "../github/repository-file.ts";
import { problem } from "../problems.ts";
import { githubAccess } from "./github.ts";
import { speaker } from "./progress.ts";
import { ROOT } from "./root.ts";

type Options = { plan?: boolean; apply?: boolean; json?: boolean };

/** Ends with 3 when something is otherwise than the file says, or is missing: after --apply only for what people must give. */
export async function repositoryCommand({
  plan = false,
  apply = false,
  json = false,
}: Options): Promise<void> {
  if (plan === apply)
    throw problem("usage", { said: "give either --plan or --apply", command: "repository" });
  const wanted = readRepositoryFile(ROOT);
  const github = githubSettings(githubAccess());
  const found = apply
    ? await applyRepository(github, wanted, speaker(json))
    : await planRepository(github, wanted);
  const clean = found.missing.length === 0 && (apply || found.differences.length === 0);
  process.stdout.write(
    json ? `${JSON.stringify({ applied: apply, clean, ...found })}\n` : text(found, apply),
  );
  process.exitCode = clean ? 0 : 3;
}

function text({ differences, missing, unknown }: RepositoryPlan, applied: boolean): string {
  const lines = differences.flatMap(({ part, found, wanted }) => [
    `${part} ${applied ? "was changed" : "differs"}`,
    `  ${applied ? "was" : "found"}  ${JSON.stringify(found)}`,
    `  ${applied ? "is" : "wanted"} ${JSON.stringify(wanted)}`,
  ]);
  if (differences.length === 0) lines.push(`the repository is as ${REPOSITORY_FILE} says`);
  for (const each of missing)
    lines.push(`missing: ${each}; next: gh secret set or gh variable set, with --env`);
  for (const each of unknown) lines.push(`not in the file, and left alone: ${each}`);
  if (differences.length > 0 && !applied) lines.push("next: npm run repository -- --apply");
  return `${lines.join("\n")}\n`;
}
