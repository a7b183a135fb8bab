import type pulumi from "@pulumi/pulumi";

/** One statement of an IAM policy. */
export type Statement = {
  Sid: string;
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource: pulumi.Input<string>[];
  Condition?: Record<string, Record<string, string>>;
};

export function allow(
  Sid: string,
  Action: string | string[],
  ...Resource: pulumi.Input<string>[]
): Statement {
  return { Sid, Effect: "Allow", Action, Resource };
}

export function deny(Sid: string, Action: string | string[], ...Resource: pulumi.Input<string>[]): Statement {
  return { Sid, Effect: "Deny", Action, Resource };
}
