/** `problem`: a promotion would fail or could not be trusted. `warning`: somebody should know. */
export type Severity = "problem" | "warning" | "fine";

/** One thing that the doctor saw: what it is, and the next command where something is to be done. */
export type Finding = {
  check: string;
  code: string;
  severity: Severity;
  seen: string;
  remedy: string | null;
};

type Template<P> = { severity: Severity; seen: (p: P) => string; remedy?: (p: P) => string };
// biome-ignore lint/suspicious/noExplicitAny: each entry of a catalogue takes parameters of its own
export type FindingTemplates = Record<string, Template<any>>;
type ParametersOf<T> = T extends Template<infer P> ? P : never;

/** What comes from outside may have several lines; people and logs read line by line. */
const oneLine = (text: string) => text.replaceAll(/\s*[\r\n]+\s*/g, " ");

/**
 * Declares what one check can find, and returns the one function that makes its findings. The documentation and the test
 * that each finding has a case are made from its `templates`.
 */
export function findingsOf<T extends FindingTemplates>(check: string, templates: T) {
  const make = <C extends keyof T & string>(code: C, parameters: ParametersOf<T[C]>): Finding => {
    const template = templates[code] as Template<ParametersOf<T[C]>>;
    const remedy = template.remedy?.(parameters);
    return {
      check,
      code,
      severity: template.severity,
      seen: oneLine(template.seen(parameters)),
      remedy: remedy === undefined ? null : oneLine(remedy),
    };
  };
  return Object.assign(make, { check, templates });
}

/** The next command where something is not as bootstrap makes it. */
export const bootstrap = (p: { environment: string }) =>
  `npm run bootstrap -- --env ${p.environment}, with an administrator's credentials`;
