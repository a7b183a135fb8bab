import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { expect } from "chai";
import { attest } from "../../../orchestrator/release/attestation.ts";
import {
  attestationKey,
  infraKey,
  lambdaKey,
  manifestKey,
  sha256,
} from "../../../orchestrator/release/manifest.ts";
import { expectRefused } from "../../fakes/refusal.ts";
import { makeRelease, shaNamed } from "../../fakes/release.ts";
import { fakeSigner } from "../../fakes/signer.ts";
import { type World, world } from "../../fakes/world.ts";

type Document = Record<string, unknown>;

const SHA = shaNamed("second");
const MADE = makeRelease("second");
const GOOD = JSON.parse(Buffer.from(MADE.manifestBytes).toString()) as Document;
const part = (name: string) => (GOOD.parts as Record<string, Document>)[name] ?? {};

const json = (document: unknown) => Buffer.from(JSON.stringify(document));
const but = (changes: Document) => json({ ...GOOD, ...changes });
const without = (name: string) => but({ [name]: undefined });
const withPart = (changes: Document) =>
  but({ parts: { ...(GOOD.parts as Document), dashboard: { ...part("dashboard"), ...changes } } });

const MANIFESTS: [what: string, bytes: Uint8Array, says: RegExp, code?: string][] = [
  ["is empty", Buffer.of(), /JSON/],
  ["is no JSON", Buffer.from("manifest"), /JSON/],
  ["was cut off", MADE.manifestBytes.subarray(0, 100), /JSON/],
  ["is no text", Buffer.from([0, 255, 254, 1]), /JSON/],
  ["is null", json(null), /expected object/],
  ["is a list", json([GOOD]), /expected object/],
  ["is a text", json("manifest"), /expected object/],
  ...["schemaVersion", "sha", "timestamp", "author", "lockfile", "tools", "parts"].map(
    (name): [string, Uint8Array, RegExp] => [`lacks ${name}`, without(name), new RegExp(name)],
  ),
  ["is of a newer kind", but({ schemaVersion: 2 }), /schemaVersion/],
  ["says more than it may", but({ signedBy: "me" }), /signedBy/],
  ["is another release's", makeRelease("third").manifestBytes, /manifest of/, "manifest-of-another-release"],
  ["has a short SHA", but({ sha: SHA.slice(0, 12) }), /sha/],
  ["has a SHA in capitals", but({ sha: SHA.toUpperCase() }), /sha/],
  ["was made at no time", but({ timestamp: "yesterday" }), /timestamp/],
  ["was made by a number", but({ author: 7 }), /author/],
  ["has a digest that is none", but({ lockfile: "abc" }), /lockfile/],
  ["has no parts", but({ parts: {} }), /infra is missing/],
  ["has a list of parts", but({ parts: [part("dashboard")] }), /parts/],
  ["has no infra program", but({ parts: { dashboard: part("dashboard") } }), /infra is missing/],
  ["has a part that is null", but({ parts: { ...(GOOD.parts as Document), dashboard: null } }), /dashboard/],
  [
    "has a part with a path for its name",
    but({ parts: { ...(GOOD.parts as Document), "../x": part("dashboard") } }),
    /parts/,
  ],
  ["has a part without a key", withPart({ key: undefined }), /key/],
  ["has a part that leaves the release", withPart({ key: "../../secrets" }), /not a key/],
  ["has a part in the root", withPart({ key: "/etc/passwd" }), /not a key/],
  ["has a part with an empty key", withPart({ key: "" }), /not a key/],
  ["has a part that leaves by the middle", withPart({ key: "a/../../../b" }), /not a key/],
  [
    "has a digest in capitals",
    withPart({ sha256: String(part("dashboard").sha256).toUpperCase() }),
    /sha256/,
  ],
  ["has half a digest", withPart({ sha256: "ab".repeat(16) }), /sha256/],
  ["has a negative size", withPart({ size: -1 }), /size/],
  ["has a size of half a byte", withPart({ size: 1.5 }), /size/],
  ["has a size in words", withPart({ size: "large" }), /size/],
  ["has a part that says more than it may", withPart({ url: "https://x.example" }), /url/],
];

