import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "chai";
import {
  bridgedFunction,
  bridgedType,
  bridgedUrn,
  pulumiUrn,
  TERRAFORM_DATA_SOURCES,
  TERRAFORM_RESOURCES,
  typeOf,
} from "../../../rehearsal/provider/tokens.ts";

const sdk = (token: string) => {
  const module = token.split(":")[1]?.replace(/^index\//, "");
  return readFileSync(createRequire(import.meta.url).resolve(`@pulumi/aws/${module}.js`), "utf8");
};

describe("the bridge's names", () => {
  it("follow from Terraform's", () => {
    expect(bridgedType("aws:lambda/function:Function")).to.equal("aws:index/lambdaFunction:LambdaFunction");
    expect(bridgedType("aws:s3/bucket:Bucket")).to.equal("aws:index/s3Bucket:S3Bucket");
    expect(bridgedFunction("aws:index/getRegion:getRegion")).to.equal("aws:index/getRegion:getRegion");
    expect(bridgedFunction("aws:iam/getPolicyDocument:getPolicyDocument")).to.equal(
      "aws:index/getIamPolicyDocument:getIamPolicyDocument",
    );
  });

  it("are left alone when nothing is known of them", () => {
    expect(bridgedType("pulumi:providers:aws")).to.equal("pulumi:providers:aws");
    expect(bridgedType("")).to.equal("");
    expect(bridgedFunction("aws:other/getThing:getThing")).to.equal("aws:other/getThing:getThing");
  });

  it("replace a resource's own type in its URN, not its parents', and lead back", () => {
    const urn = "urn:pulumi:s::p::my:own:Component$aws:sqs/queue:Queue::a::b";
    expect(typeOf(urn)).to.equal("aws:sqs/queue:Queue");
    expect(bridgedUrn(urn)).to.equal("urn:pulumi:s::p::my:own:Component$aws:index/sqsQueue:SqsQueue::a::b");
    expect(pulumiUrn(bridgedUrn(urn))).to.equal(urn);
    expect(bridgedUrn("")).to.equal("");
  });

  for (const type of Object.keys(TERRAFORM_RESOURCES)) {
    it(`stand for a type that the SDK has: ${type}`, () => expect(sdk(type)).to.contain(`'${type}'`));
  }
  for (const token of Object.keys(TERRAFORM_DATA_SOURCES)) {
    it(`stand for a function that the SDK has: ${token}`, () => expect(sdk(token)).to.contain(`"${token}"`));
  }
});
