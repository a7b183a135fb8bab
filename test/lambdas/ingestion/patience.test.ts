import { expect } from "chai";
import { NewsError } from "../../../lambdas/ingestion/news.ts";
import { patiently } from "../../../lambdas/ingestion/patience.ts";

const PAGE = { articles: [], total: 0 };

describe("patience with the news service", () => {
  let waited: number[];
  let asked: number;
  const answering = (...answers: (Error | typeof PAGE)[]) =>
    patiently(
      async () => {
        const answer = answers[asked++] ?? PAGE;
        if (answer instanceof Error) throw answer;
        return answer;
      },
      { wait: async (ms) => void waited.push(ms), random: () => 0.5 },
    ).catch((error: Error) => error.message);

  beforeEach(() => {
    waited = [];
    asked = 0;
  });

  it("is not needed when it answers", async () => {
    expect(await answering(PAGE)).to.equal(PAGE);
    expect(waited).to.deep.equal([]);
  });

  it("asks again, later each time, when it fails or is not reached", async () => {
    expect(await answering(new NewsError(503, "busy"), new TypeError("fetch failed"), PAGE)).to.equal(PAGE);
    expect(waited).to.deep.equal([500, 1000]);
  });

  it("ends with the third try", async () => {
    const failing = [1, 2, 3, 4].map((n) => new NewsError(500, `failure${n}`));
    expect(await answering(...failing)).to.equal("The news service answered 500 failure3.");
    expect(asked).to.equal(3);
  });

  it("does not ask again what will be refused again", async () => {
    expect(await answering(new NewsError(401, "apiKeyInvalid"))).to.equal(
      "The news service answered 401 apiKeyInvalid.",
    );
    expect(waited).to.deep.equal([]);
  });

  it("leaves the service alone for as long as it wants, and longer each time when it does not say", async () => {
    await answering(new NewsError(429, "rateLimited", 7_000), new NewsError(429, "rateLimited"), PAGE);
    expect(waited).to.deep.equal([7_500, 9_000]);
  });

  it("does not wait for longer than a run lasts", async () => {
    expect(await answering(new NewsError(429, "rateLimited", 3_600_000))).to.include("rateLimited");
    expect(waited).to.deep.equal([]);
  });
});