const DASHBOARD = lambdaKey("dashboard", SHA);
const PARTS: [what: string, code: string, spoil: (objects: Map<string, Uint8Array>) => void][] = [
  ["a function is missing", "release-incomplete", (objects) => objects.delete(DASHBOARD)],
  ["the infra program is missing", "release-incomplete", (objects) => objects.delete(infraKey(SHA))],
  ["the manifest is missing", "release-not-found", (objects) => objects.delete(manifestKey(SHA))],
  ["a function is empty", "size-mismatch", (objects) => objects.set(DASHBOARD, Buffer.of())],
  [
    "a function was cut off",
    "size-mismatch",
    (objects) => objects.set(DASHBOARD, (objects.get(DASHBOARD) ?? Buffer.of()).subarray(0, -1)),
  ],
  [
    "a function has a byte more",
    "size-mismatch",
    (objects) => objects.set(DASHBOARD, Buffer.concat([objects.get(DASHBOARD) ?? Buffer.of(), Buffer.of(0)])),
  ],
  [
    "a bit was flipped",
    "digest-mismatch",
    (objects) =>
      objects.set(
        DASHBOARD,
        (objects.get(DASHBOARD) ?? Buffer.of()).map((byte, n) => (n === 0 ? byte ^ 1 : byte)),
      ),
  ],
  [
    "two functions changed places",
    "digest-mismatch",
    (objects) => objects.set(DASHBOARD, objects.get(lambdaKey("ingestion", SHA)) ?? Buffer.of()),
  ],
  [
    "the infra program is another's",
    "size-mismatch",
    (objects) => objects.set(infraKey(SHA), Buffer.from("export {}")),
  ],
];

const signer = fakeSigner();
const CLAIM = {
  attestation: "tested",
  manifestKey: manifestKey(SHA),
  manifestSha256: sha256(MADE.manifestBytes),
  predicate: {},
};
const enveloped = async (changes: Partial<typeof CLAIM> = {}, by = signer) =>
  JSON.parse(Buffer.from(await attest({ ...CLAIM, ...changes }, by)).toString()) as {
    payloadType: string;
    payload: string;
    signatures: { keyid: string; sig: string }[];
  };

/** An envelope whose signature holds, whatever its payload says. */
async function sealed(payload: string) {
  const forger = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const type = "application/vnd.in-toto+json";
  const signed = `DSSEv1 ${type.length} ${type} ${Buffer.byteLength(payload)} ${payload}`;
  const sig = sign(
    "sha256",
    Buffer.from(signed),
    createPrivateKey(forger.privateKey.export({ type: "pkcs8", format: "pem" })),
  );
  const envelope = {
    payloadType: type,
    payload: Buffer.from(payload).toString("base64"),
    signatures: [{ keyid: "k", sig: sig.toString("base64") }],
  };
  return { envelope, publicKey: forger.publicKey.export({ type: "spki", format: "pem" }).toString() };
}

const statement = async (changes: Document) =>
  sealed(
    JSON.stringify({
      ...JSON.parse(Buffer.from((await enveloped()).payload, "base64").toString()),
      ...changes,
    }),
  );
const pem = (type: "rsa" | "ed25519") => {
  const { publicKey } =
    type === "rsa" ? generateKeyPairSync("rsa", { modulusLength: 2_048 }) : generateKeyPairSync("ed25519");
  return publicKey.export({ type: "spki", format: "pem" }).toString();
};

/** What lies where the attestation should be, and the key that is configured to check it with, if not the signer's. */
type Attestation = { bytes: Uint8Array; publicKey?: string };
const given = (document: unknown, publicKey?: string): Attestation => ({ bytes: json(document), publicKey });

