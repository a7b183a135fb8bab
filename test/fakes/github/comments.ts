import { made, notFound, ok, Pages, type Route } from "./http.ts";
import type { State } from "./state.ts";

export function commentRoutes(state: State): Route[] {
  const at = "/repos/:owner/:repo/issues";
  const known = (number = "") => {
    if (!state.pulls.some((each) => each.number === Number(number))) throw notFound();
    return Number(number);
  };
  return [
    [
      "GET",
      `${at}/:number/comments`,
      ({ parameters }) => {
        const issue = known(parameters.number);
        return ok(new Pages(state.comments.filter((each) => each.issue === issue)));
      },
    ],
    [
      "POST",
      `${at}/:number/comments`,
      ({ parameters, body }) => {
        const comment = {
          id: state.number(),
          issue: known(parameters.number),
          body: body.body,
          user: state.actor,
        };
        state.comments.push(comment);
        return made(comment);
      },
    ],
    [
      "PATCH",
      `${at}/comments/:id`,
      ({ parameters, body }) => {
        const comment = state.comments.find(({ id }) => id === Number(parameters.id));
        if (!comment) throw notFound();
        comment.body = body.body;
        return ok(comment);
      },
    ],
  ];
}
