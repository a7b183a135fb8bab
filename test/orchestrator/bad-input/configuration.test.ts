import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { loadEnvironment } from "../../../orchestrator/environment.ts";
import { refusalOf } from "../../fakes/refusal.ts";
import { PROMOTION } from "../../fakes/settings.ts";

const KEY = "sentiment-analyzer:promotion";
const REGION = { "aws:region": "us-east-1" };
const HEALTH = { function: "dashboard", path: "/health", probes: 5, needed: 5 };

const text = (promotion: unknown, more: object = REGION) =>
  stringify({ config: { ...more, [KEY]: promotion } });
const good = text(PROMOTION);
const but = (changes: object) => text({ ...PROMOTION, ...changes });
const without = (name: keyof typeof PROMOTION) => text({ ...PROMOTION, [name]: undefined });

type Case = [what: string, file: string | Buffer, says: RegExp];

const CASES: Record<string, Case[]> = {
  "the file": [
    ["is empty", "", /expected object/],
    ["holds comments only", "# nothing yet\n", /expected object/],
    ["is a list", "- config\n", /expected object/],
    ["is a text", "config\n", /expected object/],
    ["is a number", "7\n", /expected object/],
    ["has an open bracket", "config: [\n", /Flow sequence/],
    ["is indented by tabs", "config:\n\taws:region: us-east-1\n", /[Tt]ab/],
    ["has the same setting twice", `${good}config: {}\n`, /unique/],
    ["refers to what is not there", "config: *nowhere\n", /alias/i],
    ["holds two documents", `${good}---\n${good}`, /multiple documents/],
    ["grows without end when it is read", bomb(), /alias/i],
    ["is not text", Buffer.from([0xff, 0xfe, 0x00, 0x00, 0x01]), /./],
    ["is JSON that was cut off", JSON.stringify({ config: PROMOTION }).slice(0, 40), /./],
    ["has marks of a merge conflict", `<<<<<<< HEAD\n${good}=======\n`, /./],
  ],
  "its configuration": [
    ["is missing", "secretsprovider: awskms://alias/key\n", /config/],
    ["is null", "config:\n", /config/],
    ["is a list", "config:\n  - a\n", /config/],
    ["is a text", "config: a\n", /config/],
    ["has no region", text(PROMOTION, {}), /aws:region/],
    ["has an empty region", text(PROMOTION, { "aws:region": "" }), /not a region/],
    ["has a region with a blank", text(PROMOTION, { "aws:region": "us-east-1 " }), /not a region/],
    ["has a region that is a zone", text(PROMOTION, { "aws:region": "us-east-1a" }), /not a region/],
    ["has a number as its region", text(PROMOTION, { "aws:region": 1 }), /aws:region/],
    ["says nothing of promotions", stringify({ config: REGION }), /state: it is missing/],
    ["says null of promotions", text(null), /state/],
    ["has a text for promotions", text("yes"), /expected object/],
    ["has a list for promotions", text([PROMOTION]), /expected object/],
  ],
  "what it must say": [
    ["lacks the state", without("state"), /state/],
    ["lacks the bucket", without("packages"), /packages/],
    ["lacks the ledger", without("ledger"), /ledger/],
    ["lacks the key", without("signingKey"), /signingKey/],
    ["lacks the secret", without("healthKeySecret"), /healthKeySecret/],
    ["lacks the alarms", without("alarmPrefix"), /alarmPrefix/],
    ["lacks what it attests", without("attests"), /attests/],
    ["has a setting that nobody knows", but({ backe: "1m" }), /backe/],
    ["has a setting in another case", but({ Bake: "1m" }), /Bake/],
    ["has a name that every object has", but({ constructor: "x" }), /constructor/],
  ],
  "a name": [
    ["is an address without its kind", but({ state: "state/trial" }), /s3:\/\/bucket/],
    ["is an address of another kind", but({ state: "https://state" }), /s3:\/\/bucket/],
    ["is empty: the state", but({ state: "" }), /state/],
    ["is no bucket's: an address", but({ packages: "s3://packages" }), /bucket/],
    ["is no bucket's: a blank", but({ packages: "my packages" }), /bucket/],
    ["is no bucket's: too long", but({ packages: "p".repeat(64) }), /bucket/],
    ["is no table's", but({ ledger: "trial/ledger" }), /table/],
    ["is empty: the key", but({ signingKey: "" }), /signingKey: it is empty/],
    ["is blank: the secret", but({ healthKeySecret: "  " }), /healthKeySecret: it is empty/],
    [
      "is empty: the alarms', which would be every alarm's",
      but({ alarmPrefix: "" }),
      /alarmPrefix: it is empty/,
    ],
    ["is a number", but({ ledger: 7 }), /ledger/],
    ["is null", but({ packages: null }), /packages/],
    ["leaves its folder: what it attests", but({ attests: "../manifest" }), /attests/],
    ["is empty: what it attests", but({ attests: "" }), /attests/],
  ],
  "what it requires": [
    ["is a text", but({ requires: "trial-validated" }), /requires/],
    ["names nothing", but({ requires: [{}] }), /attestation/],
    ["leaves its folder", but({ requires: [{ attestation: "../../x" }] }), /attestation/],
    ["has a setting that nobody knows", but({ requires: [{ attestation: "a", key: "k" }] }), /key/],
    ["has a number as its key", but({ requires: [{ attestation: "a", publicKey: 1 }] }), /publicKey/],
  ],
  "a time": [
    ["is a word", but({ bake: "soon" }), /bake: "soon"/],
    ["has no unit", but({ bake: "5" }), /bake: "5"/],
    ["is a number", but({ bake: 300 }), /bake/],
    ["is negative", but({ bake: "-5m" }), /bake: "-5m"/],
    ["is empty", but({ bake: "" }), /bake: ""/],
    ["is null", but({ bake: null }), /bake/],
    ["is made of two", but({ bake: "5m30s" }), /bake/],
    ["is beyond all numbers", but({ bake: `${"9".repeat(400)}s` }), /bake/],
    ["lets polling never rest", but({ pollEvery: "0s" }), /pollEvery: it is too short/],
    ["is more than a timer takes", but({ pollEvery: "30d" }), /pollEvery: it is too long/],
    ["lets a lease never live", but({ lease: "0ms" }), /lease: it is too short/],
    ["is more than a heart waits", but({ lease: "200d" }), /lease: it is too long/],
  ],
  "the strategy": [
    ["is a word", but({ strategy: "fast" }), /"fast"/],
    ["is empty", but({ strategy: "" }), /strategy/],
    ["is a number", but({ strategy: 10 }), /strategy/],
    ["gives nothing", but({ strategy: "canary:0%/5m" }), /canary:0%/],
    ["gives everything", but({ strategy: "canary:100%/5m" }), /canary:100%/],
    ["gives a fraction", but({ strategy: "canary:2.5%/5m" }), /canary:2.5%/],
    ["has no time", but({ strategy: "canary:10%" }), /"canary:10%"/],
    ["has a time that is none", but({ strategy: "linear:10%/long" }), /linear:10%\/long/],
    ["is shouted", but({ strategy: "ALL-AT-ONCE" }), /ALL-AT-ONCE/],
  ],
  "a choice": [
    ["is a word: validate", but({ validate: "perhaps" }), /validate/],
    ["is a number: tellStart", but({ tellStart: 1 }), /tellStart/],
  ],
  "the health requests": [
    ["are none", but({ health: { ...HEALTH, probes: 0 } }), /probes/],
    ["are fewer than none", but({ health: { ...HEALTH, probes: -1 } }), /probes/],
    ["are half a one", but({ health: { ...HEALTH, probes: 1.5 } }), /probes/],
    ["are a word", but({ health: { ...HEALTH, probes: "5" } }), /probes/],
    ["are an attack", but({ health: { ...HEALTH, probes: 1_000_000 } }), /probes/],
    ["need no answer", but({ health: { ...HEALTH, needed: 0 } }), /needed/],
    ["need more answers than are asked for", but({ health: { ...HEALTH, needed: 6 } }), /more answers/],
    ["ask at no path", but({ health: { ...HEALTH, path: "health" } }), /path/],
    ["ask nobody", but({ health: { ...HEALTH, function: "" } }), /function/],
    ["are half said", but({ health: { probes: 5 } }), /function/],
    ["are switched off", but({ health: false }), /health/],
  ],
};

