import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";

/** Stands in for GitHub's own command in a job: does what our workflows ask of it, and refuses anything else. */
const { GITHUB_API_URL, GH_TOKEN, GITHUB_TOKEN } = process.env;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    jq: { type: "string" },
    ref: { type: "string" },
    repo: { type: "string" },
    approve: { type: "boolean" },
    merge: { type: "boolean" },
    "match-head-commit": { type: "string" },
  },
});

async function ask(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const token = GH_TOKEN || GITHUB_TOKEN;
  if (!token) throw new Error("gh: it has no token");
  const answer = await fetch(`${GITHUB_API_URL}/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`gh: ${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : {};
}

/** The repository that is named, or the one that is checked out; elsewhere the real one fails too. */
function repository(): string {
  if (values.repo) return values.repo;
  execFileSync("git", ["remote", "get-url", "origin"], { stdio: "ignore" });
  return process.env.GITHUB_REPOSITORY ?? "";
}

async function pullOf(branch: string): Promise<unknown> {
  const [owner] = repository().split("/");
  const found = await ask("GET", `repos/${repository()}/pulls?state=open&head=${owner}:${branch}`);
  const [pull] = found as unknown as { number: number }[];
  if (!pull) throw new Error(`gh: no pull request found for ${branch}`);
  return pull.number;
}

const [noun = "", verb = "", what = ""] = positionals;
const command = `${noun} ${verb}`;
if (noun === "api" && /^\.\w+$/.test(values.jq ?? ""))
  process.stdout.write(`${(await ask("GET", verb))[(values.jq ?? "").slice(1)]}\n`);
else if (command === "workflow run" && values.ref)
  await ask("POST", `repos/${repository()}/actions/workflows/${what}/dispatches`, { ref: values.ref });
else if (command === "pr review" && values.approve)
  await ask("POST", `repos/${repository()}/pulls/${await pullOf(what)}/reviews`, { event: "APPROVE" });
else if (command === "pr merge" && values.merge)
  await ask("PUT", `repos/${repository()}/pulls/${await pullOf(what)}/merge`, {
    merge_method: "merge",
    sha: values["match-head-commit"],
  });
else throw new Error(`gh: this stand-in knows no ${process.argv.slice(2).join(" ")}`);
