import { setTimeout as delay } from "node:timers/promises";
import { SetAlarmStateCommand, type StateValue } from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { alarm, becomes, cloudwatch, putAlarm, putPoint } from "./alarm.ts";

describe("emulator: an alarm state set by hand", () => {
  async function set(name: string, state: StateValue): Promise<void> {
    const client = await cloudwatch();
    await client.send(
      new SetAlarmStateCommand({ AlarmName: name, StateValue: state, StateReason: "by hand" }),
    );
  }

  it("holds while evaluations keep saying what they said before", async () => {
    await putAlarm("hand", "hand", { TreatMissingData: "notBreaching" });
    await becomes("hand", "OK");
    await set("hand", "ALARM");
    await putPoint("hand", 0);
    await delay(2_200);
    expect(await alarm("hand")).to.include({ StateValue: "ALARM", StateReason: "by hand" });
  });

  it("gives way when an evaluation changes its mind", async () => {
    await putAlarm("hand-off", "hand-off", { TreatMissingData: "notBreaching" });
    await becomes("hand-off", "OK");
    await set("hand-off", "INSUFFICIENT_DATA");
    await putPoint("hand-off", 1);
    await becomes("hand-off", "ALARM");
  });

  it("is refused when it is no state", async () => {
    const refused = await set("hand", "PANIC" as StateValue).catch((error) => error);
    expect(refused.name).to.match(/^Validation/);
  });
});
