import { catalogue } from "./problem.ts";

const nextTry = (p: { environment: string }) => `npm run status -- --env ${p.environment}`;

/** Everything the orchestrator can object to. Documentation of the codes is generated from this registry. */
export const problem = catalogue({
  usage: {
    owner: "user",
    message: (p: { said: string; command: string }) => `${p.said}`,
    remedy: (p) => `npm run ${p.command} -- --help`,
  },
  "environment-unknown": {
    owner: "user",
    message: (p: { environment: string; known: string[] }) =>
      `there is no environment "${p.environment}"; known: ${p.known.join(", ")}`,
    remedy: (p) => `use --env ${p.known.join(" or --env ")}, or add Pulumi.${p.environment}.yaml`,
  },
  "config-invalid": {
    owner: "user",
    message: (p: { file: string; issues: string }) => `${p.file} is not valid: ${p.issues}`,
    remedy: (p) => `mend ${p.file} and run the same command again; nothing was changed`,
  },
  "option-invalid": {
    owner: "user",
    message: (p: { option: string; value: string; wanted: string }) =>
      `${p.option} got "${p.value}", which is not ${p.wanted}`,
    remedy: (p) => `give ${p.option} ${p.wanted}`,
  },
  "lease-taken": {
    owner: "environment",
    message: (p: { environment: string; who: string; since: string; run: string }) =>
      `${p.environment} is being changed by ${p.who} since ${p.since} (${p.run})`,
    remedy: (p) =>
      `wait for it with --wait 10m; if that run is dead: npm run unlock -- --env ${p.environment} --reason "…"`,
  },
  "lease-lost": {
    owner: "environment",
    message: (p: { environment: string }) =>
      `the lease of ${p.environment} is no longer ours: somebody took it over or broke it`,
    remedy: nextTry,
  },
  "chain-broken": {
    owner: "environment",
    message: (p: { environment: string; sequence: number }) =>
      `the ledger of ${p.environment} was changed by hand: entry ${p.sequence} does not follow from the one before it`,
    remedy: (p) => `npm run history -- --env ${p.environment} --verify`,
  },
  "release-not-found": {
    owner: "user",
    message: (p: { sha: string; places: string[] }) =>
      `there is no release ${p.sha} in ${p.places.join(" or ")}`,
    remedy: (p) => `npm run package -- --sha ${p.sha}`,
  },
  "release-incomplete": {
    owner: "environment",
    message: (p: { sha: string; key: string; place: string }) =>
      `release ${p.sha} lacks ${p.key} in ${p.place}`,
    remedy: (p) => `npm run package -- --sha ${p.sha}`,
  },
  "manifest-invalid": {
    owner: "environment",
    message: (p: { sha: string; place: string; issues: string }) =>
      `the manifest of ${p.sha} in ${p.place} is not valid: ${p.issues}`,
    remedy: () => "find out who changed it; build the release again under a new commit",
  },
  "digest-mismatch": {
    owner: "environment",
    message: (p: { what: string; wanted: string; found: string }) =>
      `${p.what} is not what the manifest says: wanted ${p.wanted}, found ${p.found}`,
    remedy: () =>
      "do not deploy it: find out who changed it, then build the release again under a new commit",
  },
  "key-taken": {
    owner: "environment",
    message: (p: { key: string; place: string }) => `${p.key} in ${p.place} already holds other bytes`,
    remedy: () =>
      "a release is never overwritten: commit anew and package that, or remove your own build if that is what it is",
  },
  "attestation-missing": {
    owner: "user",
    message: (p: { sha: string; attestation: string; environment: string }) =>
      `${p.environment} takes only what is attested as ${p.attestation}, and ${p.sha} is not`,
    remedy: (p) => `promote ${p.sha} to the environment before ${p.environment} first`,
  },
  "attestation-invalid": {
    owner: "environment",
    message: (p: { sha: string; attestation: string; because: string }) =>
      `the attestation ${p.attestation} of ${p.sha} does not hold: ${p.because}`,
    remedy: () => "do not deploy it: find out where the attestation comes from",
  },
  quarantined: {
    owner: "user",
    message: (p: { sha: string; because: string }) => `${p.sha} is quarantined: ${p.because}`,
    remedy: () => "commit a fix and promote that",
  },
  "alarms-firing": {
    owner: "environment",
    message: (p: { environment: string; alarms: string[] }) =>
      `${p.environment} is not well before the promotion: ${p.alarms.join(", ")}`,
    remedy: nextTry,
  },
  "credentials-expiring": {
    owner: "environment",
    message: (p: { expires: string; needed: string }) =>
      `the credentials end at ${p.expires}, before the promotion can (${p.needed})`,
    remedy: () => "renew the credentials and run the same command again",
  },
  "credentials-missing": {
    owner: "environment",
    message: () => "there are no AWS credentials to do it with",
    remedy: () =>
      "give the environment's deployer's credentials (AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), or use --local",
  },
  "credentials-refused": {
    owner: "environment",
    message: (p: { said: string }) => `AWS does not let these credentials do it: ${p.said}`,
    remedy: () =>
      "use the credentials of the environment's own deployer: aws sts get-caller-identity says whose these are",
  },
  "aws-unavailable": {
    owner: "environment",
    message: (p: { said: string }) => `AWS did not do it, after several tries: ${p.said}`,
    remedy: () => "wait a little and run the same command again",
  },
  "no-rollback-target": {
    owner: "environment",
    message: (p: { environment: string; sha: string }) =>
      `${p.environment} would go back to ${p.sha}, but its bytes are not in the environment's bucket: there is no way back`,
    remedy: (p) => `npm run package -- --sha ${p.sha}, then the same command again`,
  },
  "preview-failed": {
    owner: "environment",
    message: (p: { said: string }) => `the preview failed: ${p.said}`,
    remedy: () => "mend what the engine names and run the same command again; nothing was changed",
  },
  "destructive-change": {
    owner: "user",
    message: (p: { urns: string[] }) =>
      `the plan would replace or delete what holds data: ${p.urns.join(", ")}`,
    remedy: () => "change the program so that the resource stays, or remove it by hand, knowingly",
  },
  "plan-stale": {
    owner: "environment",
    message: (p: { environment: string }) => `the state of ${p.environment} changed after the preview`,
    remedy: () => "run the same command again: it makes a new plan",
  },
  "state-lost": {
    owner: "environment",
    message: (p: { environment: string; sha: string }) =>
      `the stack's state is lost: ${p.environment} runs ${p.sha}, and the engine would create all of it anew`,
    remedy: (p) =>
      `bring the state back from its bucket's earlier versions, then: npm run status -- --env ${p.environment}`,
  },
  "stack-locked": {
    owner: "environment",
    message: (p: { environment: string; said: string }) =>
      `somebody else's update holds the lock of ${p.environment}'s stack: ${p.said}`,
    remedy: (p) =>
      `wait for whoever runs Pulumi there; if nobody does: pulumi cancel --stack ${p.environment}, then the same command again`,
  },
  "pending-operations": {
    owner: "environment",
    message: (p: { pending: string[]; said: string }) =>
      `an update that died left undecided: ${p.pending.join(", ")}; doing it again failed: ${p.said}`,
    remedy: () =>
      "look whether each of these exists: pulumi import it if it does, pulumi refresh --clear-pending-creates if it does not; then the same command again",
  },
  "up-failed": {
    owner: "environment",
    message: (p: { said: string }) => `the update failed: ${p.said}`,
    remedy: () => "read what the engine says, mend it, commit and promote that",
  },
  "canary-failed": {
    owner: "user",
    message: (p: { failures: number; of: number; because: string }) =>
      `the new version did not answer well before it had traffic: ${p.failures} of ${p.of} probes failed (${p.because})`,
    remedy: () => "mend the release, commit and promote that",
  },
  unhealthy: {
    owner: "user",
    message: (p: { during: string; evidence: string }) =>
      `the release went bad during ${p.during}: ${p.evidence}`,
    remedy: () => "mend the release, commit and promote that",
  },
  inconclusive: {
    owner: "environment",
    message: (p: { during: string; because: string }) =>
      `${p.during} ended without evidence that the release is well: ${p.because}`,
    remedy: () => "mend the alarms or the probes and promote again",
  },
  "validation-failed": {
    owner: "user",
    message: (p: { failed: number; passed: number; first: string; log: string }) =>
      `${p.failed} integration tests failed, ${p.passed} passed; the first: ${p.first} (log: ${p.log})`,
    remedy: () => "mend the release, commit and promote that",
  },
  "route-changed": {
    owner: "environment",
    message: (p: { functionName: string }) =>
      `somebody else changed the alias of ${p.functionName} during the promotion`,
    remedy: () => "find out who; traffic has one writer",
  },
  "rollback-failed": {
    owner: "environment",
    message: (p: { environment: string; because: string }) =>
      `${p.environment} could not be taken back: ${p.because} (its traffic: not proved)`,
    remedy: (p) => `npm run rollback -- --env ${p.environment} --reason "…"`,
  },
  "stack-behind": {
    owner: "environment",
    message: (p: { environment: string; sha: string; because: string }) =>
      `${p.environment} is taken back (its traffic: all of it on ${p.sha}, proved), but its stack is not: ${p.because}`,
    remedy: (p) => `mend what it names, then: npm run promote -- --env ${p.environment} --sha ${p.sha}`,
  },
  "recovery-failed": {
    owner: "environment",
    message: (p: { environment: string; died: string; because: string }) =>
      `${p.environment} could not be cleared up after ${p.died}, which died: ${p.because}`,
    remedy: () => "mend what it names and run the same command again: it clears up first",
  },
  "nothing-to-return-to": {
    owner: "environment",
    message: (p: { environment: string }) => `${p.environment} has no earlier release to go back to`,
    remedy: (p) => `promote a release that works: npm run promote -- --env ${p.environment} --sha <sha>`,
  },
  "rollback-target-unknown": {
    owner: "user",
    message: (p: { environment: string; sha: string; promoted: string[] }) =>
      `${p.sha} was never promoted in ${p.environment}; promoted: ${p.promoted.join(", ") || "none"}`,
    remedy: (p) => `npm run history -- --env ${p.environment}`,
  },
  "finish-failed": {
    owner: "environment",
    message: (p: { said: string }) =>
      `the release runs with all traffic, but it could not be recorded as promoted: ${p.said}`,
    remedy: () => "run the same command again: it finishes the record",
  },
  "not-recorded": {
    owner: "environment",
    message: (p: { environment: string; outcome: string; said: string }) =>
      `it ended as ${p.outcome}, but that could not be recorded: ${p.said}`,
    remedy: nextTry,
  },
  "rollback-target-runs": {
    owner: "user",
    message: (p: { environment: string; sha: string }) => `${p.environment} runs ${p.sha} already`,
    remedy: (p) => `npm run status -- --env ${p.environment}`,
  },
  interrupted: {
    owner: "user",
    message: (p: { step: string }) => `it was interrupted during ${p.step}`,
    remedy: () => "run the same command again",
  },
  "disk-refuses": {
    owner: "environment",
    message: (p: { said: string }) => `${p.said}`,
    remedy: () => "free some space, or mend what the file system says, and run the same command again",
  },
  "local-not-running": {
    owner: "environment",
    message: () => "no rehearsal environment is running",
    remedy: () => "npm run local -- up",
  },
});
