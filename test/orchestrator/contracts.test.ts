import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { directoryArtifacts } from "../../orchestrator/adapters/directory-artifacts.ts";
import { localReleases } from "../../orchestrator/adapters/local-releases.ts";
import { systemClock } from "../../orchestrator/adapters/system-clock.ts";
import { alarmsContract } from "../contracts/alarms.ts";
import { artifactsContract } from "../contracts/artifacts.ts";
import { clockContract } from "../contracts/clock.ts";
import { engineContract, surveyContract } from "../contracts/engine.ts";
import { ledgerContract } from "../contracts/ledger.ts";
import { metricsContract } from "../contracts/metrics.ts";
import { notifierContract } from "../contracts/notifier.ts";
import { probesContract } from "../contracts/probes.ts";
import { signerContract } from "../contracts/signer.ts";
import { trafficContract } from "../contracts/traffic.ts";
import { versionsContract } from "../contracts/versions.ts";
import { fakeAlarms } from "../fakes/alarms.ts";
import { memoryArtifacts } from "../fakes/artifacts.ts";
import { virtualClock } from "../fakes/clock.ts";
import { fakeEngine } from "../fakes/engine.ts";
import { fakeLambda } from "../fakes/lambda.ts";
import { memoryLedger } from "../fakes/ledger.ts";
import { fakeMetrics } from "../fakes/metrics.ts";
import { fakeNotifier } from "../fakes/notifier.ts";
import { fakeProbes, ill } from "../fakes/probes.ts";
import { makeRelease } from "../fakes/release.ts";
import { fakeSigner } from "../fakes/signer.ts";
import { fakeTraffic } from "../fakes/traffic.ts";
import { fakeVersions } from "../fakes/versions.ts";

function twoVersions() {
  const lambda = fakeLambda();
  lambda.publish("service", { codeSha256: "digest 1", sha: "sha 1" });
  lambda.publish("service", { codeSha256: "digest 2", sha: "sha 2" });
  lambda.point("service", { version: "1" });
  return lambda;
}

describe("the fake clock", () => clockContract(() => virtualClock()));
describe("the system clock", () => clockContract(() => systemClock));

describe("the fake ledger", () =>
  ledgerContract(async () => {
    const ledger = memoryLedger({ environment: "trial", clock: virtualClock() });
    return () => ledger;
  }));

describe("the fake artifacts", () =>
  artifactsContract(async () => memoryArtifacts("memory", () => systemClock.now())));

for (const [what, artifactsIn] of [
  ["artifacts in a directory", directoryArtifacts],
  ["the releases in the directories that package made", localReleases],
] as const)
  describe(what, () => {
    const made: string[] = [];
    after(() => {
      for (const directory of made) rmSync(directory, { recursive: true });
    });
    artifactsContract(async () => {
      const directory = mkdtempSync(join(tmpdir(), "artifacts-"));
      made.push(directory);
      return artifactsIn(directory);
    });
  });

describe("the fake traffic", () =>
  trafficContract(async () => ({
    traffic: fakeTraffic(twoVersions()),
    functionName: "service",
    digests: { "1": "digest 1", "2": "digest 2" },
  })));

describe("the fake versions", () =>
  versionsContract(async () => {
    const lambda = fakeLambda();
    const digests = ["one", "two", "three", "four"];
    for (const codeSha256 of digests) lambda.publish("service", { codeSha256, sha: `sha ${codeSha256}` });
    lambda.point("service", { version: "2", canary: { version: "3", weight: 0.1 } });
    return { versions: fakeVersions(lambda), functionName: "service", digests };
  }));

describe("the fake alarms", () =>
  alarmsContract(async () => {
    const alarms = fakeAlarms();
    return {
      alarms,
      async add(name, state, enabled) {
        alarms.set(`trial-${name}`, { state, enabled });
        return `trial-${name}`;
      },
    };
  }));

describe("the fake metrics", () =>
  metricsContract(async () => {
    const [metrics, clock] = [fakeMetrics(), virtualClock()];
    return {
      metrics,
      functionName: "service",
      async run() {
        metrics.count("service", "1", clock.now(), { invocations: 3 });
        metrics.count("service", "2", clock.now(), { invocations: 2, errors: 2 });
        return { "1": 3, "2": 2 };
      },
      now: clock.now,
    };
  }));

describe("the fake probes", () =>
  probesContract(async () => {
    const probes = fakeProbes(twoVersions());
    probes.answer(({ sha }) => (sha === "sha 2" ? ill : undefined));
    return { probes, functionName: "service", url: "https://service.example/", sha: "sha 1" };
  }));

describe("the fake notifier", () =>
  notifierContract(async () => {
    const notifier = fakeNotifier();
    const delivered = async () => notifier.sent.map(({ subject, body }) => ({ subject, body }));
    return { notifier, topicArn: "arn:aws:sns:us-east-1:000000000000:alerts", delivered };
  }));

describe("the fake signer", () =>
  signerContract(async () => {
    const signer = fakeSigner();
    return { signer, publicKey: signer.publicKey };
  }));

const engined = () => {
  const [lambda, clock] = [fakeLambda(), virtualClock()];
  const program = (name: string) => {
    const { manifest, parts } = makeRelease(name);
    return { manifest, program: parts.infra ?? Buffer.of() };
  };
  const engine = fakeEngine({ lambda, clock, environment: "trial", alarms: ["trial-errors"] });
  return { engine, one: program("one"), other: program("other") };
};

describe("the fake engine", () => {
  surveyContract(async () => engined());
  engineContract(async () => {
    const { engine, one, other } = engined();
    const { signal } = new AbortController();
    return {
      engine,
      one,
      other,
      disturb: async () => engine.disturb(),
      async interrupt() {
        engine.dieInNextUp();
        await engine.up(other, await engine.preview(other, signal), signal).catch(() => {});
      },
    };
  });
});
