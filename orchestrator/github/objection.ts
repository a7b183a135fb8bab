/** Why a merge does not go the automatic way: a code for scripts and tests, and a sentence for people. */
export type Objection = { code: string; because: string };

export const objection = (code: string, because: string): Objection => ({ code, because });

/** The objection, where something is not as it must be. */
export const unless = (holds: boolean, code: string, because: string): Objection[] =>
  holds ? [] : [objection(code, because)];
