import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { createSimulator } from "../../src/simulator/simulator.js";
import { testFolder } from "../support/test-folder.js";
import { Stage } from "./stage.js";
import {
  accepted,
  card,
  message,
  reauthorise,
  setup,
  status,
  test,
  text,
  transaction,
  u8,
} from "./wire.js";

const refused = async (port: number) => {
  const [error] = await once(createConnection({ host: "127.0.0.1", port }), "error");
  return (error as NodeJS.ErrnoException).code;
};

describe("simulator: start and stop", () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.open();
  });

  afterEach(() => stage.close());

  it("stops listening and listens again on the same port, while sessions stay", async () => {
    const client = await stage.login();
    stage.simulator.stopListening();
    expect(await refused(stage.port)).to.equal("ECONNREFUSED");
    expect(await client.exchange(test(2))).to.equal(status(2));
    expect((await stage.simulator.start()).port).to.equal(stage.port);
    expect(await (await stage.login({ slot: 1 })).exchange(test(2))).to.equal(status(2));
  });

  it("stops with everything closed, and starts again with its memory", async () => {
    const client = await stage.login();
    await client.exchange(reauthorise(42));
    await stage.simulator.stop();
    await client.closed;
    expect(await refused(stage.port)).to.equal("ECONNREFUSED");
    expect(stage.clock.pending).to.equal(0);
    expect(stage.simulator.sessions).to.equal(0);
    await stage.simulator.start();
    expect(await (await stage.connect()).exchange(setup())).to.equal(status(1, 42));
  });

  it("may be stopped twice, but not started twice", async () => {
    let error: unknown;
    await stage.simulator.start().catch((thrown: unknown) => {
      error = thrown;
    });
    expect(error).to.be.an("error");
    await stage.simulator.stop();
    await stage.simulator.stop();
  });

  it("says that a port is taken", async () => {
    let error: unknown;
    const second = createSimulator({ port: stage.port });
    await second.start().catch((thrown: unknown) => {
      error = thrown;
    });
    expect(error).to.have.property("code", "EADDRINUSE");
    await second.stop();
  });

  it("takes listeners away again", async () => {
    const seen: string[] = [];
    const unlisten = stage.simulator.onJournal((entry) => seen.push(entry.ev));
    const client = await stage.login();
    unlisten();
    await client.exchange(test(2));
    expect(seen).to.deep.equal(["session"]);
  });
});

describe("simulator: journal file", () => {
  let folder: string;
  let file: string;
  let stage: Stage;

  beforeEach(async () => {
    folder = testFolder("simulator");
    file = join(folder, "journal.ndjson");
    await writeFile(file, '{"kept":true}\n');
    stage = await Stage.open({ journalFile: file });
  });

  afterEach(async () => {
    await stage.close();
    await rm(folder, { recursive: true });
  });

  const lines = async () => (await readFile(file, "utf8")).trimEnd().split("\n");

  it("gets its lines within 100 ms, after those it had", async () => {
    const client = await stage.login();
    await client.exchange(reauthorise(42));
    stage.clock.advance(100);
    const t = stage.clock.now() - 100;
    const named = '"src":7,"txn":42,"type":"REAUTHORISE_ALL_SERVICES","card":"000123456789"';
    expect(await lines()).to.deep.equal([
      '{"kept":true}',
      `{"t":${t},"ev":"session","src":7,"txn":1,"type":"SESSION_SETUP"}`,
      `{"t":${t},"ev":"arrival",${named}}`,
      `{"t":${t},"ev":"effect",${named},"reference":"R7-42"}`,
    ]);
  });

  it("gets the rest at a stop, and goes on after a new start", async () => {
    await stage.login();
    await stage.simulator.stop();
    expect(await lines()).to.have.length(2);
    await stage.simulator.start();
    await stage.login();
    await stage.simulator.stop();
    expect(await lines()).to.have.length(3);
  });

  it("writes a burst at once", async () => {
    const client = await stage.login();
    const numbers = Array.from({ length: 3000 }, (_, i) => i + 1);
    client.send(...numbers.map((number) => reauthorise(number)));
    for (const number of numbers) expect(await client.receive()).to.equal(accepted(number));
    expect((await readFile(file)).length).to.be.greaterThan(256 * 1024);
    await stage.simulator.stop();
    const events = (await lines()).slice(1).map((line) => JSON.parse(line).ev);
    expect(events.filter((event) => event === "effect")).to.have.length(3000);
  });

  it("never has a PIN, in hex neither", async () => {
    const client = await stage.login();
    for (const [number, pin] of ["7391", "73912", "739x"].entries()) {
      await client.exchange(
        message(0x0102, transaction(number + 1), card(), u8(0x20, 2), text(0x21, pin)),
      );
      await client.exchange(
        message(0x0102, transaction(number + 1), card(), u8(0x20, 1), text(0x21, pin)),
      );
    }
    await stage.simulator.stop();
    const written = `${(await lines()).join("\n")}\n${stage.log.join("\n")}`;
    expect(written).not.to.match(/739|373339/);
    expect(written).to.contain("SET_USER_PARAMETERS");
  });
});
