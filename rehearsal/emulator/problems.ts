import { catalogue } from "../../orchestrator/problem.ts";

/** What can go wrong in setting up, starting and ending the emulator. */
export const problem = catalogue({
  "python-missing": {
    owner: "environment",
    message: (p: { wanted: string }) =>
      `The emulator needs Python ${p.wanted} or newer, and there is no python3 or python on the PATH.`,
    remedy: (p: { wanted: string }) => `Install Python ${p.wanted} or newer, then run the command again.`,
  },
  "python-too-old": {
    owner: "environment",
    message: (p: { wanted: string; found: string }) =>
      `The emulator needs Python ${p.wanted} or newer; found ${p.found}.`,
    remedy: (p: { wanted: string }) =>
      `Install Python ${p.wanted} or newer and put it first on the PATH, then run the command again.`,
  },
  "emulator-install-failed": {
    owner: "environment",
    message: (p: { step: string; output: string }) =>
      `The emulator could not be installed: ${p.step} failed.\n${p.output}`,
    remedy: () =>
      "Mend what pip says above (a package registry that cannot be reached, a missing python3-venv, a full disk), then run the command again: it starts over.",
  },
  "port-taken": {
    owner: "user",
    message: (p: { port: number }) => `Port ${p.port} of 127.0.0.1 is taken by another process.`,
    remedy: () => "End that process or choose another port, then run the command again.",
  },
  "emulator-not-ready": {
    owner: "us",
    message: (p: { why: string; log: string; tail: string }) => `The emulator ${p.why}.\n${p.tail}`,
    remedy: (p: { log: string }) =>
      `Its whole log is ${p.log}. Run \`npm run local -- down\`, then \`npm run local -- up\`.`,
  },
});
