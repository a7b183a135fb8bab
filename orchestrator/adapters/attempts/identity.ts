import {
  AddClientIDToOpenIDConnectProviderCommand,
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  SimulatePrincipalPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { Place } from "../../isolation/place.ts";
import { type AwsAccess, clientSettings } from "../aws-access.ts";
import { type Attempts, NONE } from "./attempt.ts";

/** IAM takes no policy that is none. */
const NO_POLICY = "no policy";

/** Attempts on roles, users and policies: all writes are about one that does not exist, by a name like those that do. */
export function identityAttempts(access: AwsAccess): Attempts {
  const iam = new IAMClient(clientSettings(access));
  const sts = new STSClient(clientSettings(access));
  const arn = ({ account }: Place, resource: string) => `arn:aws:iam::${account}:${resource}`;
  const role = (place: Place, suffix = NONE) => ({ RoleName: `${place.environment}-sentiment-${suffix}` });
  const nowhere = (place: Place) => arn(place, `oidc-provider/${NONE}.example.com`);
  return {
    "function's role/look": (place) => iam.send(new GetRoleCommand(role(place, "dashboard-role"))),
    "function's role/make unbounded": (place) =>
      iam.send(new CreateRoleCommand({ ...role(place), AssumeRolePolicyDocument: NO_POLICY })),
    "function's role/drop policy": (place) =>
      iam.send(new DeleteRolePolicyCommand({ ...role(place), PolicyName: NONE })),
    "function's role/destroy": (place) => iam.send(new DeleteRoleCommand(role(place))),
    "function's role/trust": (place) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ ...role(place), PolicyDocument: NO_POLICY })),
    "function's role/attach": (place) =>
      iam.send(new DetachRolePolicyCommand({ ...role(place), PolicyArn: arn(place, `policy/${NONE}`) })),
    "function's role/unbind": (place) => iam.send(new DeleteRolePermissionsBoundaryCommand(role(place))),
    "function's role/assume": (place) =>
      sts.send(
        new AssumeRoleCommand({
          RoleArn: arn(place, `role/${role(place, "dashboard-role").RoleName}`),
          RoleSessionName: NONE,
        }),
      ),
    ...Object.assign({}, ...["deployer", "release reader", "preview reader"].map(principal)),
    "policies/look": (place) =>
      iam.send(
        new GetPolicyCommand({ PolicyArn: arn(place, `policy/${place.environment}-deployer-allowed`) }),
      ),
    "policies/govern": (place) =>
      iam.send(
        new DeletePolicyVersionCommand({
          PolicyArn: arn(place, `policy/${place.environment}-${NONE}`),
          VersionId: "v999",
        }),
      ),
    "policies/make": (place) =>
      iam.send(
        new CreatePolicyCommand({ PolicyName: `${place.environment}-${NONE}`, PolicyDocument: NO_POLICY }),
      ),
    "new user/make": (place) =>
      iam.send(new CreateAccessKeyCommand({ UserName: `${place.environment}-${NONE}` })),
    "new group/make": (place) =>
      iam.send(
        new AddUserToGroupCommand({
          GroupName: `${place.environment}-${NONE}`,
          UserName: `${place.environment}-${NONE}`,
        }),
      ),
    "identity provider/govern": (place) =>
      iam.send(
        new AddClientIDToOpenIDConnectProviderCommand({
          OpenIDConnectProviderArn: nowhere(place),
          ClientID: NONE,
        }),
      ),
    "identity provider/destroy": (place) =>
      iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: nowhere(place) })),
  };

  function principal(part: string): Attempts {
    const beginning = ({ project, environment }: Place) => `${project}-${environment}-`;
    const named = (place: Place) => `${beginning(place)}${part.replace(" ", "-")}`;
    const user = (place: Place) => ({ UserName: `${beginning(place)}${NONE}` });
    const inRole = (place: Place) => ({ RoleName: `${beginning(place)}${NONE}` });
    const none = (place: Place) => ({ PolicyArn: arn(place, `policy/${NONE}`) });
    const either =
      (ofUser: (place: Place) => Promise<unknown>, ofRole: (place: Place) => Promise<unknown>) =>
      (place: Place) =>
        place.principals === "user" ? ofUser(place) : ofRole(place);
    return {
      [`${part}/look`]: either(
        (place) => iam.send(new GetUserCommand({ UserName: named(place) })),
        (place) => iam.send(new GetRoleCommand({ RoleName: named(place) })),
      ),
      [`${part}/ask`]: (place) =>
        iam.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: arn(place, `${place.principals}/${named(place)}`),
            ActionNames: ["sts:GetCallerIdentity"],
          }),
        ),
      [`${part}/take over`]: either(
        (place) => iam.send(new CreateAccessKeyCommand(user(place))),
        (place) =>
          iam.send(new UpdateAssumeRolePolicyCommand({ ...inRole(place), PolicyDocument: NO_POLICY })),
      ),
      [`${part}/govern`]: either(
        (place) => iam.send(new DetachUserPolicyCommand({ ...user(place), ...none(place) })),
        (place) => iam.send(new DetachRolePolicyCommand({ ...inRole(place), ...none(place) })),
      ),
      [`${part}/destroy`]: either(
        (place) => iam.send(new DeleteUserCommand(user(place))),
        (place) => iam.send(new DeleteRoleCommand(inRole(place))),
      ),
    };
  }
}
