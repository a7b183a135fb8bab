import type { Place } from "../place.ts";
import { type Kind, type Kinds, on } from "./kind.ts";

/** The roles, users and policies themselves: who may change them may do anything. */
export const identity: Kinds = (place, from) => {
  const { environment: env, account } = place;
  const arn = (resource: string) => `arn:aws:iam::${account}:${resource}`;
  const policies = ["deployer-allowed", "deployer-denied", "function-boundary"].map((name) =>
    arn(`policy/${env}-${name}`),
  );
  return [
    functionRole(place, from),
    ...["deployer", "release reader", "preview reader"].map((part) => principal(part, place)),
    {
      kind: "policies",
      classes: {
        look: policies.flatMap((policy) => on(policy, ["iam:GetPolicy", "iam:GetPolicyVersion"])),
        govern: policies.flatMap((policy) =>
          on(policy, [
            "iam:CreatePolicyVersion",
            "iam:DeletePolicy",
            "iam:DeletePolicyVersion",
            "iam:SetDefaultPolicyVersion",
          ]),
        ),
        tag: policies.flatMap((policy) => on(policy, ["iam:TagPolicy"])),
        make: on(arn(`policy/${env}-another`), ["iam:CreatePolicy"]),
      },
    },
    {
      kind: "new user",
      classes: {
        // However he is called: an environment's name is the first word of a name, or the second.
        look: [`${env}-somebody`, `${place.project}-${env}-somebody`].flatMap((name) => [
          ...on(arn(`user/${name}`), ["iam:GetUser"]),
          ...on(arn(`policy/${name}`), ["iam:GetPolicy"]),
        ]),
        "look at role": on(arn(`role/${env}-somebody`), ["iam:GetRole"]),
        "look at principal": on(arn(`role/${place.project}-${env}-somebody`), ["iam:GetRole"]),
        make: ["User", "AccessKey", "LoginProfile", "ServiceSpecificCredential"].flatMap((what) =>
          on(arn(`user/${env}-somebody`), [`iam:Create${what}`]),
        ),
      },
    },
    {
      kind: "new group",
      classes: {
        make: [
          ...on(arn(`group/${env}-some`), ["iam:CreateGroup", "iam:AddUserToGroup", "iam:PutGroupPolicy"]),
          ...on(arn(`instance-profile/${env}-some`), [
            "iam:CreateInstanceProfile",
            "iam:AddRoleToInstanceProfile",
          ]),
        ],
      },
    },
    {
      kind: "identity provider",
      classes: {
        govern: [
          ...on(arn("oidc-provider/token.actions.githubusercontent.com"), [
            "iam:AddClientIDToOpenIDConnectProvider",
            "iam:CreateOpenIDConnectProvider",
            "iam:UpdateOpenIDConnectProviderThumbprint",
          ]),
          ...on(arn("saml-provider/some"), ["iam:CreateSAMLProvider", "iam:UpdateSAMLProvider"]),
        ],
        destroy: on(arn("oidc-provider/token.actions.githubusercontent.com"), [
          "iam:DeleteOpenIDConnectProvider",
        ]),
      },
    },
  ];
};

function functionRole({ environment: env, account }: Place, from: Place): Kind {
  const arn = `arn:aws:iam::${account}:role/${env}-sentiment-dashboard-role`;
  const boundedBy = (environment: string) => ({
    "iam:permissionsboundary": `arn:aws:iam::${account}:policy/${environment}-function-boundary`,
  });
  const bounded = boundedBy(env);
  const wrongly = { "iam:permissionsboundary": "arn:aws:iam::aws:policy/AdministratorAccess" };
  return {
    kind: "function's role",
    classes: {
      look: on(arn, ["iam:GetRole", "iam:GetRolePolicy"]),
      make: on(arn, ["iam:CreateRole"], bounded),
      // Within the boundary of whoever makes it, wherever it is.
      "make as own": on(arn, ["iam:CreateRole", "iam:PutRolePolicy"], boundedBy(from.environment)),
      shape: on(arn, ["iam:PutRolePolicy"], bounded),
      "make unbounded": [undefined, wrongly].flatMap((context) =>
        on(arn, ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"], context),
      ),
      "drop policy": on(arn, ["iam:DeleteRolePolicy"], bounded),
      destroy: on(arn, ["iam:DeleteRole"]),
      trust: on(arn, ["iam:UpdateAssumeRolePolicy"]),
      attach: on(arn, ["iam:AttachRolePolicy", "iam:DetachRolePolicy"], bounded),
      unbind: on(arn, ["iam:DeleteRolePermissionsBoundary"], bounded),
      assume: on(arn, ["sts:AssumeRole"]),
      pass: on(arn, ["iam:PassRole"], { "iam:passedtoservice": "lambda.amazonaws.com" }),
      "pass elsewhere": ["ec2.amazonaws.com", "events.amazonaws.com"].flatMap((service) =>
        on(arn, ["iam:PassRole"], { "iam:passedtoservice": service }),
      ),
    },
  };
}

/** One of those that the foundation makes: a user with keys, or a role that GitHub's workflows become. */
function principal(part: string, { environment, project, account, principals }: Place): Kind {
  const arn = `arn:aws:iam::${account}:${principals}/${project}-${environment}-${part.replace(" ", "-")}`;
  const of = principals === "user" ? "User" : "Role";
  return {
    kind: part,
    classes: {
      look: on(arn, [`iam:Get${of}`]),
      ask: on(arn, ["iam:SimulatePrincipalPolicy"]),
      "take over":
        principals === "user"
          ? on(arn, ["iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateAccessKey"])
          : on(arn, ["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"]),
      govern: on(
        arn,
        [`Put${of}Policy`, `Attach${of}Policy`, `Detach${of}Policy`, `Delete${of}PermissionsBoundary`].map(
          (action) => `iam:${action}`,
        ),
      ),
      // Its name is free for both, whichever it is.
      tag: [
        ...on(arn.replace(/:(user|role)\//, ":user/"), ["iam:TagUser"]),
        ...on(arn.replace(/:(user|role)\//, ":role/"), ["iam:TagRole"]),
      ],
      pass: on(arn.replace(":user/", ":role/"), ["iam:PassRole"], {
        "iam:passedtoservice": "lambda.amazonaws.com",
      }),
      destroy: on(arn, [`iam:Delete${of}`]),
    },
  };
}
