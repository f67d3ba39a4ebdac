import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ManualClock } from "../../../support/manual-clock.js";
import { counterDesk } from "../http/counter-desk.js";

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const CERT = file("ca-system.cert.pem");

describe("profile transport: HTTPS", () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer({
      cert: readFileSync(CERT),
      key: readFileSync(file("ca-system.key.pem")),
    });
    server.on("tlsClientError", () => undefined);
    server.on("request", (request, response) => {
      request.resume();
      response.end(
        '{"state":"welcome","token":"t","last":7,"receipt":"R"}'.replace(
          "welcome",
          request.method === "GET" ? "welcome" : "done",
        ),
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  });

  function connect(more: object) {
    const protocol = counterDesk((text) => text.replace("transport: http", "transport: https"));
    const configured = protocol.configure({
      host: "127.0.0.1",
      port: (server.address() as AddressInfo).port,
      user: "desk",
      password: "pst",
      ...more,
    });
    if ("faults" in configured) throw new Error(JSON.stringify(configured.faults));
    return configured.adapter.connect({
      slot: 0,
      epoch: 1,
      clock: new ManualClock(),
      signal: new AbortController().signal,
      maySend: () => true,
      onLateAnswer: () => undefined,
    });
  }

  it("carries commands to who can prove its name", async () => {
    const result = await connect({ ca: CERT, servername: "ca.example" });
    if (result.kind !== "connected") throw new Error(result.text);
    const { outcome } = await result.session.send({
      transaction: 1,
      caId: "CARD",
      subscriptionNumber: "S",
      command: { type: "REAUTHORISE_ALL_SERVICES" },
    });
    expect(outcome).to.deep.equal({ kind: "accepted", reference: "R" });
    await result.session.close(new AbortController().signal);
  });

  it("carries nothing to who cannot", async () => {
    for (const more of [{ servername: "ca.example" }, { ca: CERT }]) {
      const result = await connect(more);
      if (result.kind !== "unavailable") throw new Error("connected");
      expect(result.text).to.match(/SELF_SIGNED|ALTNAME/);
    }
  });
});
