/** An environment by the names of what is in it, and where it is. */
export type Place = {
  environment: string;
  project: string;
  region: string;
  account: string;
  stateBucket: string;
  packagesBucket: string;
  ledgerTable: string;
  secretsKeyAlias: string;
  signingKeyAlias: string;
  /** A key's ARN is an id that is drawn. */
  secretsKeyArn: string;
  signingKeyArn: string;
  newsSecret: string;
  healthSecret: string;
  /** Whether those who act in it are users with keys, or roles that GitHub's workflows become. */
  principals: "user" | "role";
};

/** The sides of an isolation: a principal's own environment, the others, and what belongs to none that anybody knows. */
export type Side = "own" | "other" | "elsewhere";

/** The name of the environment that does not exist. A policy that reaches it reaches too far. */
export const ELSEWHERE = "elsewhere";

/**
 * The place of an environment that no policy has heard of, in the same account and named by the same rules: what somebody
 * else runs there, or will.
 */
export function elsewhere(place: Place): Place {
  const named = new RegExp(`(?<![a-z0-9])${place.environment}(?![a-z0-9])`, "g");
  const moved = Object.entries(place).map(([key, value]) => [key, value.replaceAll(named, ELSEWHERE)]);
  const key = (id: string) => `arn:aws:kms:${place.region}:${place.account}:key/${id}`;
  return {
    ...(Object.fromEntries(moved) as Place),
    principals: place.principals,
    secretsKeyArn: key("00000000-0000-4000-8000-000000000001"),
    signingKeyArn: key("00000000-0000-4000-8000-000000000002"),
  };
}
