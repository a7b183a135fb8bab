/** Time as the promotion sees it. Wall time is for records, monotonic time for decisions. */
export interface Clock {
  now(): Date;
  /** Milliseconds since an arbitrary moment; never goes back. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
