import { expect } from "chai";
import fc from "fast-check";
import { readCursor, writeCursor } from "../../../lambdas/dashboard/cursor.ts";

const CURSOR = { day: "2025-11-20", publishedAt: "2025-11-20T08:30:00.000Z", id: "a".repeat(64) };
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("the place where a list goes on", () => {
  it("comes back as it was written, and fits into a URL as it is", () => {
    const word = writeCursor(CURSOR);
    expect(encodeURIComponent(word)).to.equal(word);
    expect(readCursor(word)).to.deep.equal(CURSOR);
  });

  for (const made of [
    "",
    "x",
    "%00",
    "a b",
    encoded(null),
    encoded([]),
    encoded(["2025-11-20", CURSOR.publishedAt]),
    encoded(["2025-11-21", CURSOR.publishedAt, CURSOR.id]),
    encoded(["2025-99-99", "2025-99-99T99:99:99.999Z", CURSOR.id]),
    encoded([CURSOR.day, CURSOR.publishedAt, "__proto__"]),
    encoded([{ toString: "x" }, CURSOR.publishedAt, CURSOR.id]),
    "A".repeat(10_000),
  ]) {
    it(`is none in ${made.slice(0, 24) || "an empty word"}`, () => {
      expect(readCursor(made)).to.equal(undefined);
    });
  }

  it("is none in whatever else is made up, and nothing throws", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (word) => readCursor(word) === undefined));
    fc.assert(fc.property(fc.jsonValue(), (value) => readCursor(encoded(value)) === undefined));
  });
});
