/** Where a list goes on: after the item with this id, of this day and time. */
export type Cursor = { day: string; publishedAt: string; id: string };

const LONGEST = 300;
const FORMS = {
  day: /^\d{4}-\d\d-\d\d$/,
  publishedAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  id: /^[0-9a-f]{64}$/,
};

/** The cursor as a word that fits into a URL. It tells nothing that the list does not. */
export function writeCursor({ day, publishedAt, id }: Cursor): string {
  return Buffer.from(JSON.stringify([day, publishedAt, id])).toString("base64url");
}

/** The cursor that a word stands for; undefined when it stands for none, which is when somebody made it up. */
export function readCursor(word: string): Cursor | undefined {
  if (word.length > LONGEST || !/^[\w-]+$/.test(word)) return undefined;
  try {
    const [day, publishedAt, id] = JSON.parse(Buffer.from(word, "base64url").toString("utf8")) as string[];
    const cursor = { day, publishedAt, id } as Cursor;
    const fits = Object.entries(FORMS).every(([name, form]) =>
      form.test(String(cursor[name as keyof Cursor])),
    );
    const exists =
      fits && !Number.isNaN(Date.parse(cursor.publishedAt)) && publishedAt?.startsWith(day ?? "");
    return exists ? cursor : undefined;
  } catch {
    return undefined;
  }
}
