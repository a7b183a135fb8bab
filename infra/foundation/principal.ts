import type { Statement } from "./statement.ts";

/** What a principal is for. `function` stands for the role of one function, which the stack makes, not the foundation. */
export type Part = "deployer" | "release-reader" | "preview-reader" | "function";

/** Who may be a role: a service, or a workflow that a trusted provider of identities vouches for. */
export type Trust = {
  Effect: "Allow";
  Principal: { Service: string } | { Federated: string };
  Action: string;
  Condition?: Record<string, Record<string, string | string[]>>;
};

/** A ceiling: what no policy of the principal can exceed. */
export type Boundary = { name: string; arn: string; allow: Statement[] };

/** Who acts in an environment, and all that IAM knows of it. `R` is a text, or what becomes one when a key's ARN is known. */
export type Principal<R = string> = {
  part: Part;
  name: string;
  arn: string;
  /** A role is assumed, by GitHub's word or by a service; a user has access keys. */
  kind: "role" | "user";
  /** Only of a role. */
  trust?: Trust[];
  allow: Statement<R>[];
  deny: Statement<R>[];
  boundary?: Boundary;
};

/** What is known only where an environment is: the account, and the ARNs of the keys behind their aliases. */
export type Known<R = string> = { account: string; keys: { secrets: R; signing: R } };

/** What names the account itself is known by. */
export const iamArn = (account: string, resource: string) => `arn:aws:iam::${account}:${resource}`;
