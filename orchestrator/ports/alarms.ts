export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** One alarm as read. `enabled` is whether its actions run. */
export type Alarm = {
  name: string;
  state: AlarmState;
  enabled: boolean;
  reason: string;
  /** A digest of what the alarm looks at and when it fires: another one means that somebody changed the alarm. */
  definition: string;
};

export interface Alarms {
  /** Every alarm of the environment, all pages of them. */
  list(): Promise<Alarm[]>;
}
