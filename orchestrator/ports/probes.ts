/** What one health request saw. `version` is the SHA that the answering code reports of itself. */
export type Probe = {
  ok: boolean;
  status: number;
  version?: string;
  /** Milliseconds from the request to the whole answer. */
  ms: number;
  /** Why it is not ok. */
  problem?: string;
};

export type DirectTarget = { functionName: string; version: string };
export type UrlTarget = { url: string };

/** Health requests. With `withKey: false` a probe is ok when it is turned away with 401. */
export interface Probes {
  /** Asks one published version, whether it has traffic or not. */
  direct(target: DirectTarget, options: { withKey: boolean }): Promise<Probe>;
  /** Asks a version of a function that serves no requests whether it can work. It changes nothing. */
  ready(target: DirectTarget): Promise<Probe>;
  /** Asks as a user does, through the alias. */
  throughUrl(target: UrlTarget, options: { withKey: boolean }): Promise<Probe>;
}
