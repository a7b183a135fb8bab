import { type ChildProcess, spawn } from "node:child_process";
import { expect } from "chai";
import { endEmulatorGroup } from "../../../rehearsal/emulator/group.ts";

describe("ending the emulator by its process number", () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill("SIGKILL"));

  function start(script: string): number {
    child = spawn("/bin/sh", ["-c", script, "the-plugin"], { detached: true, stdio: "ignore" });
    return child.pid ?? 0;
  }
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it("ends the whole group", async () => {
    const pid = start("sleep 60 & sleep 60 & wait");
    await endEmulatorGroup(pid, "the-plugin", process.env);
    expect(isAlive(-pid)).to.equal(false);
  });

  it("leaves alone whoever has the number by now", async () => {
    const pid = start("sleep 60; true");
    await endEmulatorGroup(pid, "another-plugin", process.env);
    expect(isAlive(pid)).to.equal(true);
    process.kill(-pid, "SIGKILL");
  });

  it("is content when it is gone already", async () => {
    await endEmulatorGroup(2 ** 22 + 1, "the-plugin", process.env);
  });
});
