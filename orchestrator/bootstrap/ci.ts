import type { Part, Principal } from "../../infra/foundation/principal.ts";
import type { FoundationSettings } from "../../infra/foundation/settings.ts";
import type { AccessKey } from "./keys.ts";

/** Something to be put into the settings of the repository: where, and whether it is a secret. */
export type CiEntry = {
  /** A GitHub environment, or the whole repository. */
  where: { environment: string } | "repository";
  kind: "variable" | "secret";
  name: string;
  value: string;
};

/**
 * Who gets an access key. Not the preview reader: its key would lie in the repository, where whatever a pull request runs could
 * take it. In CI it is a role, or nobody.
 */
export const takesKey = ({ kind, part }: Principal) => kind === "user" && part !== "preview-reader";

/**
 * What to put where in CI, named as the workflows read it: a role's ARN where GitHub vouches for workflows, else a user's keys.
 * Only keys that were just made are here: AWS tells a secret once.
 */
export function ciEntries(
  settings: FoundationSettings,
  made: Principal[],
  keys: Partial<Record<Part, AccessKey>>,
): CiEntry[] {
  const prefix = settings.environment.toUpperCase();
  const { environments, readers } = settings.github;
  const everywhere = ["repository" as const];
  const within = (names: string[]) => names.map((environment) => ({ environment }));
  const entries = made.flatMap((principal): CiEntry[] => {
    const { part, kind, arn } = principal;
    if (kind === "role") {
      if (part === "deployer") return placed(within(environments), "variable", { AWS_ROLE_ARN: arn });
      if (part === "release-reader")
        return placed(within(readers), "variable", { [`${prefix}_RELEASE_READER_ROLE_ARN`]: arn });
      return placed(everywhere, "variable", { [`${prefix}_PREVIEW_ROLE_ARN`]: arn });
    }
    const key = keys[part];
    if (!key) return [];
    const [where, of] =
      part === "deployer" ? [within(environments), ""] : [within(readers), "RELEASE_READER_"];
    return placed(where, "secret", {
      [`${prefix}_${of}AWS_ACCESS_KEY_ID`]: key.accessKeyId,
      [`${prefix}_${of}AWS_SECRET_ACCESS_KEY`]: key.secretAccessKey,
    });
  });
  return entries;
}

function placed(where: CiEntry["where"][], kind: CiEntry["kind"], values: Record<string, string>): CiEntry[] {
  return where.flatMap((each) =>
    Object.entries(values).map(([name, value]) => ({ where: each, kind, name, value })),
  );
}
