import { expect } from "chai";
import fc from "fast-check";
import { differences } from "../../../orchestrator/mirror/differences.ts";
import { leadsTo, valueAt, withoutNumbers } from "../../../orchestrator/mirror/places.ts";
import { opened, type Value } from "../../../orchestrator/mirror/values.ts";

const AS_THEY_ARE = { left: (text: string) => text, right: (text: string) => text };
const between = (left: unknown, right: unknown) =>
  differences(opened(left), opened(right), "", AS_THEY_ARE).map(({ path, left: one, right: other }) => [
    path,
    one,
    other,
  ]);

describe("the differences of two values", () => {
  it("are named by the path to the leaf", () => {
    const of = (timeout: number) => ({ environment: { variables: { A: "1", B: "2" } }, timeout });
    expect(between(of(10), of(11))).to.deep.equal([["timeout", 10, 11]]);
    expect(between({ a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 3, d: 2 } } })).to.deep.equal([
      ["a.b.c", 1, 3],
    ]);
  });

  it("have a leaf for each name that only one side has", () => {
    expect(between({ tags: { a: "1" } }, { tags: { a: "1", b: "2" } })).to.deep.equal([
      ["tags.b", undefined, "2"],
    ]);
    expect(between({}, { variables: { A: "1" } })).to.deep.equal([["variables.A", undefined, "1"]]);
  });

  it("quote a name that is no word", () => {
    expect(between({ tags: { "a.b": "1" } }, { tags: { "a.b": "2" } })[0]?.[0]).to.equal('tags["a.b"]');
  });

  it("are none between the spellings of nothing", () => {
    for (const nothing of [undefined, null, "", 0, false, [], {}, { a: [] }, [{ a: "" }]])
      expect(between({ a: nothing }, {}), JSON.stringify(nothing)).to.deep.equal([]);
    expect(between({ a: false }, { a: true })).to.deep.equal([["a", false, true]]);
    expect(between({ a: 0 }, { a: 5 })).to.deep.equal([["a", 0, 5]]);
  });

  it("do not mind the order of a list, but a copy more or less", () => {
    expect(between({ a: ["x", "y", { b: [1, 2] }] }, { a: [{ b: [2, 1] }, "y", "x"] })).to.deep.equal([]);
    expect(between({ a: ["x", "x", "y"] }, { a: ["x", "y"] })).to.deep.equal([["a[1]", "x", undefined]]);
    expect(between({ a: ["x", "y"] }, { a: ["y", "z"] })).to.deep.equal([["a[0]", "x", "z"]]);
  });

  it("take a list of one for its element", () => {
    expect(between({ Action: "a" }, { Action: ["a"] })).to.deep.equal([]);
    const grants = (...given: unknown[]) => ({ Statement: given.map((Action) => ({ Action })) });
    expect(between(grants("a", "b"), grants(["b"], ["a"]))).to.deep.equal([]);
    expect(between({ Action: "a" }, { Action: ["b"] })).to.deep.equal([["Action", "a", "b"]]);
  });

  it("name an element by its name, wherever it stands", () => {
    const left = [
      { name: "id", type: "S" },
      { name: "day", type: "S" },
    ];
    const right = [
      { name: "day", type: "N" },
      { name: "id", type: "S" },
    ];
    expect(between({ attributes: left }, { attributes: right })).to.deep.equal([
      ["attributes[name=day].type", "S", "N"],
    ]);
    expect(between({ attributes: left }, { attributes: left.slice(0, 1) })).to.deep.equal([
      ["attributes[name=day]", { name: "day", type: "S" }, undefined],
    ]);
  });

  it("look into documents, whatever their spelling", () => {
    const policy = (Action: unknown, more = "") =>
      `{${more}"Statement":[{"Sid":"One","Effect":"Allow","Action":${JSON.stringify(Action)}}]}`;
    expect(between({ policy: policy(["a", "b"]) }, { policy: policy(["b", "a"], " ") })).to.deep.equal([]);
    expect(between({ policy: policy(["a", "b"]) }, { policy: policy(["a", "c"]) })).to.deep.equal([
      ["policy.Statement[Sid=One].Action[1]", "b", "c"],
    ]);
    expect(between({ text: "[no document" }, { text: "{nor this" })).to.have.length(1);
  });

  it("leave out what the provider keeps for itself", () => {
    expect(between({ a: { __meta: 1 } }, { a: { __meta: 2 } })).to.deep.equal([]);
  });

  it("compare texts as they are read, and give them as they are", () => {
    const readings = {
      left: (text: string) => text.replace("one", "<env>"),
      right: (text: string) => text.replace("two", "<env>"),
    };
    expect(differences({ a: "one-x", b: "one-y" }, { a: "two-x", b: "two-z" }, "", readings)).to.deep.equal([
      { path: "b", left: "one-y", right: "two-z" },
    ]);
    const named = (name: string, state: string) => [
      { name, state },
      { name: "other", state },
    ];
    expect(differences(named("one-a", "on"), named("two-a", "on").reverse(), "l", readings)).to.deep.equal(
      [],
    );
  });

  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => opened(value));
  it("are none between a value and itself, however its lists are turned", () => {
    const turned = (value: Value): Value => {
      if (Array.isArray(value)) return value.map(turned).reverse();
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .map(([name, each]) => [name, turned(each)])
          .reverse(),
      );
    };
    fc.assert(fc.property(json, (value) => differences(value, turned(value), "", AS_THEY_ARE).length === 0));
  });

  it("are as many from either side", () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        const there = differences(one, other, "", AS_THEY_ARE);
        const back = differences(other, one, "", AS_THEY_ARE);
        return there.length > 0 === back.length > 0;
      }),
    );
  });
});

describe("a place in a value", () => {
  const value: Value = {
    tags: { "a.b": "1" },
    list: [
      { name: "x", state: "on" },
      { name: "y", state: "off" },
    ],
    n: [1, 2],
  };

  it("is found by its path", () => {
    expect(valueAt(value, 'tags["a.b"]')).to.equal("1");
    expect(valueAt(value, "list[name=y].state")).to.equal("off");
    expect(valueAt(value, "n[1]")).to.equal(2);
    expect(valueAt(value, "")).to.equal(value);
  });

  it("that is not there is undefined", () => {
    for (const path of ["x.y.z", "list[name=z].state", "n[7]", "n.a", "tags[0]"])
      expect(valueAt(value, path), path).to.equal(undefined);
  });

  it("leads to what is below it, and to nothing that merely begins alike", () => {
    expect(leadsTo("", "a")).to.equal(true);
    expect(leadsTo("a", "a")).to.equal(true);
    expect(leadsTo("a", "a.b")).to.equal(true);
    expect(leadsTo("a[0]", "a[3].b")).to.equal(true);
    expect(leadsTo("a", "ab")).to.equal(false);
    expect(leadsTo("a.b", "a")).to.equal(false);
    expect(withoutNumbers("a[0].b[name=x][12]")).to.equal("a[].b[name=x][]");
  });
});
