import type { Environment } from "../environment.ts";

/** The external secrets of the service, as people call them. */
export const SERVICE_SECRETS = ["newsapi-key", "dashboard-api-key"] as const;
export type ServiceSecret = (typeof SERVICE_SECRETS)[number];

/** The name of a service's secret in Secrets Manager, as the foundation made it. */
export function secretIdOf({ name, promotion }: Environment, secret: ServiceSecret): string {
  return secret === "dashboard-api-key" ? promotion.healthKeySecret : `${name}-${secret}`;
}
