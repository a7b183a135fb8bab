import type { Alarm, AlarmState, Alarms } from "../../orchestrator/ports/alarms.ts";

export type FakeAlarms = Alarms & {
  /** Adds an alarm, or changes one. */
  set(name: string, changes?: Partial<Omit<Alarm, "name">>): void;
  remove(name: string): void;
  /** Puts an alarm into ALARM until `calm`, or only while a condition holds. */
  fire(name: string, whileTrue?: () => boolean): void;
  calm(name: string): void;
  /** Makes every reading fail while the condition holds. */
  failWhile(condition: () => boolean): void;
};

/** Alarms that are evaluated whenever they are read. */
export function fakeAlarms(): FakeAlarms {
  const alarms = new Map<string, Alarm>();
  const firing = new Map<string, () => boolean>();
  let unreadable = () => false;

  const stateOf = ({ name, state }: Alarm): AlarmState => (firing.get(name)?.() ? "ALARM" : state);

  return {
    async list() {
      if (unreadable()) throw new Error("Rate exceeded");
      return [...alarms.values()].map((alarm) => ({ ...alarm, state: stateOf(alarm) }));
    },
    set(name, changes = {}) {
      const before = alarms.get(name) ?? {
        state: "OK" as const,
        enabled: true,
        reason: "threshold crossed",
        definition: "over 5 in 5 minutes",
      };
      alarms.set(name, { ...before, ...changes, name });
    },
    remove: (name) => void alarms.delete(name),
    fire: (name, whileTrue = () => true) => void firing.set(name, whileTrue),
    calm: (name) => void firing.delete(name),
    failWhile(condition) {
      unreadable = condition;
    },
  };
}
