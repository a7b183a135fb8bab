import { iamArn, type Trust } from "./principal.ts";

const ISSUER = "token.actions.githubusercontent.com";

/** The audience that GitHub's tokens must be for. */
export const AUDIENCE = "sts.amazonaws.com";

/** Where GitHub's tokens come from, and the provider of identities that stands for it in an account. */
export const GITHUB = {
  url: `https://${ISSUER}`,
  arn: (account: string) => iamArn(account, `oidc-provider/${ISSUER}`),
};

/**
 * Lets workflows of one repository be a role: those whose token names exactly one of these subjects. Not `StringLike`: a
 * pattern of a subject also fits what somebody may name a branch or an environment.
 */
export function trustGithub(account: string, subjects: string[]): Trust[] {
  return [
    {
      Effect: "Allow",
      Principal: { Federated: GITHUB.arn(account) },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: subjects } },
    },
  ];
}

/** Lets Lambda run a function as a role. */
export const trustLambda: Trust[] = [
  { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
];
