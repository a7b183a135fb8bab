import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import {
  disableSchedule,
  forgetFailures,
  muteAlarm,
  retargetSchedule,
  unsubscribeAnalysis,
  untargetSchedule,
} from "./breaks.ts";
import { type IntegrationSuite, integrationSuite } from "./integration-fixture.ts";
import { type Lie, lying, tellTheTruth } from "./liars.ts";
import { type Service, service } from "./service-fixture.ts";

const FILES = ["service", "watching"];
const CHECKS = 19;

/** One thing broken, and which checks fail for it and no others. */
type Case = { broken: string; how(at: Service): Promise<() => Promise<unknown>>; fails: string[] };

const HEALTH = "answers /health with the release that was deployed, within 5 s";
const NEWS = "takes news in, lists it newest first, and scores it";
const CANARY = "is a canary that finds the service well, in the release that was deployed";
const OTHER_RELEASE = "is a canary that notices another release than the one it waits for";
const ALARMS =
  "is an alarm on every function and on the dead letters, switched on, that tells the alerts topic";
const refuses = (what: string, status: number) =>
  `refuses ${what} with ${status}, and tells nothing of its inside`;

const dashboard = (broken: string, lie: Lie, ...fails: string[]): Case => ({
  broken: `a dashboard that ${broken}`,
  how: (at) => lying(at, "dashboard", lie),
  fails,
});
/** Another status to requests of which this holds. */
const answers = (when: string, statusCode: number): Lie => ({
  says: `(event, answer) => (${when} ? { ...answer, statusCode: ${statusCode} } : answer)`,
});
const path = (rawPath: string) => `event.rawPath === ${JSON.stringify(rawPath)}`;
const query = (text: string) => `event.rawQueryString.includes(${JSON.stringify(text)})`;
const inBody = (rawPath: string, change: string) => `(event, answer) => {
  if (!(${path(rawPath)}) || answer.statusCode !== 200) return answer;
  const body = JSON.parse(answer.body);
  ${change};
  return { ...answer, body: JSON.stringify(body) };
}`;

