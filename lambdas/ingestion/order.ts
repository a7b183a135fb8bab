const MAX_PAGES = 10;
const LONGEST_QUERY = 200;

/** What one run is to fetch. */
export type Order = { query: string; pages: number };

/**
 * What the event asks for, and what is configured where it says nothing: the schedule's event says nothing, a person may
 * invoke the function with `{"query": "...", "pages": 1}`. Throws when that cannot be meant.
 */
export function orderOf(event: unknown, configured: Order): Order {
  const { query = configured.query, pages = configured.pages } = (event ?? {}) as Partial<Order>;
  if (typeof query !== "string" || query === "" || query.length > LONGEST_QUERY)
    throw new Error(`query must be a text of 1 to ${LONGEST_QUERY} characters.`);
  if (!Number.isInteger(pages) || pages < 1 || pages > MAX_PAGES)
    throw new Error(`pages must be a whole number from 1 to ${MAX_PAGES}.`);
  return { query, pages };
}
