import { catalogue } from "./problem.ts";

const nextTry = (p: { environment: string }) => `npm run status -- --env ${p.environment}`;

const counted = (places: number) => (places === 1 ? "1 place" : `${places} places`);

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
  "ledger-newer": {
    owner: "environment",
    message: (p: { environment: string; sequence: number; type: string }) =>
      `a newer version of this tool wrote to the ledger of ${p.environment}: entry ${p.sequence}, ${p.type}, is not known to this one`,
    remedy: () =>
      "use that version: git pull, then npm ci, then the same command again; nothing was recorded",
  },
  "lease-unreadable": {
    owner: "environment",
    message: (p: { environment: string; table: string; issues: string }) =>
      `the lease of ${p.environment} is not what this tool writes: ${p.issues}`,
    remedy: (p) =>
      `use the newest version of this tool; if that does not help, mend the item "lease" of the table ${p.table} by hand and never lower its fence`,
  },
  quarantined: {
    owner: "user",
    message: (p: { sha: string; because: string }) => `${p.sha} is quarantined: ${p.because}`,
    remedy: () =>
      `commit a fix and promote that; if it was not the release's fault: the same command with --override quarantine --reason "…"`,
  },
  held: {
    owner: "user",
    message: (p: {
      environment: string;
      who: string;
      because: string;
      since: string;
      until: string | null;
    }) =>
      `${p.environment} is held by ${p.who} since ${p.since}, ${p.until ? `until ${p.until}` : "until it is released"}: ${p.because}`,
    remedy: (p) =>
      `the same command with --override hold --reason "…", or end it: npm run release-hold -- --env ${p.environment} --reason "…"`,
  },
  frozen: {
    owner: "user",
    message: (p: { environment: string; name: string; until: string }) =>
      `nothing is promoted to ${p.environment} during "${p.name}", which ends ${p.until}`,
    remedy: () => `wait until then, or the same command with --override freeze --reason "…"`,
  },
  "alarms-firing": {
    owner: "environment",
    message: (p: { environment: string; alarms: string[] }) =>
      `${p.environment} is not well before the promotion: ${p.alarms.join(", ")}`,
    remedy: () =>
      `heal it and run the same command again; if this release is the cure: the same command with --override alarms --reason "…"`,
  },
  "credentials-expiring": {
    owner: "environment",
    message: (p: { expires: string; needed: string }) =>
      `the credentials end at ${p.expires}, before the promotion can (${p.needed})`,
    remedy: () => "renew the credentials and run the same command again",
  },
  "no-rollback-target": {
    owner: "environment",
    message: (p: { environment: string; sha: string }) =>
      `${p.environment} would go back to ${p.sha}, but its bytes are not in the environment's bucket: there is no way back`,
    remedy: (p) =>
      `if they are lost for good: the same command with --override rollback-target --reason "…"; otherwise bring them back and run the same command again: npm run package -- --sha ${p.sha}`,
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
    remedy: (p) =>
      `change the program so that it stays; if it may be lost: the same command with --allow-destructive '${p.urns.join("' --allow-destructive '")}' --reason "…"`,
  },
  "policy-violated": {
    owner: "user",
    message: (p: { broken: string[] }) => `the plan breaks the rules of the stack: ${p.broken.join("; ")}`,
    remedy: () =>
      "change the program so that it keeps them (infra/policy says what each asks for), commit and promote that; nothing was changed",
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
      `integration tests: ${p.failed} failed, ${p.passed} passed; the first: ${p.first} (log: ${p.log})`,
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
      `${p.sha} was never promoted in ${p.environment}, or was removed since; promoted: ${p.promoted.join(", ") || "none"}`,
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
  "not-held": {
    owner: "user",
    message: (p: { environment: string; sha: string | null }) =>
      `${p.sha ?? p.environment} is not held${p.sha ? ` in ${p.environment}` : ""}`,
    remedy: (p) => `npm run status -- --env ${p.environment}`,
  },
  "permissions-missing": {
    owner: "environment",
    message: (p: { denied: string[] }) =>
      `the deployer may not do what a promotion does: ${p.denied.join(", ")}`,
    remedy: () =>
      "give the environment's deployer the policies of infra/foundation and run the same command again",
  },
  "promotion-unknown": {
    owner: "user",
    message: (p: { environment: string; promotionId: string }) =>
      `the ledger of ${p.environment} knows no promotion ${p.promotionId}`,
    remedy: (p) => `npm run history -- --env ${p.environment}`,
  },
  "removal-failed": {
    owner: "environment",
    message: (p: { environment: string; removed: number; of: number; said: string }) =>
      `${p.removed} of ${p.of} releases were removed from ${p.environment}, then it failed: ${p.said}`,
    remedy: (p) => `npm run gc -- --env ${p.environment}: it goes on where this one stopped`,
  },
  "none-validated": {
    owner: "environment",
    message: (p: { environment: string; places: string[]; passedOver: string[] }) =>
      `${p.environment} would take none of the releases in ${p.places.join(" or ")}: ${p.passedOver.join("; ") || "there is none"}`,
    remedy: () => "promote a release to the environment before this one first; npm run releases lists them",
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
  "never-promoted": {
    owner: "environment",
    message: (p: { environment: string }) => `no release was ever promoted to ${p.environment}`,
    remedy: (p) => `npm run promote -- --env ${p.environment} --sha <sha>`,
  },
  "survey-failed": {
    owner: "environment",
    message: (p: { environment: string; said: string }) =>
      `what is deployed in ${p.environment} could not be read: ${p.said}`,
    remedy: () => "mend what the engine names and run the same command again; nothing was changed",
  },
  drifted: {
    owner: "environment",
    message: (p: { environment: string; places: number }) =>
      `${p.environment} is not what its last promotion made it, at ${counted(p.places)}`,
    remedy: (p) =>
      `put back by hand what is named as wanted, then: npm run drift -- --env ${p.environment}; more in docs/RUNBOOK_FAILURE_RECOVERY.md`,
  },
  "not-mirrored": {
    owner: "environment",
    message: (p: { environment: string; other: string; places: number }) =>
      `${p.environment} and ${p.other} differ at ${counted(p.places)} where nothing declares it`,
    remedy: (p) =>
      `put back by hand what drifted, or declare it in the configuration and promote that; then: npm run diff -- --env ${p.environment} --with ${p.other}`,
  },
  "local-not-running": {
    owner: "environment",
    message: () => "no rehearsal environment is running",
    remedy: () => "npm run local -- up",
  },
});
