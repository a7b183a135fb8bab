import { readable, runningRelease } from "../promotion/history.ts";
import { type Finding, findingsOf } from "./finding.ts";
import { checkOf, type Ground } from "./ground.ts";

type Names = { environment: string; names: string[] };
const promoteAgain = (p: Names) =>
  `npm run drift -- --env ${p.environment} says who changed what; a promotion of the running release mends it`;

const find = findingsOf("alarms", {
  "alarms-fine": { severity: "fine", seen: (p: { count: number }) => `${p.count} alarms, all of them heard` },
  "alarms-not-yet": { severity: "fine", seen: () => "nothing was promoted yet: there are none to look at" },
  "alarm-missing": {
    severity: "problem",
    seen: (p: Names) => `not there any more: ${p.names.join(", ")}`,
    remedy: promoteAgain,
  },
  "alarm-muted": {
    severity: "problem",
    seen: (p: Names) => `their actions are turned off: ${p.names.join(", ")}`,
    remedy: (p) => `aws cloudwatch enable-alarm-actions --alarm-names ${p.names.join(" ")}`,
  },
  "alarm-unheard": {
    severity: "problem",
    seen: (p: Names) => `they do not tell the alerts topic: ${p.names.join(", ")}`,
    remedy: promoteAgain,
  },
  "alarm-firing": {
    severity: "warning",
    seen: (p: Names) => `a promotion would be refused, these fire: ${p.names.join(", ")}`,
    remedy: (p) => `aws cloudwatch describe-alarms --alarm-names ${p.names.join(" ")}`,
  },
});

/** What runs, for the checks of what a promotion made; undefined where there was none. */
export async function deployed({ place }: Ground) {
  return runningRelease(readable(await place.entries()).entries);
}

export const alarms = checkOf(find, async (ground) => {
  const running = await deployed(ground);
  if (!running) return [find("alarms-not-yet", {})];
  const environment = ground.environment.name;
  const listed = await ground.place.alarms(ground.environment.promotion.alarmPrefix);
  const there = new Set(listed.map(({ name }) => name));
  const own = listed.filter(({ name }) => running.alarms.includes(name));
  const found: Finding[] = [];
  const tell = (
    code: "alarm-missing" | "alarm-muted" | "alarm-unheard" | "alarm-firing",
    names: string[],
  ) => {
    if (names.length > 0) found.push(find(code, { environment, names }));
  };
  const namesOf = (wrong: (alarm: (typeof own)[number]) => boolean) =>
    own.filter(wrong).map(({ name }) => name);
  tell(
    "alarm-missing",
    running.alarms.filter((name) => !there.has(name)),
  );
  tell(
    "alarm-muted",
    namesOf(({ enabled }) => !enabled),
  );
  tell(
    "alarm-unheard",
    namesOf(({ actions }) => !actions.includes(running.alertsTopicArn)),
  );
  tell(
    "alarm-firing",
    listed.filter(({ state }) => state === "ALARM").map(({ name }) => name),
  );
  return found.length > 0 ? found : [find("alarms-fine", { count: own.length })];
});
