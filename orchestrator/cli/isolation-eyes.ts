import type { AwsAccess } from "../adapters/aws-access.ts";
import { iamSimulation } from "../adapters/iam-simulation.ts";
import { environmentNames, loadEnvironment } from "../environment.ts";
import type { Principal } from "../isolation/policy.ts";
import type { Simulate } from "../isolation/proof.ts";
import { problem } from "../problems.ts";
import { secrets } from "./secrets.ts";
import { forgetOwnSettings, REHEARSAL, ROOT } from "./surroundings.ts";

/** Who reads the policies, and how a request is made as somebody else. */
export type Eyes = {
  access: AwsAccess;
  /** How to reach AWS as a principal; undefined where there are no credentials of his. */
  as(principal: Principal): Promise<AwsAccess | undefined>;
  /** Where IAM's own simulation can be asked; the emulator's knows neither boundaries nor conditions. */
  simulate?: Simulate;
  close(): Promise<void>;
};

/**
 * On AWS the policies are read with the credentials in use, and requests are made only as those for whom a profile is named:
 * `<principal>=<profile>`. In a rehearsal the emulator's administrator is everybody.
 */
export async function eyes({ as, local }: { as: string[]; local?: boolean }): Promise<Eyes> {
  const region = loadEnvironment(ROOT, environmentNames(ROOT)[0] ?? "").region;
  const profiles = profilesIn(as);
  if (!local)
    return {
      access: { region },
      simulate: iamSimulation({ region }),
      as: async ({ name }) => {
        const profile = profiles.get(name);
        return profile === undefined ? undefined : { region, profile };
      },
      close: async () => {},
    };
  const { ADMINISTRATOR, readRecord } = await import("../../rehearsal/record.ts");
  const record = await readRecord(REHEARSAL);
  if (!record) throw problem("local-not-running", {});
  forgetOwnSettings();
  const access = { region, endpoint: record.endpoint, credentials: ADMINISTRATOR };
  const { acting } = await import("../../rehearsal/acting.ts");
  const actor = acting(access);
  return {
    access,
    async as({ arn }) {
      const acted = await actor.as(arn);
      if (acted.credentials) secrets.know(acted.credentials.secretAccessKey);
      return acted;
    },
    close: () => actor.close(),
  };
}

function profilesIn(as: string[]): Map<string, string> {
  return new Map(
    as.map((each) => {
      const [name = "", profile = ""] = each.split("=");
      if (!name || !profile)
        throw problem("option-invalid", { option: "--as", value: each, wanted: "<principal>=<profile>" });
      return [name, profile];
    }),
  );
}
