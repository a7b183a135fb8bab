import { nameOf, type Point } from "./points.ts";

/** Where a story is played: an environment that runs one good release and has run another. */
export type Stage = { env: string; running: string; spare: string; fresh: string };

/** What is played up to a death, and then once more. */
export type Story = {
  name: string;
  tells: string;
  command(stage: Stage): string[];
  /** The release that has all the traffic in the end. */
  wanted(stage: Stage): string;
  /** Exit codes that are right, each with its outcomes. */
  ends: Record<number, string[]>;
  /** Needs a release of its own each time: one that goes bad, or one that has a resource more. */
  fresh?: "bad" | "growing";
  /** Needs the integration tests. */
  validates?: true;
  /** A death before: the story's own happens while that one is cleared up after. */
  after?: Point;
  /** The first and the last of the calls that belong to the story; what is before or after is another one's. */
  from?: string;
  until?: string;
  /** Deaths in the middle of a call. */
  middles: Point[];
};

const inUpdate = (nth: number, resources: number, machine?: true): Point => ({
  call: "engine.up",
  nth,
  when: { resources, ...(machine ? { machine } : {}) },
});

const midShift: Point = { call: "traffic.route sentiment-dashboard", nth: 2, when: "after" };
const GOOD = { 0: ["promoted", "unchanged"] };

const promote = (env: string, sha: string) => ["promote", "--env", env, "--sha", sha];

export const STORIES: Story[] = [
  {
    name: "forward",
    tells: "a good release is promoted",
    command: ({ env, spare }) => promote(env, spare),
    wanted: ({ spare }) => spare,
    ends: GOOD,
    middles: [
      ...[0, 1, 3].map((resources) => inUpdate(1, resources)),
      ...[0, 2, 4].map((resources) => inUpdate(1, resources, true)),
    ],
  },
  {
    name: "validated",
    tells: "a good release is promoted and validated",
    command: ({ env, spare }) => promote(env, spare),
    wanted: ({ spare }) => spare,
    ends: GOOD,
    validates: true,
    from: "validation.run",
    until: "validation.run",
    middles: [{ call: "validation.run", nth: 1, when: { ms: 4_000 } }],
  },
  {
    name: "drilled",
    tells: "the way back of a good release is rehearsed",
    command: ({ env, spare }) => promote(env, spare),
    wanted: ({ spare }) => spare,
    ends: GOOD,
    validates: true,
    from: "ledger.append step-started drill",
    until: "ledger.append step-finished drill",
    middles: [],
  },
  {
    name: "again",
    tells: "the run that clears up after a death between two aliases dies too",
    command: ({ env, spare }) => promote(env, spare),
    wanted: ({ spare }) => spare,
    ends: GOOD,
    after: midShift,
    until: "ledger.append step-finished recover",
    middles: [],
  },
  {
    name: "unlocking",
    tells: "the run that clears up after a machine lost in an update dies too",
    command: ({ env, spare }) => promote(env, spare),
    wanted: ({ spare }) => spare,
    ends: GOOD,
    after: inUpdate(1, 2, true),
    from: "engine.clearLock",
    until: "ledger.append step-finished recover",
    middles: [{ call: "engine.clearLock", nth: 1, when: "after" }],
  },
  {
    name: "back",
    tells: "a release goes bad with all the traffic and is taken back",
    command: ({ env, fresh }) => [...promote(env, fresh), "--strategy", "all-at-once"],
    wanted: ({ running }) => running,
    ends: { 4: ["rolled-back"], 3: ["refused"] },
    fresh: "bad",
    from: "ledger.append step-finished watch",
    middles: [inUpdate(2, 1), inUpdate(2, 3), inUpdate(2, 2, true)],
  },
  {
    name: "asked",
    tells: "a person asks for the release before",
    command: ({ env, spare }) => ["rollback", "--env", env, "--to", spare, "--reason", "a drill"],
    wanted: ({ spare }) => spare,
    ends: { ...GOOD, 3: ["refused"] },
    middles: [inUpdate(1, 2), inUpdate(1, 2, true)],
  },
  // The last: what it leaves running is attested nowhere, which the stories that validate ask for.
  {
    name: "growing",
    tells: "a good release with a resource more is promoted",
    command: ({ env, fresh }) => promote(env, fresh),
    wanted: ({ fresh }) => fresh,
    ends: GOOD,
    fresh: "growing",
    from: "engine.up",
    until: "engine.up",
    middles: [{ call: "engine.up", nth: 1, when: { resource: "extra-", machine: true } }],
  },
];

/**
 * Every point of a story: in the middle of calls, before each call that it made when nothing disturbed it, and after the
 * last. The beginnings and the ends of steps come last: they say least.
 */
export function pointsOf(story: Story, calls: { call: string; nth: number }[]): Point[] {
  const first = story.from ? calls.findIndex(({ call }) => call === story.from) : 0;
  const end = story.until ? calls.findLastIndex(({ call }) => call === story.until) : calls.length - 1;
  const own = calls.slice(first, end + 1);
  const last = own.at(-1);
  if (first < 0 || !last)
    throw new Error(`the story ${story.name} did not call ${story.from ?? story.until}`);
  const points: Point[] = own.map((call) => ({ ...call, when: "before" }));
  const known = new Set(own.map(({ call, nth }) => `${call} ${nth}`));
  const lacking = story.middles.find(({ call, nth }) => !known.has(`${call} ${nth}`));
  if (lacking) throw new Error(`the story ${story.name} has nothing to die ${nameOf(lacking)}`);
  const isStep = ({ call }: Point) => call.startsWith("ledger.append step-");
  const weighty = points.filter((point) => !isStep(point));
  return [...story.middles, ...weighty, { ...last, when: "after" }, ...points.filter(isStep)];
}
