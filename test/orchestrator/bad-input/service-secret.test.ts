import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { environmentNames } from "../../../orchestrator/environment.ts";
import { keyIn, LONGEST } from "../../../orchestrator/service-secrets/value.ts";

const ROOT = join(import.meta.dirname, "../../..");
const [env = ""] = environmentNames(ROOT);
const KEY = "3f9c0d1b7a5e4c2f8d6b9a0e1c3f5d7b";

const WRONG: [what: string, sent: string, says: RegExp][] = [
  ["nothing", "", /empty/],
  ["the end of a line alone", "\n", /empty/],
  ["blanks", "   \t  \n", /empty/],
  ["a key with a blank before it", ` ${KEY}`, /blanks/],
  ["a key with a blank after it", `${KEY} `, /blanks/],
  ["a key with two ends of a line", `${KEY}\n\n`, /blanks/],
  ["two keys", `${KEY}\n${KEY}\n`, /blanks/],
  ["a key with a tab in it", `${KEY}\t${KEY}`, /blanks/],
  ["a key with a byte order mark", `\uFEFF${KEY}`, /blanks|ASCII/],
  ["a key with a zero byte", `${KEY}\0`, /ASCII/],
  ["a key with an escape sequence", `\x1b[31m${KEY}`, /ASCII/],
  ["a key in another script", "ключключключключ", /ASCII/],
  ["a document", JSON.stringify({ api_key: KEY }), /JSON/],
  ["a key in quotes", `"${KEY}"`, /quoted/],
  ["a short word", "hunter2", /fewer/],
  ["the longest that is too long", "k".repeat(LONGEST) + KEY, /more than/],
  ["what a shell left", "$" + "{NEWS_API_KEY}", /stands where/],
  ["a variable", "$NEWS_API_KEY", /stands where/],
  ["a command that did not run", "$(pass show newsapi)".replaceAll(" ", "-"), /stands where/],
  ["a gap to fill in", "<your-key-of-newsapi.org>", /stands where/],
  ["what a template says", "your-newsapi-key-here", /stands where/],
  ["an order", "change-me-before-use", /stands where/],
  ["one letter over and over", "x".repeat(32), /stands where/],
  ["stars", "*".repeat(20), /stands where/],
  ["a row of digits", "12345678901234567890", /stands where/],
];

/** Sends a text to `secrets`, with an AWS where nobody is. */
async function sending(sent: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(ROOT, "orchestrator/cli.ts"), "secrets", ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: "/nowhere",
      NEWSAPI_KEY: KEY,
      AWS_ACCESS_KEY_ID: "an-access-key-id",
      AWS_SECRET_ACCESS_KEY: "a-secret-access-key",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_MAX_ATTEMPTS: "1",
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => {}); // it need not read all that is sent
  child.stdin.end(sent);
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [code, out, err] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { code, printed: out + err };
}

describe("bad input: a secret's value", function () {
  this.timeout(30_000);

  for (const [what, sent, says] of WRONG)
    it(`is refused, and not quoted, when it is ${what}`, () => {
      const read = keyIn(sent);
      if (!("wrong" in read)) return expect.fail("it was taken");
      expect(read.wrong).to.match(says);
      if (sent.trim().length > 3) expect(read.wrong).to.not.contain(sent.trim());
    });

  const set = ["set", "--env", env, "--name", "newsapi-key"];

  it("ends with 2 before AWS is asked, and prints none of it", async () => {
    const { code, printed } = await sending(`${KEY} ${KEY}`, ...set);
    expect(code).to.equal(2);
    expect(printed).to.contain("secret-value-invalid").and.not.contain(KEY);
  });

  it("is not read without end", async () => {
    const { code, printed } = await sending("k".repeat(5_000_000), ...set);
    expect(code).to.equal(2);
    expect(printed).to.contain(`more than ${LONGEST}`);
    expect(printed.length).to.be.below(2_000);
  });

  it("is printed by nothing when it is good and AWS is not there", async () => {
    const { code, printed } = await sending(`${KEY}\n`, ...set, "--debug");
    expect(printed).to.contain("aws-unreachable").and.not.contain(KEY);
    expect(code).to.equal(3);
  });

  const misused: [what: string, args: string[], says: RegExp][] = [
    ["on the command line", [...set, KEY], /too many arguments/],
    ["in a flag", [...set, `--value=${KEY}`], /unknown option '--value'/],
    ["in a flag of two words", [...set, "--value", KEY], /unknown option '--value'/],
    ["nowhere but in a variable", set, /secret-value-invalid/],
    ["for a secret that there is not", ["set", "--env", env, "--name", "other-key"], /Allowed choices/],
    ["for no secret", ["set", "--env", env], /--name/],
    ["for no environment", ["set", "--name", "newsapi-key"], /--env/],
    ["for an unknown environment", ["set", "--env", "moon", "--name", "newsapi-key"], /environment-unknown/],
    ["with an action of every object", ["constructor", "--env", env], /set or list/],
    ["with an action that is none", ["get", "--env", env, "--name", "newsapi-key"], /set or list/],
  ];
  for (const [what, args, says] of misused)
    it(`is not taken ${what}`, async () => {
      const { code, printed } = await sending("", ...args);
      expect(printed).to.match(says).and.not.contain(KEY);
      expect(code).to.equal(2);
    });
});
