import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { sha256 } from "../../../orchestrator/release/manifest.ts";
import { reproducibleZip } from "../../../orchestrator/release/zip.ts";

const text = (value: string) => new TextEncoder().encode(value);

describe("a reproducible zip", () => {
  it("has the same bytes in whatever order the files come", async () => {
    const one = await reproducibleZip({ "a.js": text("1"), "b/c.js": text("2") });
    const other = await reproducibleZip({ "b/c.js": text("2"), "a.js": text("1") });
    expect(sha256(one)).to.equal(sha256(other));
  });

  it("has other bytes for another name or other contents", async () => {
    const digests = await Promise.all(
      [
        ["a.js", "1"],
        ["a.js", "2"],
        ["b.js", "1"],
      ].map(async ([name = "", content = ""]) => sha256(await reproducibleZip({ [name]: text(content) }))),
    );
    expect(new Set(digests).size).to.equal(3);
  });

  it("has the same bytes in every time zone", () => {
    const script = `
      const { reproducibleZip } = await import(${JSON.stringify(new URL("../../../orchestrator/release/zip.ts", import.meta.url).href)});
      process.stdout.write((await reproducibleZip({ "a.js": Buffer.from("1") })).toString("hex"));`;
    const [one, ...others] = ["UTC", "Asia/Tokyo", "America/Sao_Paulo", "Pacific/Apia"].map((TZ) =>
      String(
        execFileSync(process.execPath, ["--input-type=module", "-e", script], {
          env: { ...process.env, TZ },
        }),
      ),
    );
    for (const other of others) expect(other).to.equal(one);
  });
});
