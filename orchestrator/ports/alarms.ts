export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** One alarm as read. `enabled` is whether its actions run. */
export type Alarm = { name: string; state: AlarmState; enabled: boolean; reason: string };

export interface Alarms {
  /** Every alarm of the environment, all pages of them. */
  list(): Promise<Alarm[]>;
}
