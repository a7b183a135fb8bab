import { findingsOf } from "./finding.ts";
import { checkOf } from "./ground.ts";

/** AWS takes no request that is signed more than 5 minutes off; the lease and the bake go by monotonic time. */
const OFF_MS = 30_000;
const WRONG_MS = 4 * 60_000;

type Skew = { by: string };
const remedy = () => "set the clock by the network: sudo timedatectl set-ntp true";
const seen = (p: Skew) => `this machine's clock is ${p.by} AWS's`;

const find = findingsOf("clock", {
  "clock-fine": { severity: "fine", seen },
  "clock-off": { severity: "warning", seen, remedy },
  "clock-wrong": {
    severity: "problem",
    seen: (p: Skew) => `${seen(p)}: past 5 minutes AWS refuses every request`,
    remedy,
  },
  "clock-untold": {
    severity: "warning",
    seen: () => "the answer had no date to compare with",
    remedy: () => "look whether AWS_ENDPOINT_URL or a proxy answers in AWS's place",
  },
});

export const clock = checkOf(find, async ({ place, now }) => {
  const { date } = await place.whoami();
  if (!date) return [find("clock-untold", {})];
  const skew = now().getTime() - date.getTime();
  const by = `${Math.round(Math.abs(skew) / 1000)} s ${skew > 0 ? "ahead of" : "behind"}`;
  const code =
    Math.abs(skew) >= WRONG_MS ? "clock-wrong" : Math.abs(skew) >= OFF_MS ? "clock-off" : "clock-fine";
  return [find(code, { by })];
});
