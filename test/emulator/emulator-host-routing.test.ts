import { expect } from "chai";
import { emulator } from "./emulator-fixture.ts";
import { deploy, exposeAlias, get } from "./functions.ts";

describe("emulator: a request to a function URL", () => {
  let host: string;

  before(async function () {
    this.timeout(30_000);
    const echo =
      "exports.handler = async (event) => ({ statusCode: 200, body: 'service ' + event.rawPath });";
    host = await exposeAlias(await deploy("routed", [echo]), "routed", "1");
  });

  for (const path of [
    "/health",
    "/_ministack/health",
    "/v2/email/identities",
    "/oauth2/token",
    "/iceberg/v1/config",
  ]) {
    it(`reaches the function at ${path}`, async () => {
      expect(await get(host, path)).to.deep.equal({ status: 200, body: `service ${path}` });
    });
  }

  it("leaves the emulator's own health page to requests with its own host", async () => {
    const answer = await fetch(`${(await emulator()).endpoint}/health`);
    expect(await answer.json()).to.have.property("services");
  });
});
