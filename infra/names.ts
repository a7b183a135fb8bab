/** The name of a resource of the service in an environment. */
export function serviceName(environment: string, suffix: string): string {
  return `${environment}-sentiment-${suffix}`;
}

/** The alias that has the traffic. */
export const LIVE = "live";

/** The policy that none of an environment's functions can exceed, whatever its own policy says. */
export const boundaryName = (environment: string) => `${environment}-function-boundary`;
