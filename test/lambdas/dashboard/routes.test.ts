import { expect } from "chai";
import { writeCursor } from "../../../lambdas/dashboard/cursor.ts";
import { type Dashboard, respond } from "../../../lambdas/dashboard/routes.ts";
import { spanOf, summarise } from "../../../lambdas/dashboard/summary.ts";
import { request } from "./request.ts";

const KEY = "the-key";

describe("the dashboard's routes", () => {
  let asked: unknown[][];
  let dashboard: Dashboard;

  beforeEach(() => {
    asked = [];
    dashboard = {
      expectedKey: async () => KEY,
      recent: async (limit, after) => {
        asked.push([limit, after?.day]);
        return { items: [], next: null };
      },
      summary: async (days) => {
        asked.push([days]);
        return summarise([], spanOf(days, 0));
      },
      now: () => Date.UTC(2025, 10, 20, 12),
    };
  });

  it("report health and the release the bytes were built from", async () => {
    const { statusCode, body } = await respond(request("/health", { key: KEY }), dashboard);
    expect(statusCode).to.equal(200);
    expect(JSON.parse(body ?? "")).to.deep.equal({
      status: "healthy",
      version: "unreleased",
      timestamp: "2025-11-20T12:00:00.000Z",
    });
  });

  for (const [which, key] of [
    ["no key", undefined],
    ["an empty key", ""],
    ["another key", "the-kex"],
    ["a longer key", "the-key "],
  ] as const) {
    it(`refuse ${which} on every path that answers`, async () => {
      for (const path of ["/health", "/api/items", "/api/summary"]) {
        const { statusCode, body } = await respond(request(path, { key }), dashboard);
        expect(statusCode).to.equal(401);
        expect(JSON.parse(body ?? "").error.code).to.equal("unauthorised");
      }
    });
  }

  it("know a key that took the place of the one they knew, and no longer that one", async () => {
    let known = KEY;
    dashboard.expectedKey = async (refused) => {
      if (refused === KEY) known = "the-new-key";
      return known;
    };
    const statusWith = async (key: string) =>
      (await respond(request("/health", { key }), dashboard)).statusCode;
    expect(await statusWith("the-new-key")).to.equal(200);
    expect(await statusWith(KEY)).to.equal(401);
  });

  it("do not ask for the key of somebody who sent none", async () => {
    dashboard.expectedKey = async () => expect.fail("the key was asked for");
    expect((await respond(request("/health"), dashboard)).statusCode).to.equal(401);
  });

  it("know no other path, with or without the key", async () => {
    for (const path of [
      "//",
      "/healthz",
      "/health/",
      "/api/summary/x",
      "/%2e%2e/etc/passwd",
      "/api",
      "/api/items/1",
      "/constructor",
      "/__proto__",
    ]) {
      expect((await respond(request(path, { key: KEY }), dashboard)).statusCode, path).to.equal(404);
      expect((await respond(request(path), dashboard)).statusCode, path).to.equal(404);
    }
  });

  it("answer GET only, and say so", async () => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"]) {
      const { statusCode, headers } = await respond(request("/health", { key: KEY, method }), dashboard);
      expect(statusCode, method).to.equal(405);
      expect(headers).to.include({ allow: "GET" });
    }
  });

  it("list as many items as asked for, 20 when nothing was said", async () => {
    await respond(request("/api/items", { key: KEY }), dashboard);
    await respond(request("/api/items", { key: KEY, query: { limit: "1" } }), dashboard);
    await respond(request("/api/items", { key: KEY, query: { limit: "100" } }), dashboard);
    expect(asked).to.deep.equal([
      [20, undefined],
      [1, undefined],
      [100, undefined],
    ]);
  });

  it("go on with the list where the last answer ended", async () => {
    const after = writeCursor({
      day: "2025-11-20",
      publishedAt: "2025-11-20T08:30:00.000Z",
      id: "a".repeat(64),
    });
    const { statusCode, body } = await respond(
      request("/api/items", { key: KEY, query: { after } }),
      dashboard,
    );
    expect(statusCode).to.equal(200);
    expect(JSON.parse(body ?? "")).to.deep.equal({ items: [], next: null, count: 0 });
    expect(asked).to.deep.equal([[20, "2025-11-20"]]);
  });

  it("refuse a place in the list that they did not give", async () => {
    for (const after of ["", "x", "<script>", "a".repeat(5_000)]) {
      const { statusCode } = await respond(request("/api/items", { key: KEY, query: { after } }), dashboard);
      expect(statusCode, after).to.equal(400);
    }
    expect(asked).to.deep.equal([]);
  });

  it("sum up a day when nothing was said, and up to a week", async () => {
    await respond(request("/api/summary", { key: KEY }), dashboard);
    const { statusCode } = await respond(
      request("/api/summary", { key: KEY, query: { days: "7" } }),
      dashboard,
    );
    expect(statusCode).to.equal(200);
    expect(asked).to.deep.equal([[1], [7]]);
    for (const days of ["0", "8", "-1", "1,2", "NaN", ""]) {
      const answer = await respond(request("/api/summary", { key: KEY, query: { days } }), dashboard);
      expect(answer.statusCode, days).to.equal(400);
    }
  });

  it("show the page to anybody", async () => {
    const { statusCode, headers, body } = await respond(request("/"), dashboard);
    expect(statusCode).to.equal(200);
    expect(headers).to.include({ "content-type": "text/html; charset=utf-8", "x-frame-options": "DENY" });
    expect(body).to.match(/^<!doctype html>/);
  });

  it("read no large body, whatever the path, the method and the key", async () => {
    const body = "x".repeat(1_000_000);
    for (const [path, method] of [
      ["/health", "GET"],
      ["/api/items", "POST"],
      ["/nothing", "PUT"],
    ] as const) {
      const { statusCode } = await respond({ ...request(path, { method }), body }, dashboard);
      expect(statusCode).to.equal(413);
    }
  });

  for (const limit of ["0", "101", "-1", "1.5", "1e2", "0x10", "", " 5", "ten", "9".repeat(400)]) {
    it(`refuse the limit "${limit.slice(0, 8)}"`, async () => {
      const { statusCode } = await respond(request("/api/items", { key: KEY, query: { limit } }), dashboard);
      expect(statusCode).to.equal(400);
      expect(asked).to.deep.equal([]);
    });
  }

  it("send the security headers with every answer", async () => {
    for (const asked of [request("/health", { key: KEY }), request("/health"), request("/nothing")]) {
      const { headers } = await respond(asked, dashboard);
      expect(headers).to.include({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
      expect(headers).to.have.property("strict-transport-security");
      expect(headers).to.have.property("content-security-policy");
    }
  });

  it("leave what is unforeseen to the caller", async () => {
    dashboard.recent = async () => Promise.reject(new Error("the table is gone"));
    const failure = await respond(request("/api/items", { key: KEY }), dashboard).catch(
      (error: Error) => error,
    );
    expect(failure).to.be.instanceOf(Error).with.property("message", "the table is gone");
  });
});
