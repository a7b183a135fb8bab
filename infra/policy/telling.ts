import { type Rule, UNKNOWN } from "./judged.ts";

/** Shorter is no instruction; CloudWatch takes no more than the longest. */
const SHORTEST = 80;
const LONGEST = 1024;

export const alarmsTell: Rule = {
  name: "alarms-tell",
  asks: "An alarm tells somebody when it fires and when it is over, and says what to do.",
  broken({ type, inputs }) {
    if (type !== "aws:cloudwatch/metricAlarm:MetricAlarm") return undefined;
    if (inputs.actionsEnabled === false) return "its actions are switched off";
    for (const actions of ["alarmActions", "okActions"])
      if (!(inputs[actions] as unknown[] | undefined)?.length) return `it has no ${actions}`;
    const description = inputs.alarmDescription ?? "";
    if (description === UNKNOWN) return undefined;
    const { length } = String(description);
    return length < SHORTEST || length > LONGEST
      ? `its description has ${length} characters, not ${SHORTEST} to ${LONGEST} that say what to do`
      : undefined;
  },
};

export const silenceIsDecided: Rule = {
  name: "silence-is-decided",
  asks: "An alarm says what it means when nothing is reported.",
  broken: ({ type, inputs }) =>
    type === "aws:cloudwatch/metricAlarm:MetricAlarm" && !inputs.treatMissingData
      ? "it has no treatMissingData"
      : undefined,
};
