import { join } from "node:path";
import { expect } from "chai";
import { foundation, foundationSettings } from "../../../infra/foundation/index.ts";
import type { Part } from "../../../infra/foundation/principal.ts";
import { loadEnvironment } from "../../../orchestrator/environment.ts";
import { TEMPORARY } from "../../../orchestrator/ports/artifacts.ts";
import { type MockedRun, mockedRun, stackFile } from "../mocked-run.ts";
import { decide } from "./iam.ts";
import { ACCOUNT, bounded, ENVIRONMENTS, KNOWN, STACKS, settingsOf, statementsOf } from "./settings-of.ts";

const MANAGED_POLICY_LIMIT = 6144;

/** What else a request tells of itself, by its action. */
const context = (environment: string, action: string): Record<string, string> =>
  ({
    "iam:PassRole": { "iam:PassedToService": "lambda.amazonaws.com" },
    "iam:PutRolePolicy": bounded(environment),
  })[action] ?? {};

/** One resource of every kind that a promotion of the environment touches, and an action on it. */
const touched = (environment: string): [action: string, resource: string][] => [
  ["dynamodb:TransactWriteItems", `arn:aws:dynamodb:us-east-1:1:table/${environment}-promotion-ledger`],
  ["dynamodb:DescribeTable", `arn:aws:dynamodb:us-east-1:1:table/${environment}-sentiment-items`],
  ["lambda:UpdateAlias", `arn:aws:lambda:us-east-1:1:function:${environment}-sentiment-dashboard`],
  ["lambda:InvokeFunction", `arn:aws:lambda:us-east-1:1:function:${environment}-sentiment-dashboard:live`],
  ["s3:ListBucket", `arn:aws:s3:::sentiment-analyzer-state-${environment}`],
  ["s3:PutObject", `arn:aws:s3:::sentiment-analyzer-state-${environment}/x`],
  ["s3:PutObject", `arn:aws:s3:::sentiment-analyzer-lambda-packages-${environment}/dashboard/abc/lambda.zip`],
  // An attestation is named after the environment that gave it.
  [
    "s3:PutObject",
    `arn:aws:s3:::sentiment-analyzer-lambda-packages-${environment}/releases/abc/attestations/preprod-validated.json`,
  ],
  [
    "s3:PutObject",
    `arn:aws:s3:::sentiment-analyzer-lambda-packages-${environment}/releases/abc/attestations/prod-deployed.json`,
  ],
  ["sns:Publish", `arn:aws:sns:us-east-1:1:${environment}-sentiment-alerts`],
  ["sqs:GetQueueAttributes", `arn:aws:sqs:us-east-1:1:${environment}-sentiment-analysis-dlq`],
  ["events:PutRule", `arn:aws:events:us-east-1:1:rule/${environment}-sentiment-ingestion-schedule`],
  ["iam:PutRolePolicy", `arn:aws:iam::1:role/${environment}-sentiment-dashboard-role`],
  ["iam:SimulatePrincipalPolicy", `arn:aws:iam::${ACCOUNT}:user/sentiment-analyzer-${environment}-deployer`],
  ["iam:PassRole", `arn:aws:iam::1:role/${environment}-sentiment-dashboard-role`],
  [
    "logs:CreateLogGroup",
    `arn:aws:logs:us-east-1:1:log-group:/aws/lambda/${environment}-sentiment-dashboard`,
  ],
  [
    "cloudwatch:PutMetricAlarm",
    `arn:aws:cloudwatch:us-east-1:1:alarm:${environment}-sentiment-dashboard-errors`,
  ],
  [
    "secretsmanager:GetSecretValue",
    `arn:aws:secretsmanager:us-east-1:1:secret:${environment}-dashboard-api-key-Ab12Cd`,
  ],
];

