import { principals } from "../../../infra/foundation/index.ts";
import { declared, placeOf, workflowsOf } from "../../../orchestrator/isolation/declared.ts";
import { type Door, doorsOf } from "../../../orchestrator/isolation/doors.ts";
import {
  askedOf,
  type Cell,
  cellsOf,
  layersOf,
  meets,
  surprisesIn,
} from "../../../orchestrator/isolation/matrix.ts";
import type { Principal } from "../../../orchestrator/isolation/policy.ts";
import { ACCOUNT, ENVIRONMENTS, settingsOf } from "../../infra/foundation/settings-of.ts";

const key = (environment: string, name: string) =>
  `arn:aws:kms:us-east-1:${ACCOUNT}:key/${environment}-${name}`;
const keysOf = (environment: string) => ({
  secrets: key(environment, "secrets"),
  signing: key(environment, "signing"),
});

/** Users with keys, and roles of a repository's workflows: how the principals of an environment may be made. */
export const FORMS = [undefined, "acme/news"];

/** Everybody of every environment, as the foundation declares them, and what asks them whether they are as intended. */
export function everybody(repository?: string) {
  const all = ENVIRONMENTS.map((name) => settingsOf(name, repository));
  const places = all.map((settings) =>
    placeOf(settings, {
      account: ACCOUNT,
      keys: keysOf(settings.environment),
      principals: repository ? "role" : "user",
    }),
  );
  const people = all.flatMap((settings) =>
    principals(settings, { account: ACCOUNT, keys: keysOf(settings.environment) }).map((each) =>
      declared(each, settings.environment),
    ),
  );
  const asked = new Map<string, Cell[]>();
  const cells = (layer: ReturnType<typeof layersOf>[number]) => {
    const { part, environment } = layer.principal;
    const name = [layer.layer, part, environment].join();
    const known = asked.get(name) ?? askedOf(layer.layer, cellsOf(layer.principal, places));
    asked.set(name, known);
    return known;
  };
  const doors = (principal: Principal): Door[] => {
    const at = ENVIRONMENTS.indexOf(principal.environment);
    const [place, settings] = [places[at], all[at]];
    if (!place || !settings) throw new Error(`nobody is of ${principal.environment}`);
    return doorsOf(principal, place, workflowsOf(settings));
  };
  return {
    people,
    places,
    doors,
    /** Everything about a principal that is not as intended, as sentences. */
    surprises: (principal: Principal): string[] => [...surprising(principal)],
    /** Whether anything about a principal is not as intended. */
    caught: (principal: Principal): boolean => !surprising(principal).next().done,
  };

  function* surprising(principal: Principal): Generator<string> {
    for (const layer of layersOf(principal))
      for (const cell of cells(layer))
        for (const { deed, expected, found } of surprisesIn(layer.principal, cell))
          yield `${principal.name} (${layer.layer}): ${deed.action} on ${deed.resource} is ${found}, intended is ${expected}`;
    for (const { caller, expected, found } of doors(principal))
      if (!meets(found, expected))
        yield `${principal.name}: ${caller} is ${found} to become it, intended is ${expected}`;
  }
}
