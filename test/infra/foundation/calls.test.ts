import { readFileSync } from "node:fs";
import { expect } from "chai";
import { BEYOND } from "../../../infra/foundation/beyond-the-record.ts";
import type { Principal } from "../../../infra/foundation/principal.ts";
import { decide } from "./iam.ts";
import { ACCOUNT, bounded, ENVIRONMENTS, KNOWN, principalsFor } from "./settings-of.ts";

type Calls = Record<string, Record<string, string[]>>;

const CALLS: Calls = JSON.parse(
  readFileSync(new URL("../../../infra/foundation/calls.json", import.meta.url), "utf8"),
);
/** Read by `Sid`: what a request tells of itself that a condition asks for. */
const context = (environment: string) => ({
  ...bounded(environment),
  "iam:PassedToService": "lambda.amazonaws.com",
  "aws:RequestTag/environment": environment,
  "aws:ResourceTag/environment": environment,
});

/** A resource as it was recorded, in one environment. */
function real(resource: string, environment: string): string {
  const keys: Record<string, string> = {
    "alias/<env>-sentiment-secrets": KNOWN.keys.secrets,
    "alias/<env>-release-signing": KNOWN.keys.signing,
  };
  return (
    keys[resource] ??
    resource
      .replaceAll("<env>", environment)
      .replace(/^arn:aws:iam::\*:/, `arn:aws:iam::${ACCOUNT}:`)
      // The only function that another one asks about.
      .replace(/(:function:.*-sentiment-)\*$/, "$1dashboard")
      .replace(/-key-\*$/, "-key-Ab12Cd")
      .replace(/([^*])\*$/, "$1x")
  );
}

const statementsOf = ({ allow, deny }: Principal) => [...allow, ...deny];

/** Everybody of whom calls were recorded. */
function recorded(environment: string): [Principal, Record<string, string[]>][] {
  const all = (["deployer", "release-reader"] as const).map(
    (part) => [principalsFor(environment, part)[0], CALLS[part] ?? {}] as const,
  );
  const functions = principalsFor(environment, "function").map(
    (each) => [each, CALLS[`function ${/-sentiment-(\w+)-role$/.exec(each.name)?.[1]}`] ?? {}] as const,
  );
  return [...all, ...functions].flatMap(([who, calls]) =>
    who ? [[who, calls] as [Principal, typeof calls]] : [],
  );
}

describe("the calls that were recorded", () => {
  it("are those of the deployer, the release reader and every function", () => {
    expect(Object.keys(CALLS)).to.deep.equal([
      "deployer",
      "function analysis",
      "function canary",
      "function dashboard",
      "function ingestion",
      "release-reader",
    ]);
    expect(Object.keys(CALLS.deployer ?? {})).to.have.length.greaterThan(80);
  });

  for (const environment of ENVIRONMENTS) {
    it(`are all allowed to who made them in ${environment}`, () => {
      for (const [who, calls] of recorded(environment))
        for (const [action, resources] of Object.entries(calls))
          for (const resource of resources)
            expect(
              decide(statementsOf(who), action, real(resource, environment), context(environment)),
              `${who.name}: ${action} ${resource}`,
            ).to.equal("Allow");
    });

    it(`are all that the deployer of ${environment} is allowed, but for what has a reason`, () => {
      const [deployer] = principalsFor(environment, "deployer");
      const calls = CALLS.deployer ?? {};
      const needless = (deployer?.allow ?? []).flatMap((statement) =>
        [statement.Action].flat().flatMap((action) =>
          statement.Resource.filter((Resource) => {
            const alone = [{ ...statement, Action: action, Resource: [Resource] }];
            return !(calls[action] ?? []).some(
              (resource) =>
                decide(alone, action, real(resource, environment), context(environment)) === "Allow",
            );
          }).map(() => action),
        ),
      );
      const reasoned = [...Object.values(BEYOND).flatMap((all) => all.map(({ action }) => action))];
      expect([...new Set(needless)].sort()).to.deep.equal([...new Set(reasoned)].sort());
    });

    it(`leave the preview reader of ${environment} nothing to do that a promotion does not`, () => {
      const [reader] = principalsFor(environment, "preview-reader");
      const actions = (reader?.allow ?? []).flatMap(({ Action }) => [Action].flat());
      const known = [
        ...Object.keys(CALLS.deployer ?? {}),
        ...Object.values(BEYOND).flatMap((all) => all.map(({ action }) => action)),
      ];
      expect(actions.filter((action) => !known.includes(action))).to.deep.equal([]);
    });
  }

  it("hold no wildcard: every action that is allowed is named", () => {
    for (const environment of ENVIRONMENTS)
      for (const part of ["deployer", "release-reader", "preview-reader"] as const)
        for (const { allow } of principalsFor(environment, part))
          expect(
            allow.flatMap(({ Action }) => [Action].flat()).filter((action) => action.includes("*")),
          ).to.deep.equal([]);
  });
});
