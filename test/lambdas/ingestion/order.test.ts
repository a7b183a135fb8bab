import { expect } from "chai";
import { orderOf } from "../../../lambdas/ingestion/order.ts";

const CONFIGURED = { query: "technology", pages: 2 };

describe("the order of an ingestion", () => {
  for (const event of [undefined, null, {}, { source: "aws.events", "detail-type": "Scheduled Event" }]) {
    it(`is what is configured when the event is ${JSON.stringify(event)}`, () => {
      expect(orderOf(event, CONFIGURED)).to.deep.equal(CONFIGURED);
    });
  }

  it("may be another query, and other pages", () => {
    expect(orderOf({ query: "bulk" }, CONFIGURED)).to.deep.equal({ query: "bulk", pages: 2 });
    expect(orderOf({ pages: 10 }, CONFIGURED)).to.deep.equal({ query: "technology", pages: 10 });
  });

  for (const event of [
    { query: "" },
    { query: 7 },
    { query: "x".repeat(201) },
    { pages: 0 },
    { pages: 11 },
    { pages: 1.5 },
  ]) {
    it(`cannot be ${JSON.stringify(event).slice(0, 30)}`, () => {
      expect(() => orderOf(event, CONFIGURED)).to.throw(/must be/);
    });
  }
});
