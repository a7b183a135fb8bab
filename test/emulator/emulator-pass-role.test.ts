import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { createRole, zipOf } from "./functions.ts";
import { clientConfigOf, fate } from "./principal.ts";

describe("emulator: handing a role to a function", () => {
  const passing = (Resource: string, service = "lambda.amazonaws.com") => ({
    Effect: "Allow",
    Action: "iam:PassRole",
    Resource,
    Condition: { StringEquals: { "iam:PassedToService": service } },
  });
  const cases: [title: string, user: string, statements: object[], outcome: string][] = [
    ["needs iam:PassRole", "without", [], "denied"],
    ["needs it on that role", "elsewhere", [passing("arn:aws:iam::*:role/else-*")], "denied"],
    [
      "needs it for that service",
      "for-others",
      [passing("arn:aws:iam::*:role/passed-*", "ecs.amazonaws.com")],
      "denied",
    ],
    ["is allowed with it", "with", [passing("arn:aws:iam::*:role/passed-*")], "allowed"],
  ];
  for (const [title, user, statements, outcome] of cases) {
    it(title, async () => {
      const role = await createRole(`passed-${user}`);
      const all = { Effect: "Allow", Action: "lambda:*", Resource: "*" };
      const lambda = new LambdaClient(await clientConfigOf(user, [all, ...statements]));
      const create = new CreateFunctionCommand({
        FunctionName: `passed-${user}`,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: role,
        Code: { ZipFile: await zipOf("") },
      });
      expect(await fate(lambda.send(create))).to.equal(outcome);
    });
  }
});
