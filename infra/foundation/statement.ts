/** One statement of an IAM policy. `R` is a text, or what becomes one when a key's ARN is known. */
export type Statement<R = string> = {
  Sid: string;
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource: R[];
  Condition?: Condition;
};

type Condition = Record<string, Record<string, string | string[]>>;

export function allow<R>(Sid: string, Action: string | string[], ...Resource: R[]): Statement<R> {
  return { Sid, Effect: "Allow", Action, Resource };
}

export function deny<R>(Sid: string, Action: string | string[], ...Resource: R[]): Statement<R> {
  return { Sid, Effect: "Deny", Action, Resource };
}

/** The same statement, where a condition holds. */
export function where<R>(Condition: Condition, statement: Statement<R>): Statement<R> {
  return { ...statement, Condition };
}
