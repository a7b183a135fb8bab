import type {
  APIGatewayProxyStructuredResultV2 as Answer,
  LambdaFunctionURLEvent as Request,
} from "aws-lambda";
import { release } from "../release.ts";
import { answer, refusal } from "./answer.ts";
import { sameKey } from "./authorisation.ts";
import type { ListedItem } from "./recent.ts";

/** What the routes need from outside; `expectedKey` and `recent` reject only for the unforeseen. */
export type Dashboard = {
  expectedKey: () => Promise<string>;
  recent: (limit: number) => Promise<ListedItem[]>;
  now: () => number;
};

type Route = (request: Request, dashboard: Dashboard) => Promise<Answer>;

const ROUTES = new Map<string, Route>([
  ["/health", health],
  ["/api/items", items],
]);

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** Answers one request of the function URL. Rejects with whatever was unforeseen: the caller decides what that means. */
export async function respond(request: Request, dashboard: Dashboard): Promise<Answer> {
  const route = ROUTES.get(request.rawPath);
  if (!route) return refusal(404, "not-found", "There is nothing at this path.");
  if (request.requestContext.http.method !== "GET") {
    return refusal(405, "method-not-allowed", "Only GET is answered here.", { allow: "GET" });
  }
  const sent = request.headers["x-api-key"];
  if (!sent || !sameKey(sent, await dashboard.expectedKey())) {
    return refusal(401, "unauthorised", "Send the API key in the header X-API-Key.");
  }
  return route(request, dashboard);
}

async function health(_request: Request, { now }: Dashboard): Promise<Answer> {
  return answer(200, { status: "healthy", version: release, timestamp: new Date(now()).toISOString() });
}

async function items(request: Request, { recent }: Dashboard): Promise<Answer> {
  const limit = limitOf(request.queryStringParameters?.limit);
  if (limit === undefined) {
    return refusal(400, "limit-invalid", `limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  const found = await recent(limit);
  return answer(200, { items: found, count: found.length });
}

function limitOf(given: string | undefined): number | undefined {
  if (given === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  return limit >= 1 && limit <= MAX_LIMIT ? limit : undefined;
}
