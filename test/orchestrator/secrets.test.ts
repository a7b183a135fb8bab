import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import { expect } from "chai";
import { LONGEST_SHAPE } from "../../orchestrator/secret-shapes.ts";
import { knownSecrets, knowVariables, REDACTED } from "../../orchestrator/secrets.ts";
import { ERRORS, FORMS, leaksIn, PLANTED, plantedVariables } from "../fakes/planted.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Every secret in every form in every sentence. */
const SAID = Object.entries(PLANTED).flatMap(([name, { secret }]) =>
  Object.entries(FORMS).flatMap(([form, write]) =>
    Object.entries(ERRORS).map(([sentence, say]) => ({ name, form, sentence, text: say(write(secret)) })),
  ),
);

function taught() {
  const secrets = knownSecrets();
  knowVariables(secrets, plantedVariables());
  return secrets;
}

describe("the search for leaks", () => {
  for (const form of Object.keys(FORMS))
    it(`finds each secret ${form}`, () => {
      const missed = SAID.filter((said) => said.form === form && !leaksIn(said.text).includes(said.name));
      expect(missed).to.deep.equal([]);
    });

  it("finds half a secret", () => {
    for (const [name, { secret }] of Object.entries(PLANTED)) {
      expect(leaksIn(`x${secret.slice(0, Math.ceil(secret.length * 0.6))}`)).to.include(name);
      expect(leaksIn(`${secret.slice(Math.floor(secret.length * 0.4))}x`)).to.include(name);
    }
  });

  it("finds nothing where nothing is", () => {
    expect(leaksIn("the secret prod-dashboard-api-key holds no api_key")).to.deep.equal([]);
  });
});

describe("a secret that the process knows", () => {
  for (const form of Object.keys(FORMS))
    it(`is in no text, ${form}`, () => {
      const secrets = taught();
      const leaked = SAID.filter((said) => said.form === form).filter(
        ({ text }) => leaksIn(secrets.redact(text)).length > 0,
      );
      expect(leaked.map(({ name, text }) => `${name}: ${secrets.redact(text)}`)).to.deep.equal([]);
    });

  it("is in no text of a document, however deep, and all else of it stays", () => {
    const document = { a: [PLANTED["a token of GitHub"]?.secret, 7, null, { b: "left alone" }], c: true };
    expect(taught().redactAll(document)).to.deep.equal({
      a: [REDACTED, 7, null, { b: "left alone" }],
      c: true,
    });
  });

  it("leaves in a document no half of a character, which could not be kept", () => {
    const document = knownSecrets().redactAll({ because: "it fell \ud83d\ude00, then \ud83d" });
    expect(document).to.deep.equal({ because: "it fell \ud83d\ude00, then \ufffd" });
  });

  const all = SAID.map(({ text }) => text).join("\n");
  for (const size of [1_021, 4_096, 65_536])
    it(`is in no stream, whose chunks of ${size} bytes cut it anywhere`, async () => {
      expect(leaksIn(await streamed(all, size))).to.deep.equal([]);
    });

  it("is in no stream, wherever what may be passed on already ends in it", async () => {
    const secrets = knownSecrets();
    const secret = "sAmPle+sEcreT/0123";
    secrets.know(secret);
    for (let into = 0; into <= secret.length; into++) {
      const text = `${"a ".repeat(50)}${secret}${"b ".repeat(5_000)}`;
      const end = 100 + into + LONGEST_SHAPE;
      const chunks = [text.slice(0, end), text.slice(end)].map((each) => Buffer.from(each));
      const passedOn = await textOf(Readable.from(chunks).pipe(secrets.stream()));
      expect(passedOn).to.equal(text.replace(secret, REDACTED));
    }
  });

  it("is in no stream of single bytes", async () => {
    const { secret = "" } = PLANTED["a password in another script"] ?? {};
    expect(await streamed(`before ${secret} after`, 1)).to.equal(`before ${REDACTED} after`);
  });

  it("leaves a stream without secrets as it is, however long", async () => {
    const text = Array.from({ length: 20_000 }, (_, n) => `line ${n}: ü`).join("\n");
    expect(await streamed(text, 10_007)).to.equal(text);
  });

  it("is no word: what is short is left alone", () => {
    const secrets = knownSecrets();
    knowVariables(secrets, { AWS_SECRET_ACCESS_KEY: "test", TOKEN: "" });
    expect(secrets.redact("this is a test")).to.equal("this is a test");
  });

  it("is not the name of one, nor where it lies", () => {
    const secrets = knownSecrets();
    knowVariables(secrets, {
      AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/token",
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example/x",
      AWS_ACCESS_KEY_ID: "an-identifier",
    });
    const text = "/var/run/token https://token.example/x an-identifier";
    expect(secrets.redact(text)).to.equal(text);
  });

  async function streamed(text: string, size: number): Promise<string> {
    const bytes = Buffer.from(text);
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      bytes.subarray(n * size, (n + 1) * size),
    );
    return await textOf(Readable.from(chunks).pipe(taught().stream()));
  }
});

