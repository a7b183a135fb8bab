import type { Principal } from "./principal.ts";
import type { Statement } from "./statement.ts";

/** AWS counts a managed policy without its blanks, and lets ten be attached. */
const MOST_CHARACTERS = 6144;
/** Of the document around the statements. */
const AROUND = 50;
/** The ARN of a key, which is not known yet where it is not a text. */
const KEY_ARN = "arn:aws:kms:ap-southeast-1:123456789012:key/12345678-1234-1234-1234-123456789012";

/** The managed policies of a principal: its statements, in as few documents as they fit into. */
export function policies<R>({ allow, deny }: Principal<R>): { suffix: string; statements: Statement<R>[] }[] {
  return [...parts("allowed", allow), ...parts("denied", deny)];
}

function parts<R>(suffix: string, statements: Statement<R>[]) {
  const documents: Statement<R>[][] = [];
  let room = 0;
  for (const statement of statements) {
    const length = lengthOf(statement) + 1;
    if (length > room) {
      documents.push([]);
      room = MOST_CHARACTERS - AROUND;
    }
    documents.at(-1)?.push(statement);
    room -= length;
  }
  return documents.map((each, index) => ({
    suffix: index === 0 ? suffix : `${suffix}-${index + 1}`,
    statements: each,
  }));
}

function lengthOf<R>(statement: Statement<R>): number {
  const Resource = statement.Resource.map((each) => (typeof each === "string" ? each : KEY_ARN));
  return JSON.stringify({ ...statement, Resource }).length;
}
