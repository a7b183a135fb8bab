import { expect } from "chai";
import { functionBoundary } from "../../../infra/foundation/function-roles.ts";
import { program } from "../../../infra/service.ts";
import { mockedRun } from "../mocked-run.ts";
import { decide } from "./iam.ts";
import {
  ACCOUNT,
  bounded,
  ENVIRONMENTS,
  principalsFor,
  STACKS,
  settingsOf,
  statementsOf,
} from "./settings-of.ts";

const REPOSITORY = "an-owner/a-repository";
const PARTS = ["deployer", "release-reader", "preview-reader"] as const;
const trustOf = (environment: string, part: (typeof PARTS)[number]) =>
  principalsFor(environment, part, REPOSITORY)[0]?.trust?.[0];

describe("the principals of an environment", () => {
  for (const environment of ENVIRONMENTS) {
    it(`of ${environment} are roles where a repository is known, and users where none is`, () => {
      for (const part of PARTS) {
        const name = `sentiment-analyzer-${environment}-${part}`;
        expect(principalsFor(environment, part)[0]).to.include({
          name,
          kind: "user",
          arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
        });
        const role = principalsFor(environment, part, REPOSITORY)[0];
        expect(role).to.include({ name, kind: "role", arn: `arn:aws:iam::${ACCOUNT}:role/${name}` });
        expect(principalsFor(environment, part)[0]?.trust).to.equal(undefined);
      }
    });

    it(`trust nobody in ${environment} but workflows by their exact subject`, () => {
      for (const part of PARTS) {
        const trust = trustOf(environment, part);
        expect(Object.keys(trust?.Condition ?? {})).to.deep.equal(["StringEquals"]);
        expect(JSON.stringify(trust)).to.not.match(/[*?]/);
        expect(trust?.Condition?.StringEquals).to.include({
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        });
        expect(trust?.Principal).to.deep.equal({
          Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
        });
      }
    });

    it(`let the deployer of ${environment} make roles within the boundary alone`, () => {
      const statements = statementsOf(environment, "deployer");
      const role = `arn:aws:iam::${ACCOUNT}:role/${environment}-sentiment-dashboard-role`;
      const other = { "iam:PermissionsBoundary": `arn:aws:iam::aws:policy/AdministratorAccess` };
      for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]) {
        expect(decide(statements, action, role, bounded(environment)), action).to.equal("Allow");
        expect(decide(statements, action, role, other), action).to.equal("Deny");
        expect(decide(statements, action, role), action).to.equal("Deny");
      }
    });

    it(`give the deployer of ${environment} no way to more rights`, () => {
      const statements = statementsOf(environment, "deployer");
      const arn = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
      const role = arn(`role/${environment}-sentiment-dashboard-role`);
      const own = arn(`user/sentiment-analyzer-${environment}-deployer`);
      const ways: [string, string, Record<string, string>?][] = [
        ["iam:DeleteRolePermissionsBoundary", role, bounded(environment)],
        ["iam:UpdateAssumeRolePolicy", role, bounded(environment)],
        ["iam:AttachRolePolicy", role, bounded(environment)],
        ["iam:CreatePolicyVersion", arn(`policy/${environment}-function-boundary`)],
        ["iam:SetDefaultPolicyVersion", arn(`policy/${environment}-deployer-allowed`)],
        ["iam:CreatePolicy", arn(`policy/${environment}-mine`)],
        ["iam:DeletePolicy", arn(`policy/${environment}-deployer-denied`)],
        ["iam:AttachUserPolicy", own],
        ["iam:PutUserPolicy", own],
        ["iam:CreateAccessKey", own],
        ["iam:DeleteUserPermissionsBoundary", own],
        ["iam:CreateUser", arn("user/somebody")],
        ["iam:AddUserToGroup", arn("group/administrators")],
        ["iam:PassRole", role, { "iam:PassedToService": "ec2.amazonaws.com" }],
        ["iam:PassRole", role],
        ["iam:PutRolePolicy", arn(`role/sentiment-analyzer-${environment}-deployer`), bounded(environment)],
        ["sts:AssumeRole", arn("role/anybody")],
        ["kms:PutKeyPolicy", `arn:aws:kms:us-east-1:${ACCOUNT}:key/secrets`],
        ["kms:CreateGrant", `arn:aws:kms:us-east-1:${ACCOUNT}:key/secrets`],
      ];
      for (const [action, resource, request] of ways)
        expect(decide(statements, action, resource, request), `${action} ${resource}`).to.equal("Deny");
    });

    it(`let the preview reader of ${environment} read the state, and no secret and nobody's data`, () => {
      const statements = statementsOf(environment, "preview-reader");
      const state = `arn:aws:s3:::sentiment-analyzer-state-${environment}`;
      expect(decide(statements, "s3:GetObject", `${state}/${environment}/.pulumi/stacks/x.json`)).to.equal(
        "Allow",
      );
      expect(
        decide(statements, "lambda:GetFunction", `arn:aws:lambda:us-east-1:1:function:${environment}-x`),
      ).to.equal("Allow");
      const refused: [string, string][] = [
        ["s3:PutObject", `${state}/x`],
        ["s3:DeleteObject", `${state}/x`],
        [
          "secretsmanager:GetSecretValue",
          `arn:aws:secretsmanager:us-east-1:1:secret:${environment}-newsapi-key-Ab12Cd`,
        ],
        ["kms:Decrypt", `arn:aws:kms:us-east-1:${ACCOUNT}:key/secrets`],
        ["dynamodb:Scan", `arn:aws:dynamodb:us-east-1:1:table/${environment}-sentiment-items`],
        ["lambda:InvokeFunction", `arn:aws:lambda:us-east-1:1:function:${environment}-sentiment-dashboard`],
        [
          "lambda:UpdateFunctionCode",
          `arn:aws:lambda:us-east-1:1:function:${environment}-sentiment-dashboard`,
        ],
      ];
      for (const [action, resource] of refused)
        expect(decide(statements, action, resource), `${action} ${resource}`).to.not.equal("Allow");
    });

    it(`keep every function of ${environment} within the boundary, which ends at the ledger`, () => {
      const boundary = functionBoundary(settingsOf(environment), ACCOUNT).allow;
      for (const { allow } of principalsFor(environment, "function"))
        for (const { Action, Resource } of allow)
          for (const action of [Action].flat())
            for (const resource of Resource)
              expect(decide(boundary, action, resource), `${action} ${resource}`).to.equal("Allow");
      const beyond: [string, string][] = [
        ["dynamodb:PutItem", `arn:aws:dynamodb:us-east-1:1:table/${environment}-promotion-ledger`],
        ["lambda:UpdateAlias", `arn:aws:lambda:us-east-1:1:function:${environment}-sentiment-dashboard`],
        ["iam:CreateUser", "arn:aws:iam::1:user/somebody"],
        ["s3:GetObject", `arn:aws:s3:::sentiment-analyzer-state-${environment}/x`],
      ];
      for (const [action, resource] of beyond)
        expect(decide(boundary, action, resource), `${action} ${resource}`).to.not.equal("Allow");
    });

    it(`tell of the functions of ${environment} what the stack makes of them`, async function () {
      this.timeout(30_000); // the SDK loads for seconds
      const packages = Object.fromEntries(
        ["ingestion", "analysis", "dashboard", "canary"].map((name) => [
          name,
          { key: name, codeSha256: name },
        ]),
      );
      const { resources } = await mockedRun(environment, program({ sha: "0".repeat(40), packages }));
      const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");
      expect(roles).to.have.length(4);
      for (const role of principalsFor(environment, "function")) {
        const made = roles.find(({ inputs }) => inputs.name === role.name);
        expect(made?.inputs.permissionsBoundary).to.equal(role.boundary?.arn);
        expect(JSON.parse(String(made?.inputs.assumeRolePolicy)).Statement).to.deep.equal(role.trust);
        const policy = resources.find(
          ({ type, name }) => type.includes("rolePolicy:") && name === made?.name,
        );
        const granted = JSON.parse(String(policy?.inputs.policy)).Statement.map(
          ({ Action, Resource }: { Action: string[]; Resource: string[] }) => ({
            Action,
            Resource: Resource.map(anywhere),
          }),
        );
        const told = role.allow.map(({ Action, Resource }) => ({ Action, Resource: Resource.map(anywhere) }));
        expect(granted).to.have.deep.members(told);
      }
    });
  }

  it("are, for a deployer, those of its own GitHub environments, each by name", () => {
    const sub = "token.actions.githubusercontent.com:sub";
    const subjects = (environment: string, part: (typeof PARTS)[number]) =>
      trustOf(environment, part)?.Condition?.StringEquals?.[sub];
    const of = (name: string) => `repo:${REPOSITORY}:environment:${name}`;
    expect(subjects("preprod", "deployer")).to.deep.equal([of("preprod")]);
    expect(subjects("prod", "deployer")).to.deep.equal([of("production"), of("production-auto")]);
    // Releases of one environment are read by the jobs of the one that takes them.
    expect(subjects("preprod", "release-reader")).to.deep.equal([of("production"), of("production-auto")]);
    expect(subjects("prod", "preview-reader")).to.deep.equal([`repo:${REPOSITORY}:pull_request`]);
  });

  it("take no repository for one that would be a pattern in a trust policy", () => {
    for (const repository of ["an-owner/*", "an-owner", "*/a", "a/b:environment:x"])
      expect(() => settingsOf("prod", repository), repository).to.throw("is not a GitHub repository");
    expect(Object.keys(STACKS)).to.deep.equal(ENVIRONMENTS);
  });
});

/** Where something is stands in the stack's policies, and nowhere in the data. */
const anywhere = (arn: string) => arn.replace(/^arn:aws:(\w+):[^:]*:[^:]*:/, "arn:aws:$1:*:*:");
