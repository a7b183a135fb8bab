import { createHash, timingSafeEqual } from "node:crypto";

/** Whether the key sent is the key expected, in a time that tells nothing about either. */
export function sameKey(sent: string, expected: string): boolean {
  return timingSafeEqual(digest(sent), digest(expected));
}

// Digests have one length, which is what timingSafeEqual needs, whatever the length of what was sent.
function digest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
