import type { Permissions, Permitted } from "../../orchestrator/ports/permissions.ts";

export type FakePermissions = Permissions & {
  /** What every simulation finds from now on. */
  find(permitted: Permitted): void;
};

/** A deployer that may do everything, until told otherwise. */
export function fakePermissions(): FakePermissions {
  let found: Permitted = { checked: true, deeds: 12, denied: [] };
  return {
    find: (permitted) => {
      found = permitted;
    },
    simulate: async () => found,
  };
}
