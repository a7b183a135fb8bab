/**
 * A place that keeps releases by key: an environment's bucket, or a directory. A key is written once: the same bytes
 * again are fine, other bytes are refused with `key-taken`.
 */
export interface Artifacts {
  /** Where this is, for people. */
  readonly place: string;
  /** Set where it may only be read, because the credentials are a reader's: `put` and `tag` are refused there. */
  readonly readOnly?: boolean;
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array, metadata?: Record<string, string>): Promise<"written" | "present">;
  /** Sets tags for people who look in a console; nothing decides on them. */
  tag(key: string, tags: Record<string, string>): Promise<void>;
}
