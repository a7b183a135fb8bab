/** One statement of a policy, as AWS writes it. */
export type Statement = {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Principal?: "*" | Record<string, string | string[]>;
  Action: string | string[];
  /** A trust policy names none: it is part of what it is about. */
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | boolean | string[]>>;
};

export type PolicyDocument = { Version?: string; Statement: Statement[] };

/** Who acts, and everything that IAM holds about him. */
export type Principal = {
  /** His name in IAM. */
  name: string;
  /** What he is in the table of intents: `deployer`, `function ingestion`. */
  part: string;
  environment: string;
  arn: string;
  policies: PolicyDocument[];
  /** Nothing outside of it is allowed, whatever the policies say. */
  boundary?: PolicyDocument;
  /** Who may become him, where he is a role. */
  trust?: PolicyDocument;
};

/** What a request carries beside action and resource: the values of condition keys, by their lower-case names. */
export type Context = Record<string, string | string[]>;

/** One thing that might be done. */
export type Deed = { action: string; resource: string; context?: Context };

/** `forbidden` is an explicit Deny, which no other policy can overrule; `denied` is what nobody has allowed. */
export type Verdict = "allowed" | "denied" | "forbidden";

const READ = new Set(["Version", "Id", "Statement"]);
const READ_OF_STATEMENT = new Set(["Sid", "Effect", "Principal", "Action", "Resource", "Condition"]);

/**
 * Reads a policy as IAM gives it. Throws on an element that the evaluation does not know: to pass over `NotAction` would
 * be to call a policy narrow that is wide.
 */
export function parsePolicy(text: string): PolicyDocument {
  const document = JSON.parse(text) as PolicyDocument;
  const Statement = [document.Statement].flat();
  const unknown = [
    ...Object.keys(document).filter((key) => !READ.has(key)),
    ...Statement.flatMap((each) => Object.keys(each)).filter((key) => !READ_OF_STATEMENT.has(key)),
  ];
  if (unknown.length > 0) throw new Error(`a policy has ${unknown.join(", ")}, which is not evaluated here`);
  return { ...document, Statement };
}
