import { findingsOf } from "./finding.ts";
import { checkOf } from "./ground.ts";

type Named = { source: string };

const find = findingsOf("source", {
  "source-fine": { severity: "fine", seen: (p: Named) => `releases can be fetched from ${p.source}` },
  "source-none": { severity: "fine", seen: () => "releases come from this machine, or from --release-dir" },
  "source-no-reader": {
    severity: "warning",
    seen: (p: Named) => `there are no credentials of ${p.source}'s release reader here`,
    remedy: (p) =>
      `aws configure --profile ${p.source}-release-reader; or promote with --release-dir, which needs none`,
  },
  "source-refused": {
    severity: "problem",
    seen: (p: Named & { said: string }) => `${p.source}'s release reader is refused: ${p.said}`,
    remedy: (p) => `give the profile ${p.source}-release-reader the keys that it has now`,
  },
});

/** How AWS says that it does not know somebody, or does not let them. */
const REFUSED =
  /AccessDenied|Forbidden|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidClientTokenId|403/;

export const source = checkOf(find, async ({ environment, place }) => {
  const { source: name } = environment.promotion;
  if (!name) return [find("source-none", {})];
  try {
    await place.source(name);
    return [find("source-fine", { source: name })];
  } catch (error) {
    const { name: code, message } = error as Error;
    if (code === "CredentialsProviderError") return [find("source-no-reader", { source: name })];
    if (REFUSED.test(code)) return [find("source-refused", { source: name, said: message || code })];
    throw error;
  }
});
