/** One promotion of the story, and how it must end. */
export type Act = {
  release: string;
  /** `first` takes releases as they come; `last` takes what the first has validated. */
  environment: "first" | "last";
  expected: "promoted" | "rolled-back";
  /** What all the traffic must be on afterwards. */
  running: string;
  /** Whether people use the service meanwhile. */
  visitors?: true;
  tells: string;
};

export const ACTS: Act[] = [
  { release: "A", environment: "first", expected: "promoted", running: "A", tells: "the first release" },
  { release: "A", environment: "last", expected: "promoted", running: "A", tells: "the same bytes go on" },
  { release: "B", environment: "first", expected: "promoted", running: "B", tells: "a change" },
  { release: "B", environment: "last", expected: "promoted", running: "B", tells: "the same bytes go on" },
  {
    release: "C",
    environment: "first",
    expected: "rolled-back",
    running: "B",
    tells: "a broken dashboard is stopped",
  },
  {
    release: "D",
    environment: "first",
    expected: "promoted",
    running: "D",
    tells: "a fault that no test looks for",
  },
  {
    release: "D",
    environment: "last",
    expected: "rolled-back",
    running: "B",
    visitors: true,
    tells: "people meet the fault, its alarm fires, and it is taken back",
  },
];
