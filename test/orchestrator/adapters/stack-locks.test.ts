import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stackLocks } from "../../../orchestrator/adapters/stack-locks.ts";

describe("Pulumi's own locks of a stack, in a directory", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "locks-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const locks = () => stackLocks(`file://${directory}`, "trial", { region: "us-east-1" });
  function lock(stack: string, name: string, text: string): void {
    const place = join(directory, ".pulumi/locks/organization/sentiment", stack);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${name}.json`), text);
  }
  const ours = { pid: 7, username: "ada", hostname: "a laptop", timestamp: "2026-11-24T12:00:00Z" };

  it("are none where there is no state", async () => {
    expect(await locks().list()).to.deep.equal([]);
  });

  it("say who has them and since when, as far as they can be read", async () => {
    lock("trial", "1", JSON.stringify(ours));
    lock("trial", "2", "{");
    const held = (await locks().list()).map((each) => each.held);
    expect(held).to.deep.equal([
      "ada on a laptop (process 7) since 2026-11-24T12:00:00Z",
      "somebody who is not known",
    ]);
  });

  it("are taken away one by one, and no other stack's", async () => {
    for (const stack of ["trial", "other"]) lock(stack, "1", JSON.stringify(ours));
    lock("trial", "2", JSON.stringify(ours));
    const [first] = await locks().list();
    if (first) await locks().remove(first);
    expect((await locks().list()).map(({ place }) => place.split("/").at(-1))).to.deep.equal(["2.json"]);
    expect(readdirSync(join(directory, ".pulumi/locks/organization/sentiment/other"))).to.have.length(1);
  });
});