const CASES: Case[] = [
  dashboard(
    "tells its sums to anybody",
    answers(`${path("/api/summary")} && answer.statusCode === 401`, 200),
    "refuses everything but its page without the key and with a wrong one",
  ),
  // The canary asks for the health as well: it has to fail for the same fault.
  dashboard(
    "calls itself something else than healthy",
    { says: inBody("/health", 'body.status = "tired"') },
    HEALTH,
    CANARY,
    OTHER_RELEASE,
  ),
  {
    broken: "an ingestion of another release",
    how: (at) => lying(at, "ingestion", { sha: "1".repeat(40) }),
    fails: [NEWS],
  },
  {
    broken: "an analysis that hears of no news",
    async how(at) {
      await forgetItems(at);
      const restore = await unsubscribeAnalysis(at);
      return async () => {
        await restore();
        // What was announced to nobody is never announced again.
        await forgetItems(at);
      };
    },
    fails: [NEWS],
  },
  {
    broken: "an ingestion that stores what it knows again",
    how: (at) =>
      lying(at, "ingestion", {
        says: "(event, { known, stored, ...rest }) => ({ ...rest, known: 0, stored: stored + known })",
      }),
    fails: ["takes the same news in only once"],
  },
  dashboard(
    "begins the list anew on every page",
    {
      hears: `(event) => event.rawQueryString.startsWith("limit=2&after=")
        ? { ...event, rawQueryString: "limit=2", queryStringParameters: { limit: "2" } }
        : event`,
    },
    "goes on with the list where it ended",
  ),
  dashboard("miscounts", { says: inBody("/api/summary", "body.positive += 1") }, "sums the news up"),
  dashboard(
    "lets its page run anything",
    {
      says: `(event, answer) => {
        const { "content-security-policy": policy, ...headers } = answer.headers;
        return { ...answer, headers };
      }`,
    },
    "shows its page to anybody, who may run nothing in it but its own script",
  ),
  dashboard("takes any limit", answers(query("limit=0"), 200), refuses("a limit that is none", 400)),
  dashboard(
    "says where in its code it refused",
    {
      says: `(event, answer) => ${query("limit=0")}
        ? { ...answer, body: answer.body.replace("}", ',"stack":"Error: at routes.ts:12"}') }
        : answer`,
    },
    refuses("a limit that is none", 400),
  ),
  dashboard(
    "takes any place in the list",
    answers(query("after=%00"), 500),
    refuses("a made-up place in the list", 400),
  ),
  dashboard("takes any number of days", answers(query("days=1e9"), 200), refuses("days that are none", 400)),
  dashboard("has every path", answers(path("/etc/passwd"), 200), refuses("a path that is not there", 404)),
  dashboard(
    "takes any method",
    answers(`${path("/health")} && event.requestContext.http.method === "POST"`, 200),
    refuses("another method", 405),
  ),
  dashboard(
    "takes bodies of any length",
    answers("answer.statusCode === 413", 500),
    refuses("a megabyte", 413),
  ),
  {
    broken: "a canary of another release",
    how: (at) => lying(at, "canary", { sha: "1".repeat(40) }),
    fails: [CANARY],
  },
  {
    broken: "a canary that does not mind a key that is refused",
    how: (at) => lying(at, "canary", { says: forgiving("key") }),
    fails: ["is a canary that notices a key that is refused"],
  },
  {
    broken: "a canary that does not mind another release",
    how: (at) => lying(at, "canary", { says: forgiving("version") }),
    fails: [OTHER_RELEASE],
  },
  {
    broken: "a schedule that is switched off",
    how: (at) => disableSchedule(at, "ingestion"),
    fails: ["is run on its schedule at the alias that has the traffic: ingestion"],
  },
  {
    broken: "a schedule that runs nothing",
    how: (at) => untargetSchedule(at, "ingestion"),
    fails: ["is run on its schedule at the alias that has the traffic: ingestion"],
  },
  {
    broken: "a schedule that runs what has no traffic",
    how: (at) => retargetSchedule(at, "canary"),
    fails: ["is run on its schedule at the alias that has the traffic: canary"],
  },
  {
    broken: "an alarm that tells nobody",
    how: (at) => muteAlarm(at, "analysis-errors", "action"),
    fails: [ALARMS],
  },
  {
    broken: "an alarm that is switched off",
    how: (at) => muteAlarm(at, "items-throttles", "switch"),
    fails: [ALARMS],
  },
  { broken: "failures that are kept nowhere", how: (at) => forgetFailures(at, "analysis"), fails: [ALARMS] },
];

/** A canary's answer to a drill, with nothing to say. */
function forgiving(drill: string): string {
  return `(event, finding) => event?.drill?.${drill} ? { ...finding, healthy: true, faults: [] } : finding`;
}

describe("the integration suite, against a service with one thing broken", function () {
  this.timeout(60_000);
  let at: Service;
  let suite: IntegrationSuite;
  const failed = new Set<string>();

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    at = await service();
    suite = await integrationSuite(at);
  });
  after(async () => {
    for (const name of ["dashboard", "ingestion", "canary"]) if (at) await tellTheTruth(at, name);
  });

  for (const { broken, how, fails } of CASES)
    it(`fails for ${broken}, in the check that guards it and in no other`, async () => {
      const restore = await how(at);
      try {
        const ran = await suite.run(FILES);
        expect(ran.failed).to.deep.equal(fails);
        expect(ran.passed).to.equal(CHECKS - fails.length);
      } finally {
        await restore();
      }
      for (const title of fails) failed.add(title);
    });

  it("passes when all is mended, and each of its checks has failed", async () => {
    const { failed: now, passed } = await suite.run(FILES);
    expect(now).to.deep.equal([]);
    expect(passed).to.equal(CHECKS);
    expect(failed.size).to.equal(CHECKS);
  });
});

async function forgetItems(at: Service): Promise<void> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(at.access)));
  const TableName = `${at.environment}-sentiment-items`;
  const { Items = [] } = await documents.send(new ScanCommand({ TableName }));
  for (const { id } of Items) await documents.send(new DeleteCommand({ TableName, Key: { id } }));
}
