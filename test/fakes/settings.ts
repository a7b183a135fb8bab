/** The least that an environment's file must say of its promotions. */
export const PROMOTION = {
  state: "s3://state/trial",
  packages: "packages",
  ledger: "trial-ledger",
  signingKey: "alias/trial-signing",
  healthKeySecret: "trial-health-key",
  alarmPrefix: "trial-",
  attests: "trial-validated",
};
