import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { environmentNames } from "../../orchestrator/environment.ts";
import type { Proof } from "../../orchestrator/isolation/proof.ts";
import { documentOf, type Ended, run } from "./command.ts";
import { type Service, service } from "./service-fixture.ts";

type Document = Proof & {
  isolated: boolean;
  unexpectedAllows: number;
  unexpectedDenies: number;
  called: number;
  absent: string[];
  strangers: string[];
  reason: { code: string } | null;
};

describe("the isolation of deployed environments, where IAM is enforced", function () {
  this.timeout(240_000);
  let at: Service;
  const [first = "", last = ""] = environmentNames(process.cwd());
  const isolation = (...more: string[]) => run(at.checkout, ["isolation", "--local", "--json", ...more]);
  const proofOf = (ended: Ended) => documentOf(ended) as unknown as Document;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    at = await service();
    for (const name of [first, last])
      if (name !== at.environment)
        expect((await at.promote(name)).outcome, name).to.be.oneOf(["promoted", "unchanged"]);
  });

  it("is as intended for everybody, by the policies and by requests", async () => {
    const ended = await isolation();
    const { cells, doors, called, ...rest } = proofOf(ended);
    const surprises = cells.flatMap(({ principal, surprises }) =>
      surprises.map((each) => `${principal}: ${each}`),
    );
    expect(surprises).to.deep.equal([]);
    expect(rest).to.deep.equal({
      isolated: true,
      unexpectedAllows: 0,
      unexpectedDenies: 0,
      absent: [],
      strangers: [],
      reason: null,
    });
    expect(ended.code).to.equal(0);
    expect(new Set(cells.map(({ principal }) => principal))).to.have.lengthOf(14);
    expect(called).to.be.above(1_000);
    expect(doors).to.not.deep.equal([]);
  });

  it("is broken by one policy that reaches the other environment, and says which", async () => {
    const iam = new IAMClient(clientSettings(at.access));
    const role = { RoleName: `${last}-sentiment-analysis-role`, PolicyName: "slip" };
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "dynamodb:GetItem", Resource: `arn:aws:dynamodb:*:*:table/${first}-*` },
      ],
    });
    await iam.send(new PutRolePolicyCommand({ ...role, PolicyDocument }));
    try {
      const ended = await isolation("--env", last);
      const { isolated, unexpectedAllows, reason, cells } = proofOf(ended);
      expect({ isolated, code: ended.code, reason: reason?.code }).to.deep.equal({
        isolated: false,
        code: 3,
        reason: "isolation-broken",
      });
      // The role's boundary holds it: only the layer below is open.
      const found = cells.filter(({ surprises }) => surprises.length > 0);
      expect(found.map(({ environment, kind, class: action }) => [environment, kind, action])).to.deep.equal([
        [first, "ledger", "read"],
        [first, "items table", "read"],
      ]);
      expect(unexpectedAllows).to.equal(2);
    } finally {
      await iam.send(new DeleteRolePolicyCommand(role));
    }
  });
});
