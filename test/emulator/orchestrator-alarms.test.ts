import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutCompositeAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { cloudwatchAlarms } from "../../orchestrator/adapters/cloudwatch-alarms.ts";
import { alarmsContract } from "../contracts/alarms.ts";
import { emulatorAccess, unused } from "./access.ts";
import { putAlarm } from "./alarm.ts";

describe("orchestrator: alarms in CloudWatch", function () {
  this.timeout(30_000);

  async function make() {
    const access = await emulatorAccess();
    const client = new CloudWatchClient(access);
    const prefix = `${unused("watched")}-`;
    return {
      prefix,
      client,
      alarms: cloudwatchAlarms(prefix, access),
      async add(name: string, state: "OK" | "ALARM" | "INSUFFICIENT_DATA", enabled: boolean) {
        const AlarmName = prefix + name;
        await putAlarm(AlarmName, prefix, { ActionsEnabled: enabled, TreatMissingData: "ignore" }, client);
        const set = { AlarmName, StateValue: state, StateReason: "for the test" };
        await client.send(new SetAlarmStateCommand(set));
        return AlarmName;
      },
    };
  }

  alarmsContract(make);

  it("are those of the environment only", async () => {
    const [ours, theirs] = [await make(), await make()];
    await theirs.add("errors", "ALARM", true);
    expect(await ours.alarms.list()).to.deep.equal([]);
  });

  it("are all of 500, whichever page they are on, and each with its state", async function () {
    this.timeout(60_000);
    const { client, alarms, add } = await make();
    const names: string[] = [];
    for (let first = 0; first < 500; first += 50)
      names.push(
        ...(await Promise.all(
          Array.from({ length: 50 }, (_, n) => {
            const of = String(first + n).padStart(3, "0");
            return add(`one-of-many-${of}`, of === "499" ? "ALARM" : "OK", true);
          }),
        )),
      );
    const listed = await alarms.list();
    expect(listed.map(({ name }) => name).sort()).to.deep.equal(names);
    expect(listed.filter(({ state }) => state === "ALARM").map(({ name }) => name)).to.deep.equal([
      names[499],
    ]);
    for (let first = 0; first < 500; first += 100)
      await client.send(new DeleteAlarmsCommand({ AlarmNames: names.slice(first, first + 100) }));
    expect(await alarms.list()).to.deep.equal([]);
  });

  it("are composite ones too", async () => {
    const { client, prefix, alarms, add } = await make();
    const part = await add("part", "OK", true);
    const whole = { AlarmName: `${prefix}whole`, AlarmRule: `ALARM("${part}")` };
    await client.send(new PutCompositeAlarmCommand(whole));
    expect((await alarms.list()).map(({ name }) => name)).to.include(`${prefix}whole`);
  });
});
