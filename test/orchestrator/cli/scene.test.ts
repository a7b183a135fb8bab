import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import pc from "picocolors";
import { linesOf, type Scene } from "../../../orchestrator/cli/scene.ts";

const NEW = "b".repeat(40);
const OLD = "a".repeat(40);
const plain = pc.createColors(false);

const on = (name: string, weight: number) => [
  { function: name, version: "2", sha: OLD, weight: 1 - weight },
  ...(weight > 0 ? [{ function: name, version: "3", sha: NEW, weight }] : []),
];

const SCENE: Scene = {
  sha: NEW,
  traffic: [...on("dashboard", 0.1), ...on("ingestion", 0.1)],
  look: {
    time: { forMs: 300_000, leftMs: 75_000 },
    alarms: { ok: 7, firing: [], noData: ["north-idle"] },
    asked: {
      dashboard: { answers: 40, bad: 2, weight: 1 },
      ingestion: { answers: 8, bad: 0, weight: -1 },
      before: { answers: 40, bad: 0, weight: -2 },
      users: { answers: 8, bad: 0, weight: -1 },
    },
    evidence: { says: "undecided", weight: -3, of: "dashboard" },
    lacks: null,
  },
};

describe("what is seen of a step that goes on", () => {
  it("is a bar for each function, the time, the alarms, the probes and what they say so far", () => {
    expect(linesOf(SCENE, 74, plain)).to.deep.equal([
      "dashboard ██░░░░░░░░░░░░░░░░░░░░░░ 10 % on v3, 90 % on v2",
      "ingestion ██░░░░░░░░░░░░░░░░░░░░░░ 10 % on v3, 90 % on v2",
      "██████████████████░░░░░░ 1 m 15 s to go",
      "alarms 7 OK, 1 without data (north-idle)",
      "probes new 46 good 2 bad, old 40 good, URL 8 good",
      "undecided: noise is 20 times likelier than harm",
    ]);
  });

  it("fits 40 columns, with its bars", () => {
    const lines = linesOf(SCENE, 34, plain);
    for (const line of lines) expect(line.length, line).to.be.at.most(34);
    expect(lines[0]).to.equal("dashboard █░░░░░░ 10 % v3, 90 % v2");
    expect(lines).to.include.members([
      "probes new 46 good 2 bad",
      "old 40 good, URL 8 good",
      "alarms 7 OK, 1 without data (nort…",
    ]);
  });

  it("is never wider than there is room, whatever there is to say", () => {
    for (let width = 1; width < 120; width++)
      for (const line of linesOf({ ...SCENE, note: "x".repeat(300) }, width, plain))
        expect(line.length, `${width}: ${line}`).to.be.at.most(width);
  });

  it("says the same with colours and without", () => {
    const coloured = linesOf(SCENE, 60, pc.createColors(true));
    expect(coloured.join("\n")).to.contain("\x1b[32m");
    expect(coloured.map(stripVTControlCharacters)).to.deep.equal(linesOf(SCENE, 60, plain));
  });

  it("shows a share that is small, and what is left of a large one", () => {
    const bar = (weight: number) =>
      linesOf({ sha: NEW, traffic: on("x", weight) }, 60, plain)[0]?.match(/[█░]+/)?.[0];
    expect(bar(0.01)).to.equal(`█${"░".repeat(23)}`);
    expect(bar(0.99)).to.equal(`${"█".repeat(23)}░`);
    expect(bar(1)).to.equal("█".repeat(24));
    expect(bar(0)).to.equal("░".repeat(24));
  });

  it("takes functions together where there are too many for a bar each", () => {
    const traffic = Array.from({ length: 100 }, (_, n) => on(`f${n}`, n < 98 ? 0.1 : 0)).flat();
    expect(linesOf({ sha: NEW, traffic }, 70, plain)).to.deep.equal([
      "98 functions ██░░░░░░░░░░░░░░░░░░░░░░ 10 % new, 90 % old",
      "2 functions  ░░░░░░░░░░░░░░░░░░░░░░░░ 100 % old",
    ]);
  });

  it("says that the alarms are not readable, and what a prolonged watch waits for", () => {
    const look = { ...SCENE.look, time: { forMs: 1, leftMs: -4_000 }, alarms: null, lacks: "an answer" };
    const lines = linesOf({ sha: NEW, look: look as Scene["look"] & object }, 70, plain);
    expect(lines).to.include("alarms not readable").and.to.include("waits: an answer");
    expect(lines[0]).to.equal(`${"█".repeat(24)} prolonged by 4.0 s`);
  });

  it("shows a note where there is nothing else, and lets none move the cursor", () => {
    const [line] = linesOf({ sha: NEW, note: "one\n\x1b[2Jtwo\rthree" }, 70, plain);
    expect(line).to.equal("one [2Jtwo three");
  });
});
