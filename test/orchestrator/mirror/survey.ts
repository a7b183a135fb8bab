import type { Properties, SurveyedResource } from "../../../orchestrator/ports/engine.ts";

type Made = Partial<SurveyedResource> & { name: string; gives?: Properties; tells?: Properties };

/**
 * A resource that is as its release wants it: the program gives `gives`, the provider tells that and `tells`. What else is
 * said of it takes the place of that.
 */
export function resource({ name, gives = {}, tells = {}, type = "aws:some/thing:Thing", ...rest }: Made) {
  const outputs = { ...gives, ...tells };
  const made: SurveyedResource = {
    key: `${type}::${name}`,
    type,
    name,
    id: `one-${name}`,
    declared: gives,
    recorded: { inputs: gives, outputs },
    found: outputs,
    leftAlone: [],
    changed: [],
    ...rest,
  };
  return made;
}
