import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "chai";
import { emulator } from "./emulator-fixture.ts";

describe("emulator: a response", () => {
  it("comes in one piece, head and body together", async () => {
    const { hostname, port } = new URL((await emulator()).endpoint);
    for (let request = 0; request < 20; request++) {
      const socket = connect(Number(port), hostname);
      socket.end("GET /_ministack/health HTTP/1.1\r\nHost: emulator\r\nConnection: close\r\n\r\n");
      const [first] = (await once(socket, "data")) as [Buffer];
      const [head, body = ""] = first.toString("utf8").split("\r\n\r\n");
      expect(head).to.match(/^HTTP\/1\.1 200/);
      expect(body).to.match(/^\{/);
      socket.destroy();
    }
  });

  it("may have no body", async () => {
    const answer = await fetch(`${(await emulator()).endpoint}/_ministack/health`, { method: "HEAD" });
    expect(answer.status).to.be.a("number");
    expect(await answer.text()).to.equal("");
  });
});
