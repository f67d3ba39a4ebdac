import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createSecureContext, createServer, type Server, type TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { CaProtocol } from "../../../../src/adapters/ca-adapter.js";
import { profileProtocol } from "../../../../src/adapters/profile/profile-protocol.js";
import { ManualClock } from "../../../support/manual-clock.js";
import { profileText } from "../made-up/compiled.js";
import { line } from "../made-up/semaphore-peer.js";

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const CERT = file("ca-system.cert.pem");
const KEY = file("ca-system.key.pem");

function secureSemaphore(): CaProtocol {
  const text = profileText("semaphore").replace("transport: tcp", "transport: tls");
  const { value, faults } = profileProtocol("semaphore", "p.yaml", text);
  if (value === undefined) throw new Error(JSON.stringify(faults));
  return value;
}

describe("profile transport: TLS", () => {
  const protocol = secureSemaphore();
  let server: Server;
  let clientName: string | undefined;
  /** The names under which the server was asked for. */
  let asked: string[];

  beforeEach(async () => {
    clientName = undefined;
    asked = [];
    const cert = readFileSync(CERT);
    const key = readFileSync(KEY);
    server = createServer({
      cert,
      key,
      ca: cert,
      requestCert: true,
      SNICallback: (name, use) => {
        asked.push(name);
        use(null, createSecureContext({ cert, key, ca: cert }));
      },
    });
    server.on("tlsClientError", () => undefined);
    server.on("secureConnection", (socket: TLSSocket) => {
      clientName = socket.getPeerX509Certificate()?.subject;
      socket.on("error", () => undefined);
      // The login is the first thing that comes.
      socket.once("data", () => socket.write(line("WELCK1;0000000007")));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(async () => {
    const closed = once(server, "close");
    server.close();
    await closed;
  });

  const settings = (more: object) => ({
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    station: "north",
    code_word: "pst",
    ...more,
  });

  function connect(more: object) {
    const configured = protocol.configure(settings(more));
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

  it("opens a session with who can prove its name, and proves ours", async () => {
    const more = { ca: CERT, cert: CERT, key: KEY, servername: "ca.example" };
    const result = await connect(more);
    if (result.kind !== "connected") throw new Error(result.text);
    expect(result.session.lastTransaction).to.equal(7);
    expect(clientName).to.equal("CN=ca.example");
    await result.session.close(AbortSignal.abort());
  });

  it("opens none with who cannot", async () => {
    const refusals: readonly (readonly [object, RegExp])[] = [
      [{ servername: "ca.example" }, /SELF_SIGNED/],
      [{ ca: CERT }, /ALTNAME/],
    ];
    for (const [more, reason] of refusals) {
      const result = await connect(more);
      if (result.kind !== "unavailable") throw new Error("connected");
      expect(result.text).to.match(reason);
    }
  });

  it("says which host it is for, since one address may have many, each with a certificate", async () => {
    await connect({ host: "localhost", ca: CERT });
    await connect({ host: "localhost", ca: CERT, servername: "ca.example" });
    await connect({ ca: CERT });
    // An address is no name.
    expect(asked).to.deep.equal(["localhost", "ca.example"]);
  });

  it("tells what is wrong with its files", () => {
    const missing = protocol.configure(settings({ ca: "/no/such.pem", cert: CERT }));
    if (!("faults" in missing)) throw new Error("taken");
    expect(missing.faults).to.deep.equal([
      { field: "ca", description: "cannot be read: ENOENT" },
      { field: "key", description: "is mandatory: cert and key belong together" },
    ]);
  });
});
