import { findingsOf } from "./finding.ts";
import { checkOf } from "./ground.ts";

const findEngine = findingsOf("engine", {
  "engine-fine": { severity: "fine", seen: (p: { said: string }) => p.said },
  "engine-missing": {
    severity: "warning",
    seen: (p: { said: string }) => `${p.said}; a promotion would download one, or be refused`,
    remedy: () => "install it: https://www.pulumi.com/docs/install/, then npm run doctor again",
  },
  "engine-stands-in": {
    severity: "problem",
    seen: (p: { said: string }) => `${p.said}: it is for rehearsals, and refused on a real account`,
    remedy: () => "install Pulumi: https://www.pulumi.com/docs/install/, then npm run doctor again",
  },
});

/** Whether the engine that a promotion would take fits. Nothing is installed for it. */
export const engine = checkOf(
  findEngine,
  async ({ machine, rehearsed }) => {
    const { kind, said } = await machine.engine();
    if (kind === "none") return [findEngine("engine-missing", { said })];
    if (kind === "built" && !rehearsed) return [findEngine("engine-stands-in", { said })];
    return [findEngine("engine-fine", { said })];
  },
  { offline: true },
);

const findNode = findingsOf("node", {
  "node-fine": { severity: "fine", seen: (p: { node: string }) => `Node ${p.node}` },
  "node-another": {
    severity: "problem",
    seen: (p: { node: string; wanted: string }) => `this is Node ${p.node}, not ${p.wanted}`,
    remedy: () => "npm ci, and start it by npm run, which puts the right one first",
  },
});

export const node = checkOf(
  findNode,
  async ({ machine: { node: version, wantedNode } }) => {
    const major = (text: string) => text.replace(/^v/, "").split(".")[0];
    return major(version) === major(wantedNode)
      ? [findNode("node-fine", { node: version })]
      : [findNode("node-another", { node: version, wanted: major(wantedNode) ?? wantedNode })];
  },
  { offline: true },
);