describe("the foundation of an environment", () => {
  const runs = new Map<string, MockedRun>();
  const resources = (environment: string) => runs.get(environment)?.resources ?? [];
  const policy = (environment: string, part: Part = "deployer") => statementsOf(environment, part);

  before(async () => {
    for (const environment of ENVIRONMENTS)
      runs.set(environment, await mockedRun(environment, foundation(settingsOf(environment), ACCOUNT)));
  });

  for (const environment of ENVIRONMENTS) {
    const [other = ""] = ENVIRONMENTS.filter((name) => name !== environment);

    it(`has buckets, ledger, keys, secrets and deployer of ${environment}`, () => {
      const names = resources(environment).map(
        ({ type, inputs }) => `${type.split(":")[2]} ${inputs.name ?? inputs.bucket ?? ""}`,
      );
      expect(names).to.include.members([
        `Bucket sentiment-analyzer-state-${environment}`,
        `Bucket sentiment-analyzer-lambda-packages-${environment}`,
        `Table ${environment}-promotion-ledger`,
        `Alias alias/${environment}-sentiment-secrets`,
        `Alias alias/${environment}-release-signing`,
        `Secret ${environment}-newsapi-key`,
        `Secret ${environment}-dashboard-api-key`,
        `User sentiment-analyzer-${environment}-deployer`,
        `User sentiment-analyzer-${environment}-release-reader`,
        `User sentiment-analyzer-${environment}-preview-reader`,
        `Policy ${environment}-function-boundary`,
      ]);
    });

    it(`lets the deployer of ${environment} do what a promotion needs`, () => {
      for (const [action, resource] of touched(environment)) {
        expect(
          decide(policy(environment), action, resource, context(environment, action)),
          `${action} ${resource}`,
        ).to.equal("Allow");
      }
    });

    it(`denies the principals of ${environment} everything of ${other}`, () => {
      for (const part of ["deployer", "release-reader", "preview-reader"] as const)
        for (const [action, resource] of touched(other))
          expect(
            decide(policy(environment, part), action, resource, context(environment, action)),
            `${part}: ${action} ${resource}`,
          ).to.equal("Deny");
      const tagged = { "aws:ResourceTag/environment": other };
      expect(decide(policy(environment), "kms:Sign", KNOWN.keys.signing, tagged)).to.equal("Deny");
      expect(decide(policy(environment), "kms:Sign", KNOWN.keys.signing)).to.equal("Allow");
    });

    it(`lets the release reader of ${environment} read its releases and their attestations, and nothing else`, () => {
      const statements = policy(environment, "release-reader");
      const bucket = `arn:aws:s3:::sentiment-analyzer-lambda-packages-${environment}`;
      const key = `${bucket}/releases/abc/attestations/preprod-validated.json`;
      expect(decide(statements, "s3:GetObject", key)).to.equal("Allow");
      expect(decide(statements, "s3:ListBucket", bucket)).to.equal("Allow");
      const refused: [string, string][] = [
        ["s3:PutObject", key],
        ["s3:DeleteObject", key],
        ["s3:PutObjectTagging", key],
        ["s3:GetObject", `arn:aws:s3:::sentiment-analyzer-state-${environment}/x`],
        ["s3:GetObject", `arn:aws:s3:::sentiment-analyzer-lambda-packages-${other}/x`],
        ...touched(environment).filter(([action]) => !action.startsWith("s3:")),
      ];
      for (const [action, resource] of refused)
        expect(decide(statements, action, resource), `${action} ${resource}`).to.not.equal("Allow");
    });

    it(`keeps the deployer of ${environment} from changing what its environment stands on`, () => {
      const refused: [string, string][] = [
        ["dynamodb:DeleteTable", `arn:aws:dynamodb:us-east-1:1:table/${environment}-promotion-ledger`],
        ["s3:DeleteBucket", `arn:aws:s3:::sentiment-analyzer-state-${environment}`],
        ["s3:DeleteObjectVersion", `arn:aws:s3:::sentiment-analyzer-state-${environment}/x`],
        ["s3:PutBucketPolicy", `arn:aws:s3:::sentiment-analyzer-lambda-packages-${environment}`],
        ["iam:CreatePolicyVersion", `arn:aws:iam::1:policy/${environment}-deployer-allowed`],
        ["iam:PutUserPolicy", `arn:aws:iam::1:user/sentiment-analyzer-${environment}-deployer`],
        ["iam:CreateUser", "arn:aws:iam::1:user/somebody"],
        [
          "secretsmanager:GetSecretValue",
          `arn:aws:secretsmanager:us-east-1:1:secret:${environment}-newsapi-key-Ab12Cd`,
        ],
      ];
      for (const [action, resource] of refused) {
        expect(decide(policy(environment), action, resource), `${action} ${resource}`).to.not.equal("Allow");
      }
    });

    it(`keeps the policies of ${environment} within what a managed policy may hold`, () => {
      for (const { type, inputs } of resources(environment)) {
        if (type !== "aws:iam/policy:Policy") continue;
        expect(String(inputs.policy).replaceAll(/\s/g, "")).to.have.length.below(MANAGED_POLICY_LIMIT);
      }
    });
  }

  it("lets expire only what carries the tag, and what is not there any more", () => {
    for (const environment of ENVIRONMENTS) {
      const lifecycles = resources(environment).filter(({ type }) => /LifecycleConfiguration/.test(type));
      expect(lifecycles.map(({ inputs }) => inputs)).to.deep.equal([
        {
          bucket: "packages-id",
          rules: [
            {
              id: "what-was-never-promoted",
              status: "Enabled",
              filter: { tag: { key: TEMPORARY.key, value: TEMPORARY.value } },
              expiration: { days: 90 },
            },
            {
              id: "what-was-removed",
              status: "Enabled",
              filter: { prefix: "" },
              noncurrentVersionExpiration: { noncurrentDays: 90 },
            },
          ],
        },
      ]);
    }
  });

  it("keeps uploads as many whole days as the environment keeps any release", () => {
    const daysOf = (retentionDays: number) => {
      const stack = structuredClone(stackFile("prod"));
      Object.assign(stack.config["sentiment-analyzer:promotion"] as object, { retentionDays });
      const options = { project: "sentiment-analyzer", environment: "prod", recoveryWindowInDays: 0 };
      return foundationSettings({ ...options, stacks: { prod: stack } }).temporaryDays;
    };
    expect([30, 0.5, 0].map(daysOf)).to.deep.equal([30, 1, 1]);
    // Where the file says nothing, both sides must say the same.
    expect(settingsOf("prod").temporaryDays).to.equal(
      loadEnvironment(join(import.meta.dirname, "../../.."), "prod").promotion.retentionDays,
    );
  });

  it("puts no secret's value into the state", () => {
    for (const environment of ENVIRONMENTS) {
      const types = resources(environment).map(({ type }) => type);
      expect(types.filter((type) => /SecretVersion|AccessKey/.test(type))).to.deep.equal([]);
    }
  });

  it("wants environment names whose endings cannot be taken for one another", () => {
    const stacks = { ...STACKS, "pre-prod": stackFile("preprod") };
    const derive = () =>
      foundationSettings({
        project: "sentiment-analyzer",
        stacks,
        environment: "prod",
        recoveryWindowInDays: 0,
      });
    expect(derive).to.throw('"pre-prod" cannot name an environment');
  });
});
