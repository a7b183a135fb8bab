import { NO_CONTENT, notFound, ok, type Route } from "./http.ts";
import type { State } from "./state.ts";

/** What a job asks of GitHub about jobs and reviews, beside what our commands do. */
export function actionRoutes(state: State): Route[] {
  const at = "/repos/:owner/:repo";
  return [
    [
      "POST",
      `${at}/actions/workflows/:file/dispatches`,
      ({ parameters: { file = "" }, body: { ref } }) => {
        if (!state.repository.head(ref)) throw notFound();
        state.dispatches.push({ workflow: file, ref });
        return NO_CONTENT;
      },
    ],
    [
      "POST",
      `${at}/pulls/:number/reviews`,
      ({ parameters, body: { event } }) => {
        const number = Number(parameters.number);
        if (!state.pulls.some((pull) => pull.number === number)) throw notFound();
        state.reviews.push({ pull: number, event, by: state.actor });
        return ok({ state: event });
      },
    ],
  ];
}
