import { expect } from "chai";
import { octokitGitHub } from "../../../orchestrator/adapters/octokit-github.ts";
import { decideLane } from "../../../orchestrator/github/lane.ts";
import { readPolicy } from "../../../orchestrator/github/policy.ts";
import { begin, mergeUpdate, proposeUpdate, type Tale } from "../../fakes/github/dependabot.ts";
import type { Pull } from "../../fakes/github/state.ts";
import { type FakeGitHub, startGitHub } from "../../fakes/github-server.ts";

const policy = readPolicy(`${import.meta.dirname}/../../..`);

/** A GitHub for each test of a suite, and the lane of what is merged there. */
export function laneScene() {
  let at: FakeGitHub;
  beforeEach(async () => {
    at = await startGitHub();
  });
  afterEach(() => at.close());

  const decide = (sha: string, running?: string) =>
    decideLane(octokitGitHub(at.access), policy, { sha, running });

  return {
    get at() {
      return at;
    },
    decide,
    /** What is said against the automatic lane. */
    async codes(sha: string): Promise<string[]> {
      const { lane, objections } = await decide(sha);
      expect(lane).to.equal(objections.length === 0 ? "production-auto" : "production");
      return [...new Set(objections.map(({ code }) => code))].sort();
    },
    /** Dependabot's story with one difference, merged. */
    merged(tale: Tale = {}, before: (pull: Pull) => void = () => {}): string {
      begin(at.state);
      const pull = proposeUpdate(at.state, tale);
      before(pull);
      return mergeUpdate(at.state, pull);
    },
  };
}
