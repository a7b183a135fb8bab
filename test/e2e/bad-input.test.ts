import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { environmentNames } from "../../orchestrator/environment.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { type Ended, launch } from "./command.ts";
import { type Answer, type RecordingAws, recordingAws, refusal } from "./recording-aws.ts";

const [ENV = ""] = environmentNames(join(import.meta.dirname, "../.."));
const UNKNOWN = "0".repeat(40);

type Case = {
  what: string;
  args: string[];
  exit: 2 | 3;
  code: string;
  says?: RegExp;
  variables?: NodeJS.ProcessEnv;
  /** What AWS answers to everything. */
  aws?: () => Answer;
  /** As it is typed, npm included. */
  npm?: boolean;
};

const promote = (...more: string[]) => ["promote", "--env", ENV, ...more];
const rollback = (...more: string[]) => ["rollback", "--env", ENV, ...more];
const status = ["status", "--env", ENV];
const local = [...status, "--local"];
const KEYS = { AWS_ACCESS_KEY_ID: "an-access-key-id", AWS_SECRET_ACCESS_KEY: "a-secret-access-key" };
const NO_KEYS = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_EC2_METADATA_DISABLED: "true",
};

const typed = (what: string, args: string[], says?: RegExp): Case => ({
  what,
  args,
  exit: 2,
  code: "usage",
  says,
});
const option = (what: string, args: string[], says?: RegExp): Case => ({
  what,
  args,
  exit: 2,
  code: "option-invalid",
  says,
});
const given = (
  what: string,
  variables: NodeJS.ProcessEnv,
  exit: 2 | 3,
  code: string,
  says?: RegExp,
  args = status,
): Case => ({
  what,
  args,
  exit,
  code,
  says,
  variables,
});
const answers = (what: string, aws: () => Answer, code: string, says?: RegExp): Case => ({
  what,
  args: status,
  exit: 3,
  code,
  says,
  aws,
});
const html = (code: number): Answer => ({
  status: code,
  headers: { "content-type": "text/html" },
  body: "<html>no</html>",
});

