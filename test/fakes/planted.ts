import { generateKeyPairSync } from "node:crypto";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

/** A dozen secrets of the kinds that a promotion comes near, each under the variable that tells a process of it. */
export const PLANTED: Record<string, { variable: string; secret: string }> = {
  "an AWS secret key": {
    variable: "AWS_SECRET_ACCESS_KEY",
    secret: "bPxRfi/CYzEXw+JalrKUtnFEMI7K/MDENGplante",
  },
  "a session token": {
    variable: "AWS_SESSION_TOKEN",
    secret: `FwoGZXIvYXdzE//${"tok3n+Pl4nted/".repeat(24)}==`,
  },
  "the dashboard's key": { variable: "DASHBOARD_API_KEY", secret: "dash-7hYt2kQp9wZx4mNv8bRc" },
  "the key of the news service": { variable: "NEWS_API_KEY", secret: "9f8e7d6c5b4a39281706f5e4d3c2b1a0" },
  "the passphrase of the configuration": {
    variable: "PULUMI_CONFIG_PASSPHRASE",
    secret: "correct horse & battery=staple?",
  },
  "a value of the configuration": {
    variable: "STACK_CONFIG_SECRET",
    secret: "cfg:value#with%every/sign+there=is",
  },
  "a password in an address": { variable: "HTTPS_PROXY", secret: "pr0xy-Pa55word!" },
  "a token of GitHub": { variable: "GITHUB_TOKEN", secret: `ghp_${"A1b2C3d4E5".repeat(4)}` },
  "a private key, on many lines": { variable: "DEPLOY_PRIVATE_KEY", secret: privateKey.trim() },
  "a password that JSON escapes": { variable: "DB_PASSWORD", secret: 'quo"te\\back\tslash/and<angle>' },
  "a password in another script": { variable: "MAIL_PASSWORD", secret: "Straße-пароль-密码-🔑-ñandú" },
  "a document with a key": {
    variable: "SERVICE_ACCOUNT_SECRET",
    secret: '{"type": "service", "private": "c2VjcmV0IGluc2lkZSBhIHNlY3JldA", "n": 7}',
  },
};

/** The variables of a process that is told all of them. */
export const plantedVariables = (): Record<string, string> =>
  Object.fromEntries(
    Object.values(PLANTED).map(({ variable, secret }) => [
      variable,
      variable === "HTTPS_PROXY"
        ? `http://deployer:${encodeURIComponent(secret)}@proxy.example:3128`
        : secret,
    ]),
  );

/** The forms in which text travels. */
export const FORMS: Record<string, (secret: string) => string> = {
  plain: (secret) => secret,
  base64: (secret) => Buffer.from(secret).toString("base64"),
  "base64 for addresses": (secret) => Buffer.from(secret).toString("base64url"),
  "base64 of a text around it": (secret) => Buffer.from(`deployer:${secret}:x`).toString("base64"),
  "URL-encoded": (secret) => encodeURIComponent(secret),
  "URL-encoded twice": (secret) => encodeURIComponent(encodeURIComponent(secret)),
  "as a form's field": (secret) => String(new URLSearchParams({ field: secret })),
  "JSON-escaped": (secret) => JSON.stringify({ field: secret }),
  "JSON in JSON": (secret) => JSON.stringify({ field: JSON.stringify({ field: secret }) }),
  "JSON in base64": (secret) => Buffer.from(JSON.stringify({ field: secret })).toString("base64"),
  "JSON with nothing but ASCII": (secret) =>
    JSON.stringify({ field: secret }).replaceAll(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  "on one line": (secret) => secret.replaceAll(/\s+/g, " "),
};

/** Sentences in which the outside may say a secret. */
export const ERRORS: Record<string, (said: string) => string> = {
  "an engine's error": (said) => `updating urn:pulumi:x: 1 error occurred: creating thing (${said}): denied`,
  "an SDK's error": (said) => `ServiceException: request with X-Custom: ${said} was not accepted`,
  "a failed assertion": (said) => `expected '${said}' to equal 'something else'`,
};

/**
 * The names of the secrets that a text lets anybody read. It decodes the text, which has nothing in common with how
 * secrets are taken out: what is looked for are their values, and either half of one.
 */
export function leaksIn(text: string, planted = PLANTED): string[] {
  const readings = readingsOf(text).map(squeezed);
  return Object.entries(planted).flatMap(([name, { secret }]) => {
    const whole = squeezed(secret);
    const half = Math.ceil(whole.length / 2);
    const wanted = [whole, whole.slice(0, half), whole.slice(half)];
    return readings.some((reading) => wanted.some((part) => reading.includes(part))) ? [name] : [];
  });
}

/** White space is lost in many ways on a text's way. */
const squeezed = (text: string) => text.replaceAll(/\\[rnt]|\s/g, "");

/** A text as it is, and as each way of decoding it, up to three times over, reads it. */
function readingsOf(text: string): string[] {
  const found = new Set([text]);
  let latest = [text];
  for (let depth = 0; depth < 3; depth++) {
    latest = latest
      .flatMap((each) => [fromUrl(each), fromJson(each), ...fromBase64(each)])
      .filter((each) => !found.has(each));
    for (const each of latest) found.add(each);
  }
  return [...found];
}

const fromUrl = (text: string) =>
  text
    .replaceAll("+", " ")
    .replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"));

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

const fromJson = (text: string) =>
  text.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, code, sign) =>
    code ? String.fromCharCode(Number.parseInt(code, 16)) : (ESCAPES[sign] ?? sign),
  );

/** What runs of base64 say, from each place where a group of four may begin. */
function fromBase64(text: string): string[] {
  const runs = text.match(/[A-Za-z0-9+/_-]{10,}/g) ?? [];
  if (runs.length === 0) return [];
  return [0, 1, 2, 3].map((skipped) =>
    runs.map((run) => Buffer.from(run.slice(skipped), "base64").toString("utf8")).join("\n"),
  );
}
