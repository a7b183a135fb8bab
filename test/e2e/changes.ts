/** What a commit does to one file. */
export type Change = { file: string; change: (text: string) => string };

const ROUTES = "lambdas/dashboard/routes.ts";

/** AWS lets the deployer touch no function that is not its environment's: the update fails half-way. */
export const overreaching = (condition = "true"): Change => ({
  file: "infra/topics.ts",
  change: (text) =>
    text.replace(
      "  return { notifications",
      `  if (${condition})\n    new aws.lambda.Alias("foreign", { name: "live", functionName: "another", functionVersion: "1" });\n  return { notifications`,
    ),
});

/** Healthy, and without the page that the integration tests ask for. */
export const pageLost: Change = {
  file: ROUTES,
  change: (text) => text.replace('[["/", () => pageAnswer', '[["/page", () => pageAnswer'),
};

/** Healthy, and with lists that are too short for the integration tests. */
export const listsShort: Change = {
  file: ROUTES,
  change: (text) => text.replace("const MAX_LIMIT = 100;", "const MAX_LIMIT = 1;"),
};

/** Ill as soon as it is asked through the URL, in one environment: what is tested before does not show it. */
export const illIn = (environment: string): Change => ({
  file: ROUTES,
  change: (text) =>
    text.replace(
      'status: "healthy"',
      `status: _request.requestContext.domainName && process.env.AWS_LAMBDA_FUNCTION_NAME?.startsWith("${environment}-") ? "ill" : "healthy"`,
    ),
});

/** Good. */
export const longerLists = (by: number): Change => ({
  file: ROUTES,
  change: (text) => text.replace("DEFAULT_LIMIT = 20", `DEFAULT_LIMIT = ${20 + by}`),
});