/** Ten aliases of ten aliases, ten times over. */
function bomb(): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let n = 1; n < 10; n++)
    lines.push(
      `a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(", ")}]`,
    );
  return `${lines.join("\n")}\n`;
}

describe("bad input: an environment's file", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "configuration-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (file: string | Buffer) => writeFileSync(join(root, "Pulumi.trial.yaml"), file);

  it("is well before it is made bad", () => {
    write(good);
    expect(loadEnvironment(root, "trial").promotion.bake).to.equal(300_000);
  });

  for (const [about, cases] of Object.entries(CASES))
    describe(about, () => {
      for (const [what, file, says] of cases)
        it(what, async () => {
          write(file);
          const refusal = await refusalOf(() => loadEnvironment(root, "trial"));
          expect(refusal.code).to.equal("config-invalid");
          expect(refusal.message).to.match(says).and.to.contain("Pulumi.trial.yaml");
          expect(refusal.remedy).to.contain("mend Pulumi.trial.yaml");
        });
    });

  it("is a folder", async () => {
    mkdirSync(join(root, "Pulumi.trial.yaml"));
    expect((await refusalOf(() => loadEnvironment(root, "trial"))).code).to.equal("config-invalid");
  });

  for (const name of [
    "moon",
    "",
    "..",
    "../trial",
    "Trial",
    "trial ",
    "TRIAL",
    "trial\n",
    "__proto__",
    "x".repeat(5_000),
  ])
    it(`is none of an environment called ${JSON.stringify(name.slice(0, 20))}`, async () => {
      write(good);
      const refusal = await refusalOf(() => loadEnvironment(root, name));
      expect(refusal.code).to.equal("environment-unknown");
      expect(refusal.message).to.contain("trial");
    });
});