describe("a secret that nobody named", () => {
  const secret = "unNamed0123456789Value";
  const shapes: [what: string, text: string, left: string][] = [
    ["a header", `x-api-key: ${secret}`, `x-api-key: ${REDACTED}`],
    ["a header in JSON", `{"X-Api-Key":"${secret}","a":1}`, `{"X-Api-Key":"${REDACTED}","a":1}`],
    ["a header in JSON in JSON", `{\\"x-api-key\\":\\"${secret}\\"}`, `{\\"x-api-key\\":\\"${REDACTED}\\"}`],
    ["what authorizes", `Authorization: Bearer ${secret}`, `Authorization: ${REDACTED}`],
    [
      "a signed request",
      `authorization: AWS4-HMAC-SHA256 Credential=x/y, SignedHeaders=host, Signature=${secret}\nhost: h`,
      `authorization: ${REDACTED}\nhost: h`,
    ],
    ["a query", `GET /v2?apiKey=${secret}&page=2`, `GET /v2?apiKey=${REDACTED}&page=2`],
    [
      "a signed address",
      `https://b.example/k?X-Amz-Signature=${secret}`,
      `https://b.example/k?X-Amz-Signature=${REDACTED}`,
    ],
    [
      "a password in an address",
      `at postgres://app:${secret}@db.example/x`,
      `at postgres://app:${REDACTED}@db.example/x`,
    ],
    ["a variable", `AWS_SECRET_ACCESS_KEY=${secret} failed`, `AWS_SECRET_ACCESS_KEY=${REDACTED} failed`],
    ["a password", `password: "${secret}"`, `password: "${REDACTED}"`],
    ["an access key", `key AKIA${"ABCD1234".repeat(2)} unknown`, `key ${REDACTED} unknown`],
    ["a token of GitHub", `token ghs_${"x1".repeat(18)}.`, `token ${REDACTED}.`],
  ];
  for (const [what, text, left] of shapes)
    it(`is known by its shape: ${what}`, () => expect(knownSecrets().redact(text)).to.equal(left));

  it("is known by its shape: a private key", () => {
    const { secret: pem = "" } = PLANTED["a private key, on many lines"] ?? {};
    for (const text of [pem, JSON.stringify({ pem }), encodeURIComponent(pem)])
      expect(leaksIn(knownSecrets().redact(`read ${text} from`))).to.deep.equal([]);
  });

  it("is not seen in what this project says anyway", () => {
    const secrets = knownSecrets();
    const pages = ["README.md", ...globSync("docs/**/*.md", { cwd: ROOT })];
    for (const page of pages) {
      const text = readFileSync(join(ROOT, page), "utf8");
      expect(secrets.redact(text), page).to.equal(text);
    }
  });
});