const ATTESTATIONS: [
  what: string,
  make: () => Promise<Attestation> | Attestation,
  says: RegExp,
  code?: string,
][] = [
  ["is empty", () => ({ bytes: Buffer.of() }), /not a DSSE envelope/],
  ["is no JSON", () => ({ bytes: Buffer.from("yes, tested") }), /not a DSSE envelope/],
  ["is null", () => given(null), /not a DSSE envelope/],
  ["is a list", () => given([]), /not a DSSE envelope/],
  ["is the manifest", () => ({ bytes: MADE.manifestBytes }), /not a DSSE envelope/],
  [
    "holds another kind of thing",
    async () => given({ ...(await enveloped()), payloadType: "text/plain" }),
    /not a DSSE envelope/,
  ],
  [
    "holds what is not base64",
    async () => given({ ...(await enveloped()), payload: "%%%" }),
    /not a DSSE envelope/,
  ],
  [
    "has no signatures",
    async () => given({ ...(await enveloped()), signatures: undefined }),
    /not a DSSE envelope/,
  ],
  [
    "has an empty list of signatures",
    async () => given({ ...(await enveloped()), signatures: [] }),
    /not a DSSE envelope/,
  ],
  [
    "has an empty signature",
    async () => given({ ...(await enveloped()), signatures: [{ keyid: "k", sig: "" }] }),
    /not signed/,
    "attestation-untrusted",
  ],
  [
    "has a signature that is noise",
    async () => given({ ...(await enveloped()), signatures: [{ keyid: "k", sig: "bm9pc2U=" }] }),
    /not signed/,
    "attestation-untrusted",
  ],
  [
    "is signed by somebody else",
    async () => given(await enveloped({}, fakeSigner())),
    /not signed by the configured key/,
    "attestation-untrusted",
  ],
  [
    "was changed after it was signed",
    async () =>
      given({ ...(await enveloped()), payload: (await enveloped({ attestation: "deployed" })).payload }),
    /not signed/,
    "attestation-untrusted",
  ],
  [
    "is about another release",
    async () => given(await enveloped({ manifestSha256: sha256(makeRelease("third").manifestBytes) })),
    /changed after it was given/,
    "manifest-mismatch",
  ],
  ["attests another thing", async () => given(await enveloped({ attestation: "deployed" })), /it attests/],
  [
    "says no statement",
    async () => {
      const { envelope, publicKey } = await sealed("yes");
      return given(envelope, publicKey);
    },
    /in-toto/,
  ],
  [
    "is about two things",
    async () => {
      const { envelope, publicKey } = await statement({ subject: [{}, {}] });
      return given(envelope, publicKey);
    },
    /in-toto/,
  ],
  [
    "is about nothing",
    async () => {
      const { envelope, publicKey } = await statement({ subject: [] });
      return given(envelope, publicKey);
    },
    /in-toto/,
  ],
  [
    "is of a newer kind",
    async () => {
      const { envelope, publicKey } = await statement({ _type: "https://in-toto.io/Statement/v9" });
      return given(envelope, publicKey);
    },
    /in-toto/,
  ],
  ["is checked with no key", async () => given(await enveloped(), ""), /no public key/],
  ["is checked with a word", async () => given(await enveloped(), "the key"), /not a PEM key/],
  [
    "is checked with half a key",
    async () => given(await enveloped(), signer.publicKey.slice(0, 60)),
    /not a PEM key/,
  ],
  ["is checked with an RSA key", async () => given(await enveloped(), pem("rsa")), /another kind \(rsa\)/],
  [
    "is checked with an Edwards key",
    async () => given(await enveloped(), pem("ed25519")),
    /another kind \(ed25519\)/,
  ],
];

describe("bad input: a release", () => {
  let w: World;
  let before: string;

  const requires = (publicKey: string) => ({ config: { requires: [{ attestation: "tested", publicKey }] } });
  const seen = () =>
    JSON.stringify({
      traffic: w.traffic.written,
      engine: w.engine.did,
      store: [...w.store.objects.keys()],
      told: w.notifier.sent,
    });

  beforeEach(async () => {
    w = world();
    await w.settled();
    await w.release("second");
    before = seen();
  });
  afterEach(() => expect(seen()).to.equal(before));

  describe("its manifest", () => {
    for (const [what, bytes, says, code = "manifest-invalid"] of MANIFESTS)
      it(what, async () => {
        w.source.objects.set(manifestKey(SHA), bytes);
        expectRefused(await w.promote(SHA), code, says);
      });
  });

  describe("its parts", () => {
    for (const [what, code, spoil] of PARTS)
      it(what, async () => {
        spoil(w.source.objects);
        expectRefused(await w.promote(SHA), code);
      });
  });

  describe("its attestation", () => {
    it("is missing", async () => {
      expectRefused(await w.promote(SHA, requires(signer.publicKey)), "attestation-missing");
    });

    for (const [what, make, says, code = "attestation-invalid"] of ATTESTATIONS)
      it(what, async () => {
        const { bytes, publicKey = signer.publicKey } = await make();
        w.source.objects.set(attestationKey(SHA, "tested"), bytes);
        expectRefused(await w.promote(SHA, requires(publicKey)), code, says);
      });
  });
});

describe("a release that is well before it is made bad", () => {
  it("is promoted by its attestation", async () => {
    const w = world({ requires: [{ attestation: "tested", publicKey: signer.publicKey }] });
    await w.release("second");
    w.source.objects.set(attestationKey(SHA, "tested"), json(await enveloped()));
    expect((await w.promote(SHA)).outcome).to.equal("promoted");
  });
});
