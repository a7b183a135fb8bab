import { expect } from "chai";
import pb from "google-protobuf/google/protobuf/struct_pb.js";
import { fromBridge, toBridge } from "../../../rehearsal/provider/properties.ts";
import { renamePath, renameProperties } from "../../../rehearsal/provider/renaming.ts";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const TOP = { from: "name", to: "functionName" };
const NESTED = { from: "rules[].filter", to: "rules[].filters[0]" };
const back = ({ from, to }: { from: string; to: string }) => ({ from: to, to: from });

const renamed = (properties: object, renaming: { from: string; to: string }) => {
  const struct = pb.Struct.fromJavaScript(properties as never);
  renameProperties(struct, renaming);
  return struct.toJavaScript();
};

describe("renaming properties", () => {
  it("renames at the top and nowhere else", () => {
    expect(renamed({ name: "a", tags: { name: "b" } }, TOP)).to.deep.equal({
      functionName: "a",
      tags: { name: "b" },
    });
  });

  it("leaves alone what is not there", () => {
    expect(renamed({ other: null }, TOP)).to.deep.equal({ other: null });
    expect(renamed({ rules: "unknown" }, NESTED)).to.deep.equal({ rules: "unknown" });
  });

  it("makes a list of one, in each element of a list, and takes it apart again", () => {
    const ours = { rules: [{ filter: { prefix: "a" } }, { id: "none" }, { filter: { prefix: "b" } }] };
    const theirs = {
      rules: [{ filters: [{ prefix: "a" }] }, { id: "none" }, { filters: [{ prefix: "b" }] }],
    };
    expect(renamed(ours, NESTED)).to.deep.equal(theirs);
    expect(renamed(theirs, back(NESTED))).to.deep.equal(ours);
  });

  it("turns a list that holds nothing into null, and null into such a list again", () => {
    expect(renamed({ rules: [{ filters: [] }] }, back(NESTED))).to.deep.equal({ rules: [{ filter: null }] });
    expect(renamed({ rules: [{ filter: null }] }, NESTED)).to.deep.equal({ rules: [{ filters: [] }] });
  });

  it("takes a list of one apart although the name stays the same", () => {
    const same = { from: "queues", to: "queues[0]" };
    expect(renamed({ queues: "q" }, same)).to.deep.equal({ queues: ["q"] });
    expect(renamed({ queues: ["q"] }, back(same))).to.deep.equal({ queues: "q" });
  });

  it("looks into secrets and keeps them secret", () => {
    const ours = { rules: { ...SECRET, value: [{ filter: { prefix: "a" } }] } };
    const theirs = { rules: { ...SECRET, value: [{ filters: [{ prefix: "a" }] }] } };
    expect(renamed(ours, NESTED)).to.deep.equal(theirs);
    expect(renamed(theirs, back(NESTED))).to.deep.equal(ours);
    expect(renamed({ rules: [{ filters: { ...SECRET, value: [{ p: 1 }] } }] }, back(NESTED))).to.deep.equal({
      rules: [{ filter: { ...SECRET, value: { p: 1 } } }],
    });
  });

  it("passes values that are not known yet", () => {
    expect(renamed({ rules: [{ filters: "unknown" }] }, back(NESTED))).to.deep.equal({
      rules: [{ filter: "unknown" }],
    });
  });
});

describe("renaming within the renamed", () => {
  const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
  const ours = {
    rules: [{ filter: { and: { prefix: "a", tags: { t: "1" } } } }, { filter: { tag: { key: "k" } } }],
  };
  const theirs = {
    rules: [
      { filters: [{ ands: [{ prefix: "a", tags: { t: "1" } }] }] },
      { filters: [{ tags: [{ key: "k" }] }] },
    ],
  };

  it("leads there and back in properties", () => {
    const struct = pb.Struct.fromJavaScript(ours as never);
    toBridge(type).struct(struct);
    expect(struct.toJavaScript()).to.deep.equal(theirs);
    fromBridge(type).struct(struct);
    expect(struct.toJavaScript()).to.deep.equal(ours);
  });

  it("leads there and back in paths", () => {
    expect(toBridge(type).path("rules[0].filter.and.prefix")).to.equal("rules[0].filters[0].ands[0].prefix");
    expect(fromBridge(type).path("rules[0].filters[0].ands[0].prefix")).to.equal(
      "rules[0].filter.and.prefix",
    );
  });
});

describe("renaming paths", () => {
  const cases: [string, string, { from: string; to: string }][] = [
    ["name", "functionName", TOP],
    ["tags.name", "tags.name", TOP],
    ['tags["name.x"]', 'tags["name.x"]', TOP],
    ["rules[0].filter.prefix", "rules[0].filters[0].prefix", NESTED],
    ["rules[*].filter", "rules[*].filters", NESTED],
    ["rules[12].id", "rules[12].id", NESTED],
    ["rules", "rules", NESTED],
    ["", "", NESTED],
  ];
  for (const [ours, theirs, renaming] of cases) {
    it(`${ours || "(empty)"} ⇄ ${theirs || "(empty)"}`, () => {
      expect(renamePath(ours, renaming)).to.equal(theirs);
      expect(renamePath(theirs, back(renaming))).to.equal(ours);
    });
  }
});
