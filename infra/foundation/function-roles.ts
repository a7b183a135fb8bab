import type { Grant } from "../function-spec.ts";
import { functions } from "../functions.ts";
import { boundaryName, serviceName } from "../names.ts";
import { type Boundary, iamArn, type Known, type Principal } from "./principal.ts";
import type { FoundationSettings } from "./settings.ts";
import { allow, type Statement } from "./statement.ts";
import { trustLambda } from "./trust.ts";

/** Who each function is. The stack makes these roles; the foundation makes what none of them can exceed. */
export function functionRoles(settings: FoundationSettings, { account }: Known<unknown>): Principal[] {
  const { environment } = settings;
  const boundary = functionBoundary(settings, account);
  return functions.map((spec) => {
    const functionName = serviceName(environment, spec.name);
    const name = `${functionName}-role`;
    const grants = [...ofAll(settings, functionName), ...spec.grants(reach(settings))];
    return {
      part: "function",
      name,
      arn: iamArn(account, `role/${name}`),
      kind: "role",
      trust: trustLambda,
      allow: grants.map(({ actions, resources }, index) =>
        allow(`Grant${index}`, actions, ...texts(resources)),
      ),
      deny: [],
      boundary,
    };
  });
}

export const boundaryArn = ({ environment }: FoundationSettings, account: string) =>
  iamArn(account, `policy/${boundaryName(environment)}`);

/**
 * The ceiling of every function: all that any of them is granted, together. The deployer can give a function nothing more,
 * so a function that needs a new right needs the foundation made anew first.
 */
export function functionBoundary(settings: FoundationSettings, account: string): Boundary {
  const grants = functions.flatMap(({ name, grants }) => [
    ...ofAll(settings, serviceName(settings.environment, name)),
    ...grants(reach(settings)),
  ]);
  return {
    name: boundaryName(settings.environment),
    arn: boundaryArn(settings, account),
    allow: merged(grants),
  };
}

/** What every function is granted beside its own: its log streams, and the queue of what it failed on. */
function ofAll(settings: FoundationSettings, functionName: string): Grant[] {
  const { arn, environment } = reach(settings);
  return [
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [arn("logs", `log-group:/aws/lambda/${functionName}:*`)],
    },
    { actions: ["sqs:SendMessage"], resources: [arn("sqs", serviceName(environment, "analysis-dlq"))] },
  ];
}

const reach = ({ environment, secrets }: FoundationSettings) => ({
  environment,
  secrets,
  arn: (service: string, resource: string) => `arn:aws:${service}:*:*:${resource}`,
});

/** One statement for each service: actions and resources of two services would otherwise multiply. */
function merged(grants: Grant[]): Statement[] {
  const services = [...new Set(grants.flatMap(({ actions }) => actions.map(serviceOf)))].sort();
  return services.map((service) => {
    const own = grants.filter(({ actions }) => actions.some((action) => serviceOf(action) === service));
    const actions = [...new Set(own.flatMap((grant) => grant.actions))].sort();
    const resources = [...new Set(own.flatMap((grant) => texts(grant.resources)))].sort();
    return allow(
      service.replace(/^./, (letter) => letter.toUpperCase()),
      actions,
      ...resources,
    );
  });
}

const serviceOf = (action: string) => action.split(":")[0] ?? "";

/** Made of names alone, as here, every ARN is a text. */
const texts = (resources: Grant["resources"]) => resources.map(String);
