/** A published version of a function, with the base64 SHA-256 of its code and the aliases that send requests to it. */
export type PublishedVersion = { version: string; codeSha256: string; aliases: string[] };

/** The published versions of functions. `$LATEST` is none of them. */
export interface Versions {
  /** Oldest first, all pages of them; none where there is no such function. */
  list(functionName: string): Promise<PublishedVersion[]>;
  /** Removes a version; one that is not there is no error, one that an alias names is refused. */
  remove(functionName: string, version: string): Promise<void>;
}
