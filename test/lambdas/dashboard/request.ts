import type { LambdaFunctionURLEvent } from "aws-lambda";

/** A request as a function URL hands it over, as far as the dashboard looks at it. */
export function request(
  path: string,
  options: { method?: string; key?: string; query?: Record<string, string> } = {},
): LambdaFunctionURLEvent {
  return {
    version: "2.0",
    rawPath: path,
    headers: options.key === undefined ? {} : { "x-api-key": options.key },
    queryStringParameters: options.query,
    requestContext: { http: { method: options.method ?? "GET", path } },
  } as unknown as LambdaFunctionURLEvent;
}
