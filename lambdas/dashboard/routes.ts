import type {
  APIGatewayProxyStructuredResultV2 as Answer,
  LambdaFunctionURLEvent as Request,
} from "aws-lambda";
import { release } from "../release.ts";
import type { ApiKey } from "../secret.ts";
import { answer, pageAnswer, refusal } from "./answer.ts";
import { sameKey } from "./authorisation.ts";
import { type Cursor, readCursor } from "./cursor.ts";
import { page, pagePolicy } from "./page/page.ts";
import type { Listed } from "./recent.ts";
import type { Summary } from "./summary.ts";

/** What the routes need from outside; all of it rejects only for the unforeseen. */
export type Dashboard = {
  expectedKey: ApiKey;
  recent: (limit: number, after?: Cursor) => Promise<Listed>;
  summary: (days: number) => Promise<Summary>;
  now: () => number;
};

type Route = (request: Request, dashboard: Dashboard) => Promise<Answer> | Answer;

/** What anybody gets: the page holds nothing but the question for the key. */
const OPEN = new Map<string, Route>([["/", () => pageAnswer(page, pagePolicy)]]);
const WITH_KEY = new Map<string, Route>([
  ["/health", health],
  ["/api/items", items],
  ["/api/summary", summary],
]);

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const DEFAULT_DAYS = 1;
const MAX_DAYS = 7;
const LONGEST_BODY = 16 * 1024;

/** Answers one request of the function URL. Rejects with whatever was unforeseen: the caller decides what that means. */
export async function respond(request: Request, dashboard: Dashboard): Promise<Answer> {
  if ((request.body?.length ?? 0) > LONGEST_BODY)
    return refusal(413, "too-large", "No request here needs a body, and none of this size is read.");
  const open = OPEN.get(request.rawPath);
  const route = open ?? WITH_KEY.get(request.rawPath);
  if (!route) return refusal(404, "not-found", "There is nothing at this path.");
  if (request.requestContext.http.method !== "GET") {
    return refusal(405, "method-not-allowed", "Only GET is answered here.", { allow: "GET" });
  }
  if (!open && !(await hasKey(request, dashboard)))
    return refusal(401, "unauthorised", "Send the API key in the header X-API-Key.");
  return route(request, dashboard);
}

async function hasKey({ headers }: Request, { expectedKey }: Dashboard): Promise<boolean> {
  const sent = headers["x-api-key"];
  if (sent === undefined || sent === "") return false;
  const expected = await expectedKey();
  // What does not fit may be the key that has just taken the place of the one we know.
  return sameKey(sent, expected) || sameKey(sent, await expectedKey(expected));
}

async function health(_request: Request, { now }: Dashboard): Promise<Answer> {
  return answer(200, { status: "healthy", version: release, timestamp: new Date(now()).toISOString() });
}

async function items(request: Request, { recent }: Dashboard): Promise<Answer> {
  const { limit: limitGiven, after: afterGiven } = request.queryStringParameters ?? {};
  const limit = wholeNumber(limitGiven, { otherwise: DEFAULT_LIMIT, most: MAX_LIMIT });
  if (limit === undefined) {
    return refusal(400, "limit-invalid", `limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  const after = afterGiven === undefined ? undefined : readCursor(afterGiven);
  if (afterGiven !== undefined && !after) {
    return refusal(400, "after-invalid", "after must be the next of an earlier answer.");
  }
  const found = await recent(limit, after);
  return answer(200, { ...found, count: found.items.length });
}

async function summary(request: Request, dashboard: Dashboard): Promise<Answer> {
  const days = wholeNumber(request.queryStringParameters?.days, { otherwise: DEFAULT_DAYS, most: MAX_DAYS });
  if (days === undefined) {
    return refusal(400, "days-invalid", `days must be a whole number from 1 to ${MAX_DAYS}.`);
  }
  return answer(200, await dashboard.summary(days));
}

function wholeNumber(
  given: string | undefined,
  { otherwise, most }: { otherwise: number; most: number },
): number | undefined {
  if (given === undefined) return otherwise;
  const number = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  return number >= 1 && number <= most ? number : undefined;
}
