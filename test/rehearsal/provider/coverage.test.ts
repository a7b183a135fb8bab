import { expect } from "chai";
import { foundation, foundationSettings } from "../../../infra/foundation/index.ts";
import { program } from "../../../infra/service.ts";
import { TERRAFORM_RESOURCES } from "../../../rehearsal/provider/tokens.ts";
import { mockedRun, stackFile } from "../../infra/mocked-run.ts";

const ENVIRONMENT = "preprod";
const part = (name: string) => ({ key: `${name}/0123/lambda.zip`, codeSha256: "Y29kZQ==" });
const RELEASE = {
  sha: "0123456789abcdef0123456789abcdef01234567",
  packages: new Proxy({}, { get: (_target, name) => part(String(name)) }) as Record<
    string,
    ReturnType<typeof part>
  >,
};

describe("the rehearsal's provider covers", function () {
  this.timeout(30_000); // the SDK loads for seconds

  it("every resource type of the service", async () => {
    const { resources } = await mockedRun(ENVIRONMENT, program(RELEASE));
    expect(notCovered(resources)).to.deep.equal([]);
    expect(resources).to.not.be.empty;
  });

  it("every resource type of the foundation", async () => {
    const settings = foundationSettings({
      project: "sentiment-analyzer",
      stacks: { [ENVIRONMENT]: stackFile(ENVIRONMENT) },
      environment: ENVIRONMENT,
      recoveryWindowInDays: 0,
    });
    const { resources } = await mockedRun(ENVIRONMENT, foundation(settings, "123456789012"));
    expect(notCovered(resources)).to.deep.equal([]);
    expect(resources).to.not.be.empty;
  });
});

function notCovered(resources: { type: string }[]): string[] {
  const types = new Set(resources.map(({ type }) => type).filter((type) => type.startsWith("aws:")));
  return [...types].filter((type) => !(type in TERRAFORM_RESOURCES));
}
