import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { type Judged, type Rule, rules, UNKNOWN } from "./rules.ts";

/** A resource as the engine shows it to a policy. */
type Shown = {
  type: string;
  urn: string;
  name: string;
  props: Record<string, unknown>;
  opts: { protect: boolean };
};

new PolicyPack("rules-of-the-stack", { enforcementLevel: "mandatory", policies: rules.map(asPolicy) });

function asPolicy(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
  const { name, asks: description } = rule;
  if (!rule.needsAll)
    return {
      name,
      description,
      validateResource(shown, report) {
        const resource = judged(shown);
        const wrong = rule.broken(resource, { environment: stackOf(shown.urn), resources: [resource] });
        if (wrong !== undefined) report(`${shown.name}: ${wrong}`);
      },
    };
  return {
    name,
    description,
    validateStack(shown, report) {
      const resources = shown.resources.map(judged);
      for (const [index, { urn }] of shown.resources.entries()) {
        const resource = resources[index] as Judged;
        const wrong = rule.broken(resource, { environment: stackOf(urn), resources });
        if (wrong !== undefined) report(`${resource.name}: ${wrong}`, urn);
      }
    },
  };
}

const judged = ({ type, name, props, opts }: Shown): Judged => ({
  type,
  name,
  inputs: plain(props) as Record<string, unknown>,
  protect: opts.protect,
});

/** `urn:pulumi:<stack>::…` */
const stackOf = (urn: string) => urn.split(":")[2] ?? "";

/** The values without the engine's guard, which throws at the first one that is not known: a rule would judge nothing. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const read = (key: string | number) => {
    try {
      return plain((value as Record<string | number, unknown>)[key]);
    } catch {
      return UNKNOWN;
    }
  };
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => read(index));
  return Object.fromEntries(Object.keys(value).map((key) => [key, read(key)]));
}
