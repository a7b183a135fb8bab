import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { lastRecord, writeRecord } from "../../rehearsal/record.ts";
import type { RawCall } from "./calls/generalise.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { about, type Commands, commandsFor, firstAndLast, raised, razed } from "./promotions.ts";

describe("a promotion with another environment's credentials", function () {
  this.timeout(120_000);
  let checkout: Checkout;
  let commands: Commands;
  let sha: string;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    checkout = checkOutNow();
    checkout.env.EMULATOR_CALLS = join(checkout.scratch, "..", "calls.jsonl");
    commands = commandsFor(checkout, await raised(checkout));
    sha = await commands.packaged();
    const record = await lastRecord(checkout.rehearsal);
    if (!record) throw new Error("nothing was recorded");
    const { first, last } = firstAndLast(checkout);
    const { environments } = record;
    const [one, other] = [environments[first], environments[last]];
    if (!one || !other) throw new Error("an environment is missing");
    const swapped = {
      [first]: { ...one, credentials: other.credentials },
      [last]: { ...other, credentials: one.credentials },
    };
    await writeRecord(checkout.rehearsal, { ...record, environments: swapped });
  });
  after(() => razed(checkout));

  function asked(): RawCall[] {
    const file = checkout.env.EMULATOR_CALLS ?? "";
    if (!existsSync(file)) return [];
    return readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  }

  for (const which of ["first", "last"] as const)
    it(`is refused at its first call where it is against the ${which} environment, and is let do nothing`, async () => {
      const env = firstAndLast(checkout)[which];
      const before = asked().length;
      const ended = await commands.promote(env, sha);
      const { outcome, reason, steps } = about(ended);
      expect({ code: ended.code, outcome, reason: reason?.code }, ended.err).to.deep.equal({
        code: 3,
        outcome: "refused",
        reason: "credentials-refused",
      });
      expect(reason?.remedy).to.contain("environment's own deployer");
      expect(steps.map(({ name }) => name)).to.deep.equal(["lease"]);
      const made = asked().slice(before);
      expect(made, "what it asked AWS for").to.not.deep.equal([]);
      expect(made.filter(({ decision }) => decision !== "Deny")).to.deep.equal([]);
    });
});
