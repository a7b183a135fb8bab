import { expect } from "chai";
import { compare } from "../../../orchestrator/mirror/mirror.ts";
import type { SurveyedResource } from "../../../orchestrator/ports/engine.ts";
import { resource } from "./survey.ts";

/** Compares two environments called `one` and `two`. */
function compared(ours: SurveyedResource[], theirs: SurveyedResource[]) {
  const { resources, declared, undeclared } = compare(
    { environment: "one", survey: ours },
    { environment: "two", survey: theirs },
  );
  const brief = ({ path, sides }: (typeof declared)[number]) => [
    path,
    ...sides.map(({ found, wanted }) => (wanted ? { found, wanted: wanted.value } : found)),
  ];
  return { resources, declared: declared.map(brief), undeclared: undeclared.map(brief) };
}

const NOTHING = { declared: [], undeclared: [] };
const arn = (account: string, rest: string) => `arn:aws:sns:us-east-1:${account}:${rest}`;

describe("two environments", () => {
  it("mirror each other where they differ in their names and accounts only", () => {
    const make = (env: string, account: string) =>
      resource({
        name: "alerts",
        id: arn(account, `${env}-alerts`),
        gives: { name: `${env}-alerts`, endpoint: `mail+${env}@example.com` },
        tells: { arn: arn(account, `${env}-alerts`), owner: account },
      });
    expect(compared([make("one", "111111111111")], [make("two", "222222222222")])).to.deep.include(NOTHING);
  });

  it("do not where one points into the other", () => {
    const make = (table: string) => resource({ name: "f", gives: { variables: { TABLE: table } } });
    const found = compared([make("one-items")], [make("one-items")]);
    // Both programs want it, so it is declared, but it is told.
    expect(found.declared).to.deep.equal([["variables.TABLE", "one-items", "one-items"]]);
    const byHand = { ...make("two-items"), found: { variables: { TABLE: "one-items" } } };
    expect(compared([make("one-items")], [byHand]).undeclared).to.deep.equal([
      ["variables.TABLE", "one-items", { found: "one-items", wanted: "two-items" }],
    ]);
  });

  it("do not mind ids that AWS drew, times, and what is owned by the promotion", () => {
    const make = (uuid: string, url: string, version: string) => [
      resource({
        name: "cost",
        id: `arn:aws:ce::111111111111:monitor/${uuid}`,
        gives: { name: "cost" },
        tells: { arn: `arn:aws:ce::111111111111:monitor/${uuid}`, made: `2026-11-24T08:58:2${version}Z` },
      }),
      resource({ name: "sub", gives: { monitors: [`arn:aws:ce::111111111111:monitor/${uuid}`] } }),
      resource({
        name: "url",
        gives: { auth: "NONE" },
        tells: { url: `https://${url}.lambda-url.us-east-1.on.aws/` },
      }),
      resource({ name: "role", tells: { uniqueId: `AROA${uuid.slice(0, 8).toUpperCase()}ABCDEFGH` } }),
      resource({
        name: "f",
        type: "aws:lambda/function:Function",
        tells: { version, qualifiedArn: `arn:aws:lambda:us-east-1:111111111111:function:f:${version}` },
      }),
      resource({ name: "live", leftAlone: ["routing"], tells: { routing: version } }),
    ];
    const ours = make("d17797bd-f988-4b15-af6e-5247cf97089a", "eo189lrpgii8xp8fyt1ez56bc0ewh395", "1");
    const theirs = make("24e4b780-b7b4-498a-8592-b808a86268c4", "ppr66tne5515tdqev8jv7wn4mowvyan1", "2");
    expect(compared(ours, theirs)).to.deep.equal({ resources: 6, ...NOTHING });
  });

  it("have a declared difference where their programs want it, and what follows from it", () => {
    const rule = (state: string) =>
      resource({ name: "rule", gives: { state }, tells: { isEnabled: state === "ENABLED" } });
    expect(compared([rule("ENABLED")], [rule("DISABLED")])).to.deep.include({
      declared: [
        ["state", "ENABLED", "DISABLED"],
        ["isEnabled", true, false],
      ],
      undeclared: [],
    });
  });

  it("have a declared difference inside a list, wherever it stands", () => {
    const policy = (...Resource: string[]) => JSON.stringify({ Statement: [{ Resource }] });
    const ours = resource({ name: "p", gives: { policy: policy("a", "b", "x") } });
    const theirs = resource({
      name: "p",
      gives: { policy: policy("a", "b", "y") },
      found: { policy: policy("y", "a", "b") },
    });
    expect(compared([ours], [theirs])).to.deep.include({
      declared: [["policy.Statement[0].Resource[2]", "x", "y"]],
      undeclared: [],
    });
  });

  it("have an undeclared one where both programs want the same and AWS has it otherwise, since ever", () => {
    const make = (told: string) =>
      resource({
        name: "a",
        gives: { size: "small" },
        recorded: { inputs: { size: "small" }, outputs: { size: told } },
        found: { size: told },
      });
    expect(compared([make("small")], [make("large")]).undeclared).to.deep.equal([["size", "small", "large"]]);
    const silent = (mode: string) => resource({ name: "a", gives: { size: "small" }, tells: { mode } });
    expect(compared([silent("x")], [silent("y")]).undeclared).to.deep.equal([["mode", "x", "y"]]);
  });

  it("have what drifted, with what is wanted where, though another value is declared for each", () => {
    const make = (wanted: number, found: number) =>
      resource({ name: "f", gives: { reserved: wanted }, found: { reserved: found } });
    expect(compared([make(2, 2)], [make(20, 7)])).to.deep.include({
      declared: [],
      undeclared: [["reserved", 2, { found: 7, wanted: 20 }]],
    });
  });

  it("have what drifted to the very value of the other", () => {
    const make = (wanted: number, found: number) =>
      resource({ name: "f", gives: { reserved: wanted }, found: { reserved: found } });
    expect(compared([make(2, 2)], [make(20, 2)]).undeclared).to.deep.equal([
      ["reserved", 2, { found: 2, wanted: 20 }],
    ]);
  });

  it("have what drifted alike in both, once", () => {
    const make = () => resource({ name: "f", gives: { timeout: 5 }, found: { timeout: 9 } });
    expect(compared([make()], [make()]).undeclared).to.deep.equal([
      ["timeout", { found: 9, wanted: 5 }, { found: 9, wanted: 5 }],
    ]);
  });

  it("have a resource that is gone in one of them", () => {
    const make = () => resource({ name: "alarm", gives: { threshold: 5 } });
    expect(compared([make()], [{ ...make(), found: undefined }]).undeclared).to.deep.equal([
      ["", "deployed", { found: "not deployed", wanted: "deployed" }],
    ]);
  });

  it("have a declared difference where only one program has a resource", () => {
    const make = () => resource({ name: "extra", gives: { x: 1 } });
    expect(compared([make()], [])).to.deep.equal({
      resources: 1,
      declared: [["", "deployed", "not deployed"]],
      undeclared: [],
    });
  });

  it("have code that differs with their releases as declared", () => {
    const make = (hash: string) =>
      resource({
        name: "f",
        gives: { sourceCodeHash: hash, timeout: 5 },
        tells: { codeSha256: hash, codeSize: hash.length },
      });
    const { declared, undeclared } = compared([make("aaa")], [make("bbbbb")]);
    expect(declared.map(([path]) => path)).to.deep.equal(["sourceCodeHash", "codeSha256", "codeSize"]);
    expect(undeclared).to.deep.equal([]);
  });

  it("are not compared by their secrets", () => {
    const make = () => resource({ name: "s", gives: { key: "[secret]" } });
    expect(compared([make()], [make()])).to.deep.include(NOTHING);
  });
});
