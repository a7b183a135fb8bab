import { DynamoDBDocumentClient, GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { dynamodbLedger } from "../../../orchestrator/adapters/dynamodb-ledger.ts";
import { type Entry, GENESIS, hashOf } from "../../../orchestrator/promotion/events.ts";
import { virtualClock } from "../../fakes/clock.ts";
import { refusalOf } from "../../fakes/refusal.ts";

type Item = Record<string, unknown>;

const EVENT = { type: "step-started", step: "up" };
const unsealed = {
  sequence: 1,
  promotionId: "one",
  at: "2030-01-01T00:00:00.000Z",
  event: EVENT as Entry["event"],
  previous: GENESIS,
};
const ITEM: Item = {
  ...unsealed,
  pk: "entry",
  sk: "0000000001",
  type: EVENT.type,
  event: JSON.stringify(EVENT),
  hash: hashOf(unsealed),
};
const LEASE: Item = {
  held: true,
  holder: { who: "w", host: "h", run: "r", promotionId: "other" },
  fence: 3,
  beat: 5,
  since: "2030-01-01T00:00:00.000Z",
  durationMs: 60_000,
};

/** What may be wrong with one item of the table. */
function spoilt(item: Item, fields: string[], values: [what: string, value: unknown][]): [string, Item][] {
  return fields.flatMap((field) =>
    values.map(([what, value]): [string, Item] => [`${field} is ${what}`, { ...item, [field]: value }]),
  );
}

const ENTRIES: [what: string, item: Item][] = [
  ...spoilt(
    ITEM,
    ["sequence", "promotionId", "at", "event", "previous", "hash"],
    [
      ["missing", undefined],
      ["null", null],
      ["a list", []],
    ],
  ),
  ["sequence is a text", { ...ITEM, sequence: "1" }],
  ["sequence is zero", { ...ITEM, sequence: 0 }],
  ["at is no time", { ...ITEM, at: "yesterday" }],
  ["event is empty", { ...ITEM, event: "" }],
  ["event is no JSON", { ...ITEM, event: "{type:" }],
  ["event was cut off", { ...ITEM, event: JSON.stringify(EVENT).slice(0, -4) }],
  ["event is a text in JSON", { ...ITEM, event: '"up"' }],
  ["event is null in JSON", { ...ITEM, event: "null" }],
  ["event has no type", { ...ITEM, event: "{}" }],
  ["event has a number as its type", { ...ITEM, event: '{"type":1}' }],
];

const LEASES: [what: string, item: Item][] = [
  ...spoilt(
    LEASE,
    ["held", "holder", "fence", "beat", "since", "durationMs"],
    [
      ["missing", undefined],
      ["null", null],
      ["another kind of thing", ["x"]],
    ],
  ),
  ["fence is a text", { ...LEASE, fence: "3" }],
  ["its holder is nobody", { ...LEASE, holder: {} }],
];

describe("bad input: the items of a ledger's table", () => {
  const documents = () => mockClient(DynamoDBDocumentClient);
  let mocked: ReturnType<typeof documents>;
  beforeEach(() => {
    mocked = documents();
    // Whatever is written is written by nobody here: an answer to it would be an undefined one.
    mocked.on(QueryCommand).resolves({ Items: [] });
    mocked.on(GetCommand).resolves({});
  });
  afterEach(() => mocked.restore());

  const ledger = () =>
    dynamodbLedger(
      { table: "trial-ledger", environment: "trial", clock: virtualClock() },
      { region: "us-east-1" },
    );
  const entries = (...Items: Item[]) => mocked.on(QueryCommand).resolves({ Items });
  const lease = (Item: Item) => mocked.on(GetCommand).resolves({ Item });
  const writes = () =>
    mocked
      .calls()
      .map(({ args }) => args[0].constructor.name)
      .filter((name) => name !== "QueryCommand" && name !== "GetCommand");

  it("are well before they are made bad", async () => {
    entries(ITEM);
    lease(LEASE);
    expect((await ledger().entries())[0]?.event).to.deep.equal(EVENT);
    expect((await ledger().held())?.fence).to.equal(3);
  });

  for (const [what, item] of ENTRIES)
    it(`are refused to read and to write on: an entry whose ${what}`, async () => {
      entries(item);
      const reading = await refusalOf(() => ledger().entries());
      expect(reading.code).to.equal("chain-broken");
      expect(reading.message).to.contain("entry 1 ");
      const writing = () =>
        ledger().append({ fence: 3, promotionId: "one" }, { type: "step-started", step: "up" });
      expect((await refusalOf(writing)).code).to.equal("chain-broken");
      expect(writes()).to.deep.equal([]);
    });

  for (const [what, item] of LEASES)
    it(`are refused to take: a lease whose ${what}`, async () => {
      lease(item);
      const holder = { who: "w", host: "h", run: "r", promotionId: "one" };
      for (const act of [() => ledger().held(), () => ledger().acquire(holder, 60_000)]) {
        const refusal = await refusalOf(act);
        expect(refusal.code).to.equal("lease-unreadable");
        expect(refusal.remedy).to.contain("trial-ledger");
      }
      expect(writes()).to.deep.equal([]);
    });

  it("are shown, but not written on, when a newer version wrote them", async () => {
    const event = { type: "promotion-paused", until: "tomorrow" };
    const hash = hashOf({ ...unsealed, event: event as unknown as Entry["event"] });
    entries({ ...ITEM, type: event.type, event: JSON.stringify(event), hash });
    expect((await ledger().entries())[0]?.event).to.deep.equal(event);
    const writing = () =>
      ledger().append({ fence: 3, promotionId: "one" }, { type: "step-started", step: "up" });
    expect((await refusalOf(writing)).code).to.equal("ledger-newer");
    expect(writes()).to.deep.equal([]);
  });
});
