import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { lexer, type Token, walkTokens } from "marked";
import { LONGEST_COMMENT } from "../../../orchestrator/preview/fitting.ts";
import { markdown, markerOf } from "../../../orchestrator/preview/markdown.ts";
import { failedPreview, type Preview } from "../../../orchestrator/preview/previewed.ts";
import { problem } from "../../../orchestrator/problems.ts";
import { shaNamed } from "../../fakes/release.ts";
import { HOSTILE } from "./hostile.ts";
import { change, FUNCTION, previewed, QUEUE, runs, same, TABLE } from "./plans.ts";

const GOLDEN = join(import.meta.dirname, "golden");
const OLD = shaNamed("the one before");

/** The text of a golden file; `GOLDEN=write` makes it anew, to be read by a person before it is committed. */
function golden(name: string, made: string): string {
  const file = join(GOLDEN, `${name}.md`);
  if (process.env.GOLDEN === "write") writeFileSync(file, made);
  return readFileSync(file, "utf8");
}

const newCode = (name: string) =>
  change("update", FUNCTION, name, {
    properties: ["s3Key", "sourceCodeHash"],
    before: { s3Key: `${name}/${OLD}/lambda.zip`, sourceCodeHash: "b2xk", memorySize: 256 },
    inputs: { s3Key: `${name}/new/lambda.zip`, sourceCodeHash: "bmV3", memorySize: 256 },
  });

/** Resources of a test are not whole enough to keep the rules of the stack; one case shows what that looks like. */
const judgedElsewhere = async (preview: Promise<Preview>): Promise<Preview> => ({
  ...(await preview),
  gates: (await preview).gates.filter(({ code }) => code !== "policy-violated"),
});

