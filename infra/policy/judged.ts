/** What stands in a plan for a value that nobody knows before the update; the engine's own mark for it. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource as a program asks for it, whoever tells of it: a test, a plan or the engine itself. */
export type Judged = {
  type: string;
  /** Its name within the program. */
  name: string;
  inputs: Record<string, unknown>;
  /** Whether the engine refuses to delete it; undefined where that cannot be seen. */
  protect?: boolean;
};

/** What a resource is judged among: all others, or itself alone where the others are not seen yet. */
export type Stack = { environment: string; resources: Judged[] };

/** One rule of the stack. What cannot be known yet breaks no rule. */
export type Rule = {
  name: string;
  /** What it asks for, as a sentence. */
  asks: string;
  /** Can only be judged when all resources are seen. */
  needsAll?: true;
  /** What is wrong with a resource, or undefined. */
  broken(resource: Judged, stack: Stack): string | undefined;
};

/** A value at a path such as `ttl.enabled`; UNKNOWN where the way there is unknown. */
export function valueAt({ inputs }: Judged, path: string): unknown {
  let value: unknown = inputs;
  for (const key of path.split(".")) {
    if (value === UNKNOWN) return UNKNOWN;
    value = (value as Record<string, unknown> | null | undefined)?.[key];
  }
  return value;
}

/** Whether a value is this one, or may turn out to be. */
export const maybe = (value: unknown, wanted: unknown): boolean => value === UNKNOWN || value === wanted;

export type Statement = {
  Effect?: string;
  Principal?: unknown;
  Action?: string | string[];
  NotAction?: unknown;
  Resource?: string | string[];
  NotResource?: unknown;
  Condition?: unknown;
};

/** The statements of a policy document that allow; none where the document is not known yet, or is not to be read. */
export function allowing(document: unknown): Statement[] {
  if (typeof document !== "string" || document === UNKNOWN) return [];
  try {
    const { Statement = [] } = JSON.parse(document) as { Statement?: Statement | Statement[] };
    return [Statement].flat().filter(({ Effect }) => Effect === "Allow");
  } catch {
    // AWS refuses what is no document; a rule has nothing to say of it.
    return [];
  }
}
