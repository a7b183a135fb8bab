import { createPublicKey, verify } from "node:crypto";
import { z } from "zod";
import type { Signer } from "../ports/signer.ts";

const PAYLOAD_TYPE = "application/vnd.in-toto+json";

const ENVELOPE = z.object({
  payloadType: z.literal(PAYLOAD_TYPE),
  payload: z.base64(),
  signatures: z.array(z.object({ keyid: z.string(), sig: z.base64() })).min(1),
});

const STATEMENT = z.object({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })).length(1),
  predicateType: z.string(),
  predicate: z.record(z.string(), z.unknown()),
});

/** What an attestation says: that the manifest with this digest has earned the name, and how. */
export type Claim = {
  attestation: string;
  manifestKey: string;
  /** Hex SHA-256 of the manifest's bytes. */
  manifestSha256: string;
  predicate: Record<string, unknown>;
};

const predicateType = (attestation: string) => `urn:promotion:attestation:${attestation}:v1`;

/** The bytes that a DSSE signature covers (the pre-authentication encoding of the DSSE specification, version 1). */
function preAuthentication(payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(PAYLOAD_TYPE)} ${PAYLOAD_TYPE} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** Signs a claim: an in-toto statement in a DSSE envelope, as JSON bytes. */
export async function attest(claim: Claim, signer: Signer): Promise<Uint8Array> {
  const statement: z.infer<typeof STATEMENT> = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: claim.manifestKey, digest: { sha256: claim.manifestSha256 } }],
    predicateType: predicateType(claim.attestation),
    predicate: claim.predicate,
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const signature = Buffer.from(await signer.sign(preAuthentication(payload)));
  const envelope = {
    payloadType: PAYLOAD_TYPE,
    payload: payload.toString("base64"),
    signatures: [{ keyid: signer.keyId, sig: signature.toString("base64") }],
  };
  return Buffer.from(JSON.stringify(envelope, null, 2));
}

/** What an attestation must say to open anything. */
export type Wanted = {
  attestation: string;
  /** Hex SHA-256 of the manifest's bytes. */
  manifestSha256: string;
  /** SPKI, PEM. */
  publicKey: string;
  /** Where the manifest is, to tell another release's attestation from another manifest of this one. */
  manifestKey?: string;
  /** The environment that must have given it; any, where it is not said. */
  environment?: string | undefined;
};

/** Why an attestation does not hold. */
export type Fault = {
  kind: "invalid" | "untrusted" | "another-release" | "another-manifest" | "another-environment";
  because: string;
};

/** Checks an envelope against a public key and what it must say. Nothing in it is believed before its signature is. */
export function faultOf(envelopeBytes: Uint8Array, wanted: Wanted): Fault | undefined {
  const invalid = (because: string): Fault => ({ kind: "invalid", because });
  if (!wanted.publicKey) return invalid("no public key is configured to check it with");
  const envelope = ENVELOPE.safeParse(parsed(envelopeBytes));
  if (!envelope.success) return invalid("it is not a DSSE envelope");
  const payload = Buffer.from(envelope.data.payload, "base64");
  let key: ReturnType<typeof createPublicKey>;
  try {
    key = createPublicKey(wanted.publicKey);
  } catch {
    return invalid("the configured public key is not a PEM key");
  }
  if (key.asymmetricKeyType !== "ec")
    return invalid(`the configured public key is of another kind (${key.asymmetricKeyType})`);
  const signed = envelope.data.signatures.some(({ sig }) =>
    verify("sha256", preAuthentication(payload), key, Buffer.from(sig, "base64")),
  );
  if (!signed) return { kind: "untrusted", because: "it is not signed by the configured key" };
  const statement = STATEMENT.safeParse(parsed(payload));
  if (!statement.success) return invalid("it is not an in-toto statement");
  return faultOfStatement(statement.data, wanted);
}

function faultOfStatement(statement: z.infer<typeof STATEMENT>, wanted: Wanted): Fault | undefined {
  if (statement.predicateType !== predicateType(wanted.attestation))
    return { kind: "invalid", because: `it attests ${statement.predicateType}` };
  const [subject] = statement.subject;
  if (subject?.digest.sha256 !== wanted.manifestSha256) {
    const sameRelease = subject?.name === wanted.manifestKey;
    return sameRelease
      ? { kind: "another-manifest", because: "the manifest was changed after it was given" }
      : { kind: "another-release", because: "it is about another manifest" };
  }
  const { environment } = statement.predicate;
  if (wanted.environment !== undefined && environment !== wanted.environment)
    return { kind: "another-environment", because: `it was given by ${environment}` };
  return undefined;
}

/** What an attestation says beyond whose it is. Only of an envelope in which no fault was found. */
export function predicateOf(envelopeBytes: Uint8Array): Record<string, unknown> {
  const { payload } = ENVELOPE.parse(parsed(envelopeBytes));
  return STATEMENT.parse(parsed(Buffer.from(payload, "base64"))).predicate;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
