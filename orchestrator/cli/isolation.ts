import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { FoundationSettings } from "../../infra/foundation/index.ts";
import { type Attempts, fateOf } from "../adapters/attempts/attempt.ts";
import { attemptsAs } from "../adapters/attempts/attempts.ts";
import { type AwsAccess, clientSettings } from "../adapters/aws-access.ts";
import { iamPrincipals } from "../adapters/iam-principals.ts";
import { partOf, placeOf, workflowsOf } from "../isolation/declared.ts";
import type { Place } from "../isolation/place.ts";
import type { Principal } from "../isolation/policy.ts";
import { isolationProblem } from "../isolation/problems.ts";
import { type Proof, prove, type Try, unexpected } from "../isolation/proof.ts";
import { problem } from "../problems.ts";
import { reasonOf } from "../promotion/outcome.ts";
import { readStacks } from "../release/stacks.ts";
import { type Eyes, eyes } from "./isolation-eyes.ts";
import { isolationTable } from "./isolation-table.ts";
import { speaker } from "./progress.ts";
import { ROOT } from "./root.ts";

type Options = { env?: string; as: string[]; local?: boolean; json?: boolean };

/** Ends with 3 when anybody may do what is not intended, or may not do what is, and when not everybody could be asked. */
export async function isolationCommand(options: Options): Promise<void> {
  const { env, json = false } = options;
  const say = speaker(json);
  const settings = await allSettings();
  const asked = settings.filter(({ environment }) => env === undefined || environment === env);
  if (env !== undefined && asked.length === 0)
    throw problem("environment-unknown", {
      environment: env,
      known: settings.map(({ environment }) => environment),
    });
  const seen = await eyes(options);
  try {
    const places = await placesOf(settings, seen.access);
    const people = await whoIsThere(asked, places, seen.access);
    for (const place of places) place.principals = formOf(people.there, place);
    say(`asking ${people.there.length} principals, about each environment and what belongs to none`);
    const proof = await prove(people.there, places, {
      workflows: (environment) => {
        const own = settings.find((each) => each.environment === environment);
        return own && workflowsOf(own);
      },
      attempt: attempting(seen),
      simulate: seen.simulate,
    });
    const state = stateOf(proof, people);
    process.stdout.write(json ? `${JSON.stringify(state)}\n` : text(proof, state));
    process.exitCode = state.isolated ? 0 : 3;
  } finally {
    await seen.close();
  }
}

async function allSettings(): Promise<FoundationSettings[]> {
  const { foundationSettings } = await import("../../infra/foundation/settings.ts");
  const { project, stacks } = await readStacks(ROOT);
  return Object.keys(stacks).map((environment) =>
    foundationSettings({ project: project.name, stacks, environment, recoveryWindowInDays: 0 }),
  );
}

async function placesOf(settings: FoundationSettings[], access: AwsAccess): Promise<Place[]> {
  const { Account: account = "" } = await new STSClient(clientSettings(access)).send(
    new GetCallerIdentityCommand(),
  );
  const kms = new KMSClient(clientSettings(access));
  const keyOf = async (KeyId: string) =>
    (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Arn ?? "";
  return await Promise.all(
    settings.map(async (each) =>
      placeOf(each, {
        account,
        keys: { secrets: await keyOf(each.secretsKey), signing: await keyOf(each.signingKey) },
        principals: "user",
      }),
    ),
  );
}

type People = { there: Principal[]; absent: string[]; strangers: string[] };

/** Who should be there and is, who should be and is not, and who is there and nobody knows why. */
async function whoIsThere(
  settings: FoundationSettings[],
  places: Place[],
  access: AwsAccess,
): Promise<People> {
  const { principals } = await import("../../infra/foundation/principals.ts");
  const iam = iamPrincipals(access);
  const people: People = { there: [], absent: [], strangers: [] };
  for (const each of settings) {
    const { environment, project } = each;
    const place = places.find((one) => one.environment === environment);
    if (!place) continue;
    const keys = { secrets: place.secretsKeyArn, signing: place.signingKeyArn };
    const wanted = principals(each, { account: place.account, keys });
    for (const one of wanted) {
      const found = await iam.read({ name: one.name, part: partOf(one, environment), environment });
      if (found) people.there.push(found);
      else people.absent.push(one.name);
    }
    const names = new Set(wanted.map(({ name }) => name));
    const like = await iam.namesLike([`${environment}-`, `${project}-${environment}-`]);
    people.strangers.push(...like.filter((name) => !names.has(name)));
  }
  return people;
}

const formOf = (people: Principal[], { environment }: Place): Place["principals"] =>
  people.some((each) => each.environment === environment && each.part === "deployer" && each.trust)
    ? "role"
    : "user";

/** Makes requests as whoever there are credentials of; their clients are kept for as long as he is asked. */
function attempting({ as }: Eyes): Try {
  const attempts = new Map<string, Promise<Attempts | undefined>>();
  return async (principal, { kind, class: action }, place) => {
    const known =
      attempts.get(principal.name) ?? as(principal).then((access) => access && attemptsAs(access));
    attempts.set(principal.name, known);
    const attempt = (await known)?.[`${kind}/${action}`];
    return attempt && (await fateOf(attempt(place)));
  };
}

function stateOf(proof: Proof, { absent, strangers }: People) {
  const { allows, denies } = unexpected(proof);
  const isolated = allows + denies + absent.length + strangers.length === 0;
  const broken = isolationProblem("isolation-broken", { allows, denies, absent, strangers });
  return {
    isolated,
    unexpectedAllows: allows,
    unexpectedDenies: denies,
    called: proof.cells.filter(({ shownBy }) => shownBy === "call").length,
    absent,
    strangers,
    ...proof,
    reason: isolated ? null : reasonOf(broken),
  };
}

function text(proof: Proof, state: ReturnType<typeof stateOf>): string {
  const { cells, doors, called, unexpectedAllows, unexpectedDenies, reason } = state;
  const surprises = cells.flatMap(({ principal, surprises }) =>
    surprises.map((each) => `  ${principal}: ${each}`),
  );
  const lines = [
    isolationTable(proof),
    "",
    "* shown by a request that AWS answered; everything by the policies as they are. The rest of a class is refused.",
    `${cells.length} cells (${called} by a request as well), ${doors.length} doors: ${unexpectedAllows} unexpected allows, ${unexpectedDenies} unexpected denies`,
    ...surprises,
  ];
  if (reason) lines.push(`why:  ${reason.message} [${reason.code}]`, `next: ${reason.remedy}`);
  return `${lines.join("\n")}\n`;
}
