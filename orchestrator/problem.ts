/** Whose fault a problem is: it decides the exit code and the tone of the message. */
export type Owner = "user" | "environment" | "us";

/**
 * An error that a person can act on: a stable code, what happened, whose fault it is and the next command.
 * Everything that is not a Problem is unforeseen and ends with exit code 1.
 */
export class Problem extends Error {
  readonly code: string;
  readonly owner: Owner;
  readonly remedy: string;

  constructor(code: string, options: { owner: Owner; message: string; remedy: string; cause?: unknown }) {
    super(options.message, { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.owner = options.owner;
    this.remedy = options.remedy;
  }
}

type Template<P> = { owner: Owner; message: (p: P) => string; remedy: (p: P) => string };
// biome-ignore lint/suspicious/noExplicitAny: each entry of a catalogue takes parameters of its own
export type Templates = Record<string, Template<any>>;
type Parameters_<T> = T extends Template<infer P> ? P : never;

/** What is filled in may come from anywhere, and people and logs read line by line. */
const oneLine = (text: string) => text.replaceAll(/\s*[\r\n]+\s*/g, " ");

/**
 * Declares a registry of problems and returns the one function that makes them, so that a code cannot be raised
 * without its message and its remedy: `throw problem("python-missing", { wanted: "3.10" })`. The documentation of the
 * codes is made from its `templates`.
 */
export function catalogue<T extends Templates>(templates: T) {
  const make = <C extends keyof T & string>(
    code: C,
    parameters: Parameters_<T[C]>,
    cause?: unknown,
  ): Problem => {
    const template = templates[code] as Template<Parameters_<T[C]>>;
    return new Problem(code, {
      owner: template.owner,
      message: oneLine(template.message(parameters)),
      remedy: oneLine(template.remedy(parameters)),
      cause,
    });
  };
  return Object.assign(make, { templates });
}
