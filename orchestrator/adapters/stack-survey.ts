import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/events.js";
import type { SurveyedResource } from "../ports/engine.ts";

/** The part of a stack's exported state that is read here. */
type Deployment = { resources?: { urn: string; ignoreChanges?: string[] }[] };

/** What a step of the engine would do, where it says more than that it looked. */
type Step = { metadata: StepEventMetadata };

/**
 * What the engine's events say of each resource when it previews a program after it has read back everything: first a
 * step that reads, with the recorded state and the one found, then the step of the program, with what it gives.
 */
export function surveyOf(events: EngineEvent[], deployment: Deployment): SurveyedResource[] {
  const read = new Map<string, StepEventMetadata>();
  const planned = new Map<string, StepEventMetadata>();
  for (const { resOutputsEvent } of events) if (isRead(resOutputsEvent)) read.set(...entry(resOutputsEvent));
  // A step that only takes away gives nothing new; a replacement has one of those beside the one that gives.
  for (const { resourcePreEvent: step } of events)
    if (step?.metadata.new && !isRead(step)) planned.set(...entry(step));
  const leftAlone = new Map((deployment.resources ?? []).map((each) => [each.urn, each.ignoreChanges ?? []]));
  return [...new Set([...read.keys(), ...planned.keys()])].flatMap((urn) => {
    const [reading, plan] = [read.get(urn), planned.get(urn)];
    const state = reading?.old ?? plan?.new;
    if (!state?.custom || state.type.startsWith("pulumi:")) return [];
    const { old: recorded, new: found } = reading ?? {};
    return {
      key: urn.split("::").slice(2).join("::"),
      type: state.type,
      name: urn.split("::").at(-1) ?? "",
      id: recorded?.id ?? "",
      declared: plan?.new?.inputs,
      recorded: recorded && { inputs: recorded.inputs, outputs: recorded.outputs },
      found: found?.outputs,
      leftAlone: leftAlone.get(urn) ?? [],
      changed: plan?.diffs ?? [],
    };
  });
}

const isRead = (step: Step | undefined): step is Step => step?.metadata.op === "refresh";

const entry = ({ metadata }: Step): [string, StepEventMetadata] => [metadata.urn, metadata];
