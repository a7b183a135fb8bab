import { createHash } from "node:crypto";
import { expect } from "chai";
import { lambdaVersions } from "../../orchestrator/adapters/lambda-versions.ts";
import { versionsContract } from "../contracts/versions.ts";
import { emulatorAccess, unused } from "./access.ts";
import { deploy, exposeAlias, zipOf } from "./functions.ts";

const sources = [1, 2, 3, 4].map((n) => `exports.handler = async () => ${n};`);

describe("orchestrator: versions of Lambda's functions", function () {
  this.timeout(60_000);

  async function published() {
    const functionName = unused("published");
    const lambda = await deploy(functionName, sources);
    await exposeAlias(lambda, functionName, "2", { "3": 0.1 });
    const zips = await Promise.all(sources.map(zipOf));
    const digests = zips.map((zip) => createHash("sha256").update(zip).digest("base64"));
    return { versions: lambdaVersions(await emulatorAccess()), functionName, digests };
  }

  versionsContract(published);

  it("never mean the function itself", async () => {
    const { versions, functionName } = await published();
    for (const name of ["$LATEST", "", "live"]) {
      const error = await versions.remove(functionName, name).catch((reason) => reason);
      expect(error, name).to.be.an("error");
    }
    expect(await versions.list(functionName)).to.have.length(4);
  });
});
