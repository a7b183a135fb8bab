import { expect } from "chai";
import { askHealth } from "../../../lambdas/canary/ask.ts";
import { check } from "../../../lambdas/canary/check.ts";
import { EXPECTED, honest, KEY, type Lie, startLiar } from "./liar.ts";

const health = (more: object) =>
  JSON.stringify({ status: "healthy", version: EXPECTED, timestamp: "2025-11-20T12:00:00Z", ...more });
const toUsers =
  (answer: Lie): Lie =>
  (response, key) =>
    key === KEY ? answer(response, key) : honest(response, key);

const LIES: [what: string, lie: Lie, fault: RegExp][] = [
  ["lets strangers in", (response) => response.end(health({})), /^without a key: status 200, not 401$/],
  ["refuses the key", (response) => response.writeHead(401).end("{}"), /^with the key: status 401, not 200$/],
  ["fails", toUsers((response) => response.writeHead(500).end("{}")), /^with the key: status 500, not 200$/],
  ["is no JSON", toUsers((response) => response.end("<html>")), /^with the key: the answer is not JSON$/],
  ["is null", toUsers((response) => response.end("null")), /^with the key: the answer is not JSON$/],
  [
    "is not healthy",
    toUsers((response) => response.end(health({ status: "starting" }))),
    /^with the key: it calls itself starting, not healthy$/,
  ],
  [
    "is another release",
    toUsers((response) => response.end(health({ version: "2".repeat(40) }))),
    /^with the key: the release is 2{40}, not 1{40}$/,
  ],
  [
    "names no release",
    toUsers((response) => response.end(health({ version: undefined }))),
    /^with the key: it names no release$/,
  ],
  [
    "gives no time",
    toUsers((response) => response.end(health({ timestamp: "soon" }))),
    /^with the key: it gives no time$/,
  ],
  ["hangs up", toUsers((response) => response.destroy()), /^with the key: no answer, /],
  ["says nothing", toUsers(() => {}), /^with the key: no answer, The operation was aborted/],
  [
    "does not end",
    toUsers((response) => response.end("x".repeat(100_000))),
    /^with the key: no answer, the answer does not end$/,
  ],
];

describe("the canary's look at the dashboard", () => {
  let liar: Awaited<ReturnType<typeof startLiar>>;
  const look = (more: Partial<Parameters<typeof check>[0]> = {}) =>
    check({
      ask: askHealth(liar.url, undefined, 300),
      key: KEY,
      version: EXPECTED,
      shifting: async () => false,
      ...more,
    });

  before(async () => {
    liar = await startLiar();
  });
  beforeEach(() => liar.tell(honest));
  after(() => liar.close());

  it("finds nothing where all is well", async () => {
    const { healthy, faults, ms } = await look();
    expect(faults).to.deep.equal([]);
    expect(healthy).to.equal(true);
    expect(ms).to.be.within(0, 300);
  });

  for (const [what, lie, fault] of LIES) {
    it(`finds a dashboard that ${what}`, async () => {
      liar.tell(lie);
      const { healthy, faults } = await look();
      expect(healthy).to.equal(false);
      expect(faults).to.have.length(1);
      expect(faults[0]).to.match(fault);
    });
  }

  it("finds a dashboard that is slow", async () => {
    const ask = async (key?: string) =>
      key ? { status: 200, body: health({}), ms: 5_000 } : { status: 401, body: "", ms: 1 };
    expect((await look({ ask })).faults).to.deep.equal(["with the key: it took 5000 ms, not less than 5000"]);
  });

  it("finds nobody there", async () => {
    const { faults } = await look({ ask: askHealth("http://127.0.0.1:1/") });
    expect(faults).to.have.length(2);
  });

  it("takes another release for rightful while traffic is moved, and only then", async () => {
    const version = "2".repeat(40);
    expect((await look({ version, shifting: async () => true })).healthy).to.equal(true);
    const unknown = async () => Promise.reject(new Error("denied"));
    expect((await look({ version, shifting: unknown })).healthy).to.equal(false);
  });

  it("goes to the endpoint where there is one, in the name of the dashboard", async () => {
    const hosts: (string | undefined)[] = [];
    liar.tell((response, key) => {
      hosts.push(response.req.headers.host);
      honest(response, key);
    });
    const ask = askHealth("https://an-id.lambda-url.us-east-1.on.aws/", liar.url);
    expect((await look({ ask })).healthy).to.equal(true);
    expect(new Set(hosts)).to.deep.equal(new Set(["an-id.lambda-url.us-east-1.on.aws"]));
  });
});