const CASES: Record<string, () => Promise<Preview>> = {
  none: () => previewed(same(41), { events: runs(OLD) }),
  create: () =>
    previewed([
      change("create", TABLE, "items", {
        inputs: {
          name: "trial-items",
          hashKey: "id",
          attributes: [{ name: "id", type: "S" }],
          deletionProtectionEnabled: true,
          pointInTimeRecovery: { enabled: true },
          serverSideEncryption: { enabled: true },
          tags: { environment: "trial" },
        },
        protect: true,
      }),
    ]),
  update: () =>
    previewed(
      [
        ...same(38),
        newCode("dashboard"),
        newCode("ingestion"),
        change("update", FUNCTION, "analysis", {
          properties: ["memorySize", "timeout", "s3Key"],
          before: { memorySize: 256, timeout: 10, s3Key: "old" },
          inputs: { memorySize: 512, s3Key: "new", environment: { variables: { MODE: "fast" } } },
        }),
      ],
      { events: runs(OLD) },
    ),
  replace: () =>
    previewed(
      [
        ...same(40),
        change("replace", "aws:sns/topic:Topic", "alerts", {
          properties: ["name"],
          replacedFor: ["name"],
          before: { name: "trial-alerts" },
          inputs: { name: "trial-warnings" },
        }),
      ],
      { events: runs(OLD) },
    ),
  "delete-of-data": () =>
    previewed(
      [
        ...same(39),
        newCode("dashboard"),
        change("delete", QUEUE, "failures", { before: { name: "trial-failures" } }),
        change("replace", TABLE, "items", {
          properties: ["hashKey"],
          replacedFor: ["hashKey"],
          before: { hashKey: "id" },
          inputs: { hashKey: "url" },
        }),
      ],
      {
        events: [...runs(OLD), { type: "held", sha: null, because: "the audit", who: "ada", until: null }],
        promotion: { requires: [{ attestation: "preprod-validated", publicKey: "" }] },
      },
    ),
  secrets: () =>
    previewed(
      [
        change("update", FUNCTION, "dashboard", {
          properties: ["environment", "kmsKeyArn"],
          before: {
            environment: { variables: { API_KEY: "hunter2hunter2", LEVEL: "info" } },
            token: "[secret]",
          },
          inputs: {
            environment: { variables: { API_KEY: "correct horse battery", LEVEL: "debug" } },
            token: "[secret]",
          },
        }),
        change("create", "aws:secretsmanager/secretVersion:SecretVersion", "news", {
          inputs: { secretString: "[secret]", secretId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
        }),
      ],
      { events: runs(OLD) },
    ),
  "emoji-and-html": () =>
    previewed(
      HOSTILE.map((name) =>
        change("replace", TABLE, name, {
          properties: [name],
          replacedFor: ["tags"],
          before: { tags: { [name]: "x" } },
          inputs: { tags: { [name]: name } },
        }),
      ),
      {
        events: [
          ...runs(OLD),
          { type: "held", sha: null, because: HOSTILE.join(" ").toWellFormed(), who: "@team", until: null },
        ],
      },
    ),
  "failing-program": () =>
    previewed([], {
      failing: "Running program failed: ReferenceError: tabel is not defined at infra/service.ts:12",
      events: runs(OLD),
    }).catch((error) =>
      failedPreview({ env: "trial", sha: shaNamed("the change"), uncommitted: true }, error),
    ),
};

/** What a page consists of, without the elements that are always ours. */
function foreign(page: string): string[] {
  const found: string[] = [];
  walkTokens(lexer(page), (token: Token) => {
    const { type, raw } = token;
    if (type === "link" || type === "image") found.push(raw);
    if (
      type === "html" &&
      !/^(<!-- promotion-preview: \w+ -->|<details( open)?><summary><b>[a-z]+<\/b> [^<>]*<code>[^<>]*<\/code>( – <b>holds data<\/b>)?<\/summary>|<\/details>)\s*$/.test(
        raw,
      )
    )
      found.push(raw);
  });
  return found;
}

describe("a preview, as Markdown", () => {
  for (const [name, make] of Object.entries(CASES))
    it(`reads as its golden file says: ${name}`, async () => {
      const made = markdown(await (name === "create" ? make() : judgedElsewhere(make())));
      expect(made).to.equal(golden(name, made));
      expect(foreign(made)).to.deep.equal([]);
      expect(Buffer.byteLength(made)).to.be.at.most(LONGEST_COMMENT);
    });

  it("begins with the line by which its comment is known again, whatever is in it", async () => {
    const page = markdown(await (CASES["emoji-and-html"] as () => Promise<Preview>)());
    expect(page.split("\n")[0]).to.equal(markerOf("trial"));
    expect(page.split("\n").filter((line) => line.startsWith("<!--"))).to.have.length(1);
  });

  it("shows no secret, not even what somebody put in the open under the name of one", async () => {
    const page = markdown(await (CASES.secrets as () => Promise<Preview>)());
    expect(page).not.to.match(/hunter2|horse|\[secret\]|04da6b54/);
    expect(page).to.contain('- environment.variables.LEVEL: "info"').and.to.contain("(not shown)");
  });

  const many = (name: (index: number) => string, length = 400) =>
    Array.from({ length }, (_, index) =>
      change(index % 4 === 0 ? "delete" : "update", index % 8 === 0 ? TABLE : FUNCTION, name(index), {
        properties: ["description"],
        before: { description: "old ".repeat(40) },
        ...(index % 4 === 0 ? {} : { inputs: { description: "new ".repeat(40) } }),
      }),
    );

  it("of 400 resources is cut at whole resources, and keeps the summary, the losses and the way to all of it", async () => {
    const preview = await previewed(
      many((index) => `resource-${index}`),
      { events: runs(OLD) },
    );
    const page = markdown(preview, { rest: " All of it: the job's summary." });
    expect(Buffer.byteLength(page)).to.be.within(LONGEST_COMMENT - 1_500, LONGEST_COMMENT);
    expect(page).to.contain("## trial: 100 to delete, 300 to update");
    expect(page).to.contain("50 resources that hold data").and.to.contain("and 40 more");
    expect(page).to.match(/_\d+ more resources are left out here. All of it: the job's summary._\n$/);
    expect(page.match(/<details/g)?.length).to.equal(page.match(/<\/details>/g)?.length);
    const whole = markdown(preview, { longest: 1_048_576 });
    expect(whole.match(/<details/g)).to.have.length(400);
  });

  it("never exceeds the limit, whatever the names and the gates", async () => {
    for (const filling of ["👩‍💻", "`", "\u0000"]) {
      const preview = await previewed(
        many((index) => `${index}${filling.repeat(1_500)}`, 80),
        {
          events: [
            ...runs(OLD),
            {
              type: "held",
              sha: null,
              because: filling.repeat(1_500),
              who: filling.repeat(1_500),
              until: null,
            },
          ],
        },
      );
      for (const message of preview.gates) expect(message.message.length).to.be.greaterThan(1_000);
      const page = markdown(preview);
      expect(Buffer.byteLength(page), filling).to.be.at.most(LONGEST_COMMENT);
      expect(foreign(page), filling).to.deep.equal([]);
    }
  });

  it("says that there is none because of the build, and that the working tree is meant", () => {
    const page = markdown(
      failedPreview({ env: "trial", sha: OLD, uncommitted: true }, problem("preview-failed", { said: "no" })),
    );
    expect(page)
      .to.contain("## trial: no preview")
      .and.to.contain("`preview-failed`")
      .and.to.contain("in no commit");
  });
});
