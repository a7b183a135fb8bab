import { createServer } from "node:net";
import { expect } from "chai";
import { choosePort } from "../../../rehearsal/emulator/port.ts";

describe("the emulator's port", () => {
  it("is a free one unless one is wanted", async () => {
    const port = await choosePort();
    expect(port).to.be.above(1023);
    expect(await choosePort(port)).to.equal(port);
  });

  it("is refused when it is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const refused = await choosePort(port).catch((error) => error);
    server.close();
    expect(refused).to.include({ code: "port-taken" });
    expect(refused.message).to.include(String(port));
  });
});
