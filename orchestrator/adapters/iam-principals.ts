import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListGroupsForUserCommand,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  paginateListAttachedUserPolicies,
  paginateListRolePolicies,
  paginateListRoles,
  paginateListUserPolicies,
  paginateListUsers,
} from "@aws-sdk/client-iam";
import { type PolicyDocument, type Principal, parsePolicy } from "../isolation/policy.ts";
import { isolationProblem } from "../isolation/problems.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

type Who = Pick<Principal, "name" | "part" | "environment">;

/** Reads who is there, and everything that IAM holds about each, with the eyes of whoever may read IAM. */
export function iamPrincipals(access: AwsAccess) {
  const iam = new IAMClient(clientSettings(access));

  /** A user or a role of this name, with his policies as they are now; undefined when there is none. */
  async function read(who: Who): Promise<Principal | undefined> {
    try {
      return (await user(who)) ?? (await role(who));
    } catch (error) {
      if (error instanceof SyntaxError || (error instanceof Error && error.message.includes("not evaluated")))
        throw isolationProblem("policy-unread", { principal: who.name, said: error.message }, error);
      throw error;
    }
  }

  async function user(who: Who): Promise<Principal | undefined> {
    const UserName = who.name;
    const found = await present(iam.send(new GetUserCommand({ UserName })));
    if (!found?.User) return undefined;
    const { Groups = [] } = await iam.send(new ListGroupsForUserCommand({ UserName }));
    if (Groups.length > 0)
      throw isolationProblem("policy-unread", { principal: who.name, said: "it is in a group" });
    const attached = await gathered(
      paginateListAttachedUserPolicies({ client: iam }, { UserName }),
      ({ AttachedPolicies = [] }) => AttachedPolicies.map(({ PolicyArn = "" }) => managed(PolicyArn)),
    );
    const inline = await gathered(
      paginateListUserPolicies({ client: iam }, { UserName }),
      ({ PolicyNames = [] }) =>
        PolicyNames.map(async (PolicyName) => {
          const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName }));
          return parsed(PolicyDocument);
        }),
    );
    const { Arn = "", PermissionsBoundary } = found.User;
    const boundary = PermissionsBoundary?.PermissionsBoundaryArn;
    return {
      ...who,
      arn: Arn,
      policies: await Promise.all([...attached, ...inline]),
      ...(boundary ? { boundary: await managed(boundary) } : {}),
    };
  }

  async function role(who: Who): Promise<Principal | undefined> {
    const RoleName = who.name;
    const found = await present(iam.send(new GetRoleCommand({ RoleName })));
    if (!found?.Role) return undefined;
    const attached = await gathered(
      paginateListAttachedRolePolicies({ client: iam }, { RoleName }),
      ({ AttachedPolicies = [] }) => AttachedPolicies.map(({ PolicyArn = "" }) => managed(PolicyArn)),
    );
    const inline = await gathered(
      paginateListRolePolicies({ client: iam }, { RoleName }),
      ({ PolicyNames = [] }) =>
        PolicyNames.map(async (PolicyName) => {
          const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
          return parsed(PolicyDocument);
        }),
    );
    const { Arn = "", PermissionsBoundary, AssumeRolePolicyDocument } = found.Role;
    const boundary = PermissionsBoundary?.PermissionsBoundaryArn;
    return {
      ...who,
      arn: Arn,
      policies: await Promise.all([...attached, ...inline]),
      trust: parsed(AssumeRolePolicyDocument),
      ...(boundary ? { boundary: await managed(boundary) } : {}),
    };
  }

  async function managed(PolicyArn: string): Promise<PolicyDocument> {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId ?? "" }),
    );
    return parsed(PolicyVersion?.Document);
  }

  /** The names of all users and roles that begin like those of an environment. */
  async function namesLike(beginnings: string[]): Promise<string[]> {
    const users = await gathered(paginateListUsers({ client: iam }, {}), ({ Users = [] }) =>
      Users.map(({ UserName = "" }) => UserName),
    );
    const roles = await gathered(paginateListRoles({ client: iam }, {}), ({ Roles = [] }) =>
      Roles.map(({ RoleName = "" }) => RoleName),
    );
    return [...users, ...roles].filter((name) => beginnings.some((each) => name.startsWith(each)));
  }

  return { read, namesLike };
}

/** IAM gives its documents encoded as a part of an address. */
const parsed = (document = "{}"): PolicyDocument => parsePolicy(decodeURIComponent(document));

async function gathered<P, T>(pages: AsyncIterable<P>, of: (page: P) => T[]): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...of(page));
  return all;
}

async function present<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
}
