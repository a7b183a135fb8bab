import { expect } from "chai";
import { type Input, secretFrom } from "../../../orchestrator/cli/standard-input.ts";

async function* chunks(...given: string[]) {
  for (const each of given) yield Buffer.from(each);
}

describe("a secret on standard input", () => {
  /** A terminal where somebody types, and what it shows and does. */
  function terminal(...typed: string[]) {
    const seen: string[] = [];
    const input: Input = Object.assign(chunks(...typed), {
      isTTY: true,
      setRawMode: (raw: boolean) => seen.push(raw ? "hidden" : "shown"),
    }) as unknown as Input;
    return { seen, read: () => secretFrom(input, 100, (text) => void seen.push(text)) };
  }

  it("comes in any pieces from a pipe", async () => {
    expect(await secretFrom(chunks("the ", "ke", "y\n"), 100, () => expect.fail("asked"))).to.equal(
      "the key\n",
    );
  });

  it("is read no further than needed to see that it is too long", async () => {
    let given = 0;
    async function* endless() {
      for (;;) {
        given++;
        yield "0123456789";
      }
    }
    expect((await secretFrom(endless(), 100, () => {}))?.length).to.be.greaterThan(100);
    expect(given).to.be.below(15);
  });

  it("is asked for on a terminal, which shows nothing of it", async () => {
    const { seen, read } = terminal("the", " ke", "y", "\r", "more");
    expect(await read()).to.equal("the key");
    expect(seen.slice(1)).to.deep.equal(["hidden", "shown", "\n"]);
    expect(seen[0]).to.match(/not shown/);
  });

  it("may be corrected while it is typed, and pasted", async () => {
    expect(await terminal("thx", "\x7f", "e ", "kez\by\r").read()).to.equal("the key");
  });

  it("is none when whoever types gives up, and the terminal is as before", async () => {
    const { seen, read } = terminal("the k", "\x03");
    expect(await read()).to.equal(undefined);
    expect(seen.at(-2)).to.equal("shown");
  });
});