const CASES: Record<string, Case[]> = {
  "a command": [
    typed("is none", ["launch"], /launch/),
    typed("is a flag", ["--env"], /--env/),
    typed("is in another case", ["Promote"], /Promote/),
    typed("is written together with its flag", [`promote--env=${ENV}`], /unknown command/),
    typed("has a word too many", [...status, "now"], /arguments/),
    typed("has words and no flags, as npm passes them on without --", ["promote", ENV, UNKNOWN]),
    option("has an action that is none", ["local", "restart"], /restart/),
    typed("lacks its action", ["local"], /action/),
  ],
  "a flag": [
    typed("is none", promote("--sha", UNKNOWN, "--fast"), /--fast/),
    typed("is almost one", promote("--shaa", UNKNOWN), /--sha/),
    typed("is another command's", [...status, "--sha", UNKNOWN], /--sha/),
    typed("has one dash", ["promote", "-env", ENV], /-e/),
    typed("lacks its value", ["status", "--env"], /--env/),
    typed("is missing: --env of promote", ["promote", "--sha", UNKNOWN], /--env/),
    typed("is missing: --sha of promote", promote(), /--sha/),
    typed("is missing: --reason of rollback", rollback(), /--reason/),
    typed("is missing: --reason of unlock", ["unlock", "--env", ENV], /--reason/),
    typed("is missing: --env of status", ["status"], /--env/),
    typed("is missing: --env of history", ["history"], /--env/),
    typed("is missing: --env of metrics", ["metrics"], /--env/),
    typed("has a value and takes none", [...status, "--json=yes"], /--json/),
  ],
  "a value that is blank": [
    option("is an environment", ["status", "--env", ""], /--env/),
    option("is a SHA", promote("--sha", ""), /--sha/),
    option("is a reason", rollback("--reason", " "), /--reason/),
    option("is a reason to unlock", ["unlock", "--env", ENV, "--reason", "\t"], /--reason/),
    option("is a folder", promote("--sha", UNKNOWN, "--release-dir", ""), /--release-dir/),
    option("is a place", ["package", "--out", ""], /--out/),
  ],
  "an environment": [
    ...[
      "moon",
      "PREPROD",
      "../secrets",
      "constructor",
      "__proto__",
      "preprod prod",
      "*",
      "💥",
      "e".repeat(9_000),
    ].map(
      (name): Case => ({
        what: `is called ${name.slice(0, 20)}`,
        args: ["status", "--env", name],
        exit: 2,
        code: "environment-unknown",
      }),
    ),
  ],
  "a SHA": [
    ...[
      "main",
      "abc123",
      "HEAD~1",
      `${UNKNOWN}0`,
      "g".repeat(40),
      "0x1234567",
      "1234567 ",
      "--",
      "1234567\n89",
      "`id`",
      "$(id)",
      "../../etc",
      "١٢٣٤٥٦٧",
    ].map(
      (sha): Case => ({
        what: `is ${JSON.stringify(sha)}`,
        args: ["package", `--sha=${sha}`],
        exit: 2,
        code: "sha-malformed",
      }),
    ),
    { what: "is nobody's", args: ["package", "--sha", UNKNOWN], exit: 2, code: "sha-unknown" },
    { what: "is short and nobody's", args: promote("--sha", "0000000"), exit: 2, code: "sha-unknown" },
    { what: "is a branch to promote", args: promote("--sha", "main"), exit: 2, code: "sha-malformed" },
    ...["xyz", "abc", "HEAD", `${UNKNOWN}1`, "ABCDEF0"].map((sha) =>
      option(`to go back to is ${sha.slice(0, 8)}`, rollback("--to", sha, "--reason", "r"), /--to/),
    ),
  ],
  "a time": [
    ...["soon", "5", "-5m", "5 m", "5m30s", "1e3s", "NaNs", `${"9".repeat(400)}h`].map((time) =>
      option(`to bake is ${time.slice(0, 8)}`, promote("--sha", UNKNOWN, `--bake=${time}`), /--bake/),
    ),
    option("to wait is a word", promote("--sha", UNKNOWN, "--wait", "forever"), /--wait/),
    option("to wait is a word, for a rollback", rollback("--reason", "r", "--wait", "10"), /--wait/),
    option("to look back is a date", ["metrics", "--env", ENV, "--since", "2026-01-01"], /--since/),
  ],
  "a strategy": ["fast", "canary", "canary:0%/5m", "canary:10%/long", "linear:100%/1m", "canary:10/5m"].map(
    (strategy): Case => ({
      what: `is ${strategy}`,
      args: promote("--sha", UNKNOWN, "--strategy", strategy),
      exit: 2,
      code: "config-invalid",
      says: /strategy/,
    }),
  ),
  "a port": ["http", "0", "-1", "65536", "80.5", "1,2"].map((port) =>
    option(`is ${port}`, ["local", "up", `--port=${port}`], /--port/),
  ),
  "what npm makes of it": [
    {
      ...typed(
        "is that it takes the flags itself",
        ["rollback", "--env", ENV, "--reason", "r"],
        /--env|--reason|argument/,
      ),
      npm: true,
    },
    { ...typed("is that nothing is left", ["status", `--env=${ENV}`], /--env/), npm: true },
  ],
  "a variable": [
    given(
      "is an endpoint that is none",
      { AWS_ENDPOINT_URL: "not an address" },
      2,
      "variable-invalid",
      /AWS_ENDPOINT_URL/,
    ),
    given(
      "is an endpoint of another kind",
      { AWS_ENDPOINT_URL: "ftp://127.0.0.1" },
      2,
      "variable-invalid",
      /AWS_ENDPOINT_URL/,
    ),
    given(
      "is one service's endpoint that is none",
      { AWS_ENDPOINT_URL_DYNAMODB: "db" },
      2,
      "variable-invalid",
      /DYNAMODB/,
    ),
    given(
      "is an endpoint where nobody is",
      { AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
      3,
      "aws-unreachable",
      /ECONNREFUSED/,
    ),
    given(
      "is an endpoint that has no address",
      { AWS_ENDPOINT_URL: "http://nowhere.invalid" },
      3,
      "aws-unreachable",
      /nowhere/,
    ),
    given(
      "is a mode that is none",
      { AWS_DEFAULTS_MODE: "fast" },
      2,
      "variable-invalid",
      /AWS_DEFAULTS_MODE/,
    ),
    given("is a key in two lines", { AWS_ACCESS_KEY_ID: "a\nb" }, 2, "variable-invalid", /AWS_ACCESS_KEY_ID/),
    given(
      "is a token in another script",
      { AWS_SESSION_TOKEN: "жетон→" },
      2,
      "variable-invalid",
      /AWS_SESSION_TOKEN/,
    ),
    given("is a profile that is none", { ...NO_KEYS, AWS_PROFILE: "moon" }, 3, "credentials-missing"),
    given("is no key at all", NO_KEYS, 3, "credentials-missing"),
    given(
      "is half a pair of keys",
      { ...NO_KEYS, AWS_ACCESS_KEY_ID: "an-access-key-id" },
      3,
      "credentials-missing",
    ),
    given(
      "is a token's file that is not there",
      {
        ...NO_KEYS,
        AWS_WEB_IDENTITY_TOKEN_FILE: "/nowhere",
        AWS_ROLE_ARN: "arn:aws:iam::000000000000:role/r",
      },
      3,
      "disk-refuses",
      /nowhere/,
    ),
    given(
      "is a place for the rehearsal that is a file",
      { REHEARSAL_DIR: "/etc/passwd" },
      3,
      "disk-refuses",
      /passwd/,
      ["local", "up"],
    ),
    given(
      "is a place for the rehearsal that takes nothing",
      { REHEARSAL_DIR: "/sys/nothing" },
      3,
      "disk-refuses",
      /sys/,
      ["local", "up"],
    ),
    given(
      "is a place for temporary files that is not there",
      { TMPDIR: "/nowhere" },
      3,
      "disk-refuses",
      /nowhere/,
      ["package", "--allow-dirty"],
    ),
    given("is a path without git", { PATH: "" }, 3, "git-missing", /git/, ["package"]),
    given(
      "sets a terminal of no size",
      { COLUMNS: "0", LINES: "0", TERM: "dumb" },
      3,
      "local-not-running",
      /./,
      local,
    ),
    given(
      "sets a terminal of any size",
      { COLUMNS: "wide", LINES: "-1", TERM: "", FORCE_COLOR: "9" },
      3,
      "local-not-running",
      /./,
      local,
    ),
    given("names half a run of CI", { CI: "true", GITHUB_RUN_ID: "7" }, 3, "local-not-running", /./, local),
  ],
  AWS: [
    answers(
      "does not know the table",
      () => refusal("ResourceNotFoundException", "Requested resource not found"),
      "aws-lacks",
      /not found/,
    ),
    answers(
      "says that the keys expired",
      () => refusal("ExpiredTokenException", "expired"),
      "credentials-refused",
    ),
    answers(
      "does not let these keys",
      () => refusal("AccessDeniedException", "not authorized"),
      "credentials-refused",
    ),
    answers(
      "does not know the keys",
      () => refusal("UnrecognizedClientException", "invalid token"),
      "credentials-refused",
    ),
    answers(
      "says that the request is wrong",
      () => refusal("ValidationException", "the key is wrong"),
      "aws-refuses",
      /the key is wrong/,
    ),
    answers("fails", () => refusal("InternalServerError", "ours", 500), "aws-fails", /ours/),
    answers(
      "throttles",
      () => refusal("ThrottlingException", "Rate exceeded"),
      "aws-throttles",
      /Rate exceeded/,
    ),
    answers("hangs up", () => undefined, "aws-unreachable", /hang up/),
    answers("is a proxy that says no", () => html(403), "aws-is-another", /403/),
    answers("is a proxy that is busy", () => html(503), "aws-is-another", /503/),
    answers("is a page", () => html(200), "aws-is-another", /200/),
    answers(
      "is elsewhere",
      () => ({ status: 301, headers: { location: "http://x.invalid/" } }),
      "aws-is-another",
      /301/,
    ),
  ],
  "the record of a rehearsal": ["", "no JSON", "[]", '{"endpoint":"here"}', '{"emulatorPid":-1}'].map(
    (text, n): Case => ({
      what: `is ${JSON.stringify(text)}`,
      args: local,
      exit: 3,
      code: "local-not-running",
      variables: { REHEARSAL_DIR: `record-${n}` },
    }),
  ),
};

/** A few processes at a time; each case waits for its own. */
const AT_A_TIME = 3;
const PATIENCE_MS = 60_000;

describe("bad input, by the command line", function () {
  this.timeout(240_000);
  let checkout: Checkout;
  const runs = new Map<Case, PromiseWithResolvers<{ ended: Ended; aws: RecordingAws }>>();
  const all = Object.values(CASES).flat();

  before(() => {
    checkout = checkOutNow();
    for (const [n, { code, variables }] of all.entries()) {
      if (code !== "local-not-running" || !variables?.REHEARSAL_DIR) continue;
      const directory = join(checkout.root, variables.REHEARSAL_DIR);
      mkdirSync(directory);
      writeFileSync(join(directory, "record.json"), JSON.parse(all[n]?.what.slice(3) ?? '""'));
    }
    for (const each of all) runs.set(each, Promise.withResolvers());
    const waiting = [...all];
    for (let n = 0; n < AT_A_TIME; n++) void work(waiting);
  });
  after(() => checkout.remove());

  async function work(waiting: Case[]): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const run = runs.get(next);
      await perform(next).then(run?.resolve, run?.reject);
    }
  }

  async function perform({ args, variables, aws, npm }: Case) {
    const service = await recordingAws(aws);
    const words = npm
      ? ["npm", "run", "--silent", ...args]
      : [process.execPath, "orchestrator/cli.ts", ...args];
    const env = { AWS_ENDPOINT_URL: service.endpoint, HOME: checkout.scratch, ...KEYS, ...variables };
    const running = launch(checkout, words, env);
    // What is refused is refused soon; what is not must not go on behind a test that gave up.
    const late = setTimeout(() => running.kill("SIGKILL"), PATIENCE_MS);
    const ended = await running.ended;
    clearTimeout(late);
    service.close();
    return { ended, aws: service };
  }

  for (const [about, cases] of Object.entries(CASES))
    describe(about, () => {
      for (const each of cases)
        it(each.what, async () => {
          const { ended, aws } = (await runs.get(each)?.promise) ?? {};
          if (!ended || !aws) throw new Error("it was not run");
          const { err, out, code } = ended;
          expect(err).to.contain(`[${each.code}]`);
          expect(code, err).to.equal(each.exit);
          const [said = "", next = "", ...more] = err.trimEnd().split("\n");
          expect(said)
            .to.match(/^error: \S.* \[[a-z-]+\]$/)
            .and.to.match(each.says ?? /./);
          expect(next).to.match(/^next: \S/);
          expect(more, "one line what is wrong, one what to do").to.deep.equal([]);
          expect(out).to.equal("");
          expect(aws.writes, "requests that change something").to.deep.equal([]);
        });
    });

  it("are more than a hundred", () => expect(all.length).to.be.above(100));
});
