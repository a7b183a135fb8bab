import { timeNeeded } from "../promotion/time-needed.ts";
import { type Finding, findingsOf } from "./finding.ts";
import { checkOf, type Ground } from "./ground.ts";
import type { Identity } from "./place.ts";

const use = (p: { environment: string; deployer: string }) =>
  `use the credentials of ${p.deployer}: export AWS_PROFILE=<its profile>, then npm run doctor -- --env ${p.environment}`;

type Whose = { environment: string; deployer: string; arn: string };

const find = findingsOf("credentials", {
  "credentials-fine": {
    severity: "fine",
    seen: (p: { arn: string; until: string }) => `${p.arn}, ${p.until}`,
  },
  "credentials-of-root": {
    severity: "problem",
    seen: (p: Whose) => `they are the account's root user's (${p.arn}), whom no policy limits`,
    remedy: use,
  },
  "credentials-of-another-environment": {
    severity: "problem",
    seen: (p: Whose & { other: string }) => `they belong to ${p.other} (${p.arn})`,
    remedy: use,
  },
  "credentials-not-the-deployers": {
    severity: "problem",
    seen: (p: Whose) => `they are not the deployer's, but ${p.arn}`,
    remedy: use,
  },
  "credentials-too-mighty": {
    severity: "problem",
    seen: (p: Whose & { allowed: string[] }) =>
      `the deployer may do what only an administrator should: ${p.allowed.join(", ")}`,
    remedy: (p) =>
      `see which policy lets it, and take it away: aws iam list-attached-user-policies --user-name ${p.deployer}`,
  },
  "credentials-end-early": {
    severity: "problem",
    seen: (p: { ends: string; needed: string }) =>
      `they end at ${p.ends}; a promotion may last until ${p.needed}`,
    remedy: () =>
      "log in anew, or let the role's sessions last longer: aws sts get-caller-identity, then promote",
  },
});

/**
 * Who has one of the first can make itself anything. The last two are nothing that a promotion needs: whoever has them has
 * a policy of everything, whatever the deployer's own denies take out of it.
 */
const ONLY_ADMINISTRATORS = [
  "iam:CreateUser",
  "iam:AttachUserPolicy",
  "iam:CreatePolicyVersion",
  "ec2:RunInstances",
  "cloudformation:CreateStack",
];

export const credentials = checkOf(find, async (ground) => {
  const identity = await ground.place.whoami();
  const wrong = judgeOwner(identity, ground);
  if (wrong) return [wrong];
  const allowed = await ground.place.allowedEverywhere(identity.arn, ONLY_ADMINISTRATORS);
  if (allowed.length > 0) return [find("credentials-too-mighty", { ...whose(identity, ground), allowed })];
  return [judgeLife(identity, ground)];
});

function whose({ arn }: Identity, { environment, project }: Ground): Whose {
  return { environment: environment.name, deployer: deployerOf(environment.name, project), arn };
}

const deployerOf = (environment: string, project: string) => `${project}-${environment}-deployer`;

/** A user of the deployer's name, or a session of a role of that name. */
function belongsTo(name: string, arn: string): boolean {
  const [, kind = "", ...path] = /:(user|assumed-role)\/(.+)$/.exec(arn) ?? [];
  const owner = kind === "user" ? path[0]?.split("/").at(-1) : path[0]?.split("/")[0];
  return owner === name;
}

function judgeOwner(identity: Identity, ground: Ground): Finding | undefined {
  const about = whose(identity, ground);
  if (identity.arn.endsWith(":root")) return find("credentials-of-root", about);
  if (belongsTo(about.deployer, identity.arn)) return undefined;
  const other = ground.otherEnvironments.find((name) => identity.arn.includes(`/${ground.project}-${name}-`));
  return other
    ? find("credentials-of-another-environment", { ...about, other })
    : find("credentials-not-the-deployers", about);
}

function judgeLife({ arn, expires }: Identity, { environment, now }: Ground): Finding {
  const by = new Date(now().getTime() + timeNeeded(environment.promotion));
  if (expires && expires < by)
    return find("credentials-end-early", { ends: expires.toISOString(), needed: by.toISOString() });
  return find("credentials-fine", {
    arn,
    until: expires ? `until ${expires.toISOString()}` : "without an end",
  });
}
