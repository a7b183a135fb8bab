/** An object as a list shows it; `since` is when it came there. */
export type Stored = { key: string; since: Date };

/** The tag of what may expire by itself. The bucket's lifecycle rule goes by it, and so nothing without it ever expires. */
export const TEMPORARY = { key: "retention", value: "temporary" } as const;

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
  /**
   * @param lasting whether it stays until it is removed; what is `temporary` may expire by itself, where the place does
   * that, until `keep` is called. Bytes that are there already stay as they were put.
   */
  put(
    key: string,
    bytes: Uint8Array,
    metadata?: Record<string, string>,
    lasting?: "temporary",
  ): Promise<"written" | "present">;
  /** Sets tags for people who look in a console; nothing decides on them. What is temporary stays so. */
  tag(key: string, tags: Record<string, string>): Promise<void>;
  /** From now on it does not expire by itself; its other tags stay. Throws when there is no such object. */
  keep(key: string): Promise<void>;
  /** Every object whose key begins so, by the order of the keys, all pages of them. */
  list(prefix: string): Promise<Stored[]>;
  /** Removes an object; one that is not there is no error. */
  remove(key: string): Promise<void>;
}
