/** What the platform counted of one version within one minute. */
export type Minute = {
  /** When the minute began, ISO 8601. */
  at: string;
  invocations: number;
  errors: number;
  /** How long an execution took on average, in milliseconds; null where it was not told. */
  ms: number | null;
};

export type MeasuredVersion = { functionName: string; version: string };

/** What the platform counts of versions that get requests through the alias `live`. It comes late, by a minute or more. */
export interface Metrics {
  /** For each version its minutes, the oldest first; none where nothing was counted, which is no sign of health. */
  ofVersions(versions: MeasuredVersion[], within: { from: Date; to: Date }): Promise<Minute[][]>;
}
