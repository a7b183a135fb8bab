import { expect } from "chai";
import { keyIn, LONGEST } from "../../../orchestrator/service-secrets/value.ts";

const KEY = "3f9c0d1b7a5e4c2f8d6b9a0e1c3f5d7b";

describe("the value of a service's secret", () => {
  for (const [what, sent] of [
    ["as it is", KEY],
    ["with the end of its line", `${KEY}\n`],
    ["with the end of its line as Windows has it", `${KEY}\r\n`],
  ] as const)
    it(`is the key ${what}`, () => {
      expect(keyIn(sent)).to.deep.equal({ key: KEY });
    });

  for (const key of ["a+/=_-.~!#%^&*()|;:,?@", "0f".repeat(LONGEST / 2), "aB3$aB3$aB3$aB3$"])
    it(`may be ${key.slice(0, 24)}`, () => {
      expect(keyIn(key)).to.deep.equal({ key });
    });
});
