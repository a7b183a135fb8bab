import { type Door, doorsOf, type Workflows } from "./doors.ts";
import { askedOf, type Cell, cellsOf, layersOf, meets, surprisesIn } from "./matrix.ts";
import type { Place } from "./place.ts";
import type { Deed, Principal, Verdict } from "./policy.ts";

/**
 * A cell of the matrix with its answer, and how it was shown: by a request that AWS answered, by IAM's own simulation, or by
 * the policies alone. The policies are evaluated always.
 */
export type Shown = Omit<Cell, "deeds"> & {
  principal: string;
  found: Verdict | "mixed";
  shownBy: "call" | "simulation" | "policies";
  /** What is not as intended, in words; empty when all is well. */
  surprises: string[];
};

export type Proof = { cells: Shown[]; doors: (Omit<Door, "principal"> & { principal: string })[] };

/** Tries a class of action on a kind of resource for real; undefined where that would do harm, or cannot be done. */
export type Try = (
  principal: Principal,
  cell: Cell,
  place: Place,
) => Promise<"allowed" | "refused" | undefined>;

/** Asks IAM what it would decide, for each deed in turn. */
export type Simulate = (principal: Principal, deeds: Deed[]) => Promise<Verdict[]>;

/**
 * Asks every principal everything: by the policies as they are, in each of their layers; by real requests where `attempt`
 * makes one; and by IAM's own simulation, where there is one to ask. What each of them says must be as intended.
 */
export async function prove(
  principals: Principal[],
  places: Place[],
  options: {
    workflows: (environment: string) => Workflows | undefined;
    attempt: Try;
    simulate?: Simulate | undefined;
  },
): Promise<Proof> {
  const all = await Promise.all(
    principals.map(async (principal) => {
      const underneath = hiddenIn(principal, places);
      const cells: Shown[] = [];
      for (const cell of cellsOf(principal, places)) {
        const place = places.find(({ environment }) => environment === cell.environment);
        const answers = {
          tried: place && (await options.attempt(principal, cell, place)),
          simulated: await options.simulate?.(principal, cell.deeds),
        };
        cells.push(shown(principal, cell, answers, underneath.get(nameOf(cell)) ?? []));
      }
      const own = places.find(({ environment }) => environment === principal.environment);
      const doors = own ? doorsOf(principal, own, options.workflows(principal.environment)) : [];
      return { cells, doors: doors.map((door) => ({ ...door, principal: principal.name })) };
    }),
  );
  return { cells: all.flatMap(({ cells }) => cells), doors: all.flatMap(({ doors }) => doors) };
}

/** Holes in one layer that another one covers, by the name of their cells. */
function hiddenIn(principal: Principal, places: Place[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { layer, principal: seen } of layersOf(principal).filter((each) => each.layer !== "all"))
    for (const cell of askedOf(layer, cellsOf(seen, places))) {
      const words = surprisesIn(seen, cell).map(
        (each) => `${sentence(each)}, as far as ${LAYERS[layer]} goes`,
      );
      if (words.length > 0) found.set(nameOf(cell), [...(found.get(nameOf(cell)) ?? []), ...words]);
    }
  return found;
}

const LAYERS = { all: "all", given: "what it is given", ceiling: "its boundary" };

function shown(
  principal: Principal,
  { deeds, ...cell }: Cell,
  { tried, simulated = [] }: { tried: "allowed" | "refused" | undefined; simulated: Verdict[] | undefined },
  hidden: string[],
): Shown {
  const surprises = surprisesIn(principal, { deeds, ...cell }).map(sentence);
  // What is not refused by one deed of the class, and by all others, is neither.
  const differ = surprises.length > 0 && surprises.length < deeds.length;
  const found = differ ? "mixed" : verdictOf(principal, { deeds, ...cell });
  const called = tried === undefined || tried === (cell.expected === "allowed" ? "allowed" : "refused");
  return {
    ...cell,
    principal: principal.name,
    found,
    shownBy: tried ? "call" : simulated.length > 0 ? "simulation" : "policies",
    surprises: [
      ...surprises,
      ...hidden,
      ...deeds.flatMap((deed, index) => {
        const by = simulated[index];
        const other = by !== undefined && !meets(by, cell.expected);
        return other
          ? [`${sentence({ deed, expected: cell.expected, found: by })}, as IAM simulates it`]
          : [];
      }),
      ...(called ? [] : [`the request itself was ${tried}, intended is ${cell.expected}`]),
    ],
  };
}

/** The fate that all deeds of a cell share. */
function verdictOf(principal: Principal, cell: Cell): Verdict {
  const [different] = surprisesIn(principal, cell);
  if (different) return different.found;
  if (cell.expected !== "refused") return cell.expected;
  return surprisesIn(principal, { ...cell, expected: "forbidden" }).length === 0 ? "forbidden" : "denied";
}

const sentence = ({ deed, expected, found }: ReturnType<typeof surprisesIn>[number]) =>
  `${deed.action} on ${deed.resource} is ${found}, intended is ${expected}`;

const nameOf = ({ environment, kind, class: action }: Pick<Cell, "environment" | "kind" | "class">) =>
  [environment, kind, action].join("/");

/** How many cells let in whom they should not, and how many keep out whom they should not. */
export function unexpected({ cells, doors }: Proof): { allows: number; denies: number } {
  const wrong = [
    ...cells.filter(({ surprises }) => surprises.length > 0),
    ...doors.filter(({ found, expected }) => !meets(found, expected)),
  ];
  const denies = wrong.filter(({ expected }) => expected === "allowed").length;
  return { allows: wrong.length - denies, denies };
}
