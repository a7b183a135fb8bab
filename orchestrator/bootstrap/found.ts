/** What an administrator finds of one bucket. */
export type FoundBucket = {
  name: string;
  mfaDelete: boolean;
  /** The key that encrypts it, where it is one of KMS. */
  kmsKey?: string | undefined;
  statements: object[];
  lifecycle: { id: string; days: number | undefined }[];
};

export type FoundKey = {
  id: string;
  usage: string;
  spec: string;
  state: string;
};

/** What stands of an environment's foundation, as AWS tells it. What is not there is undefined. */
export type Found = {
  account: string;
  buckets: { state: FoundBucket | undefined; packages: FoundBucket | undefined };
  ledger: { keys: string[]; kmsKey?: string | undefined } | undefined;
  keys: { secrets: FoundKey | undefined; signing: FoundKey | undefined };
  /** Whether the alias is there; a run that was interrupted leaves keys without one. */
  aliases: { secrets: boolean; signing: boolean };
  secrets: Record<string, { arn: string; kmsKey?: string | undefined; deleted: boolean } | undefined>;
  /** By name. */
  principals: Record<string, { kind: "user" | "role"; boundary?: string | undefined } | undefined>;
  /** ARNs of the managed policies that are there. */
  policies: string[];
  /** Whether the account has a provider for GitHub's tokens. */
  githubProvider: boolean;
};
