import { expect } from "chai";
import pino from "pino";
import { PostgresWakeUp } from "../../src/dispatch/wake-up/postgres-wake-up.js";
import type { Notice } from "../../src/dispatch/wake-up/wake-up.js";
import { type Relay, startRelay } from "../support/relay.js";
import { DATABASES } from "../support/stores.js";
import { eventually, inTime } from "../support/world/eventually.js";

const MISSED: Notice = { kind: "missed" };
const SLOTS: Notice = { kind: "slots" };

for (const database of DATABASES.filter(({ title }) => title === "PostgreSQL")) {
  describe(`the wake-up connection on ${database.title}`, () => {
    const open: PostgresWakeUp[] = [];
    let relay: Relay;
    let log: string[];

    beforeEach(() => {
      log = [];
    });

    afterEach(async () => {
      await relay.close();
      await Promise.all(open.splice(0).map((wakeUp) => wakeUp.stop()));
    });

    function instance(url: string) {
      const logger = pino({ level: "warn" }, { write: (line: string) => log.push(line) });
      const wakeUp = new PostgresWakeUp(url, logger);
      open.push(wakeUp);
      const heard: Notice[] = [];
      wakeUp.start((notice) => heard.push(notice));
      const hears = (notice: Notice) =>
        eventually(
          notice.kind,
          async () => heard.map(({ kind }) => kind),
          (kinds) => kinds.includes(notice.kind),
        );
      return { wakeUp, hears };
    }

    /** Where a database is, and where it is by way of the relay. */
    async function places() {
      const { url } = await database.create();
      const { hostname, port } = new URL(url);
      relay = await startRelay({ host: hostname, port: Number(port) });
      const relayed = new URL(url);
      relayed.port = String(relay.port);
      return { direct: url, relayed: relayed.href };
    }

    it("is replaced when it does not answer, and what was told meanwhile is heard", async () => {
      const { direct, relayed } = await places();
      const near = instance(relayed);
      const far = instance(direct);
      await near.hears(MISSED);
      await far.hears(MISSED);
      relay.forget();
      near.wakeUp.tell(SLOTS);
      await far.hears(SLOTS);
      expect(log.map((line) => JSON.parse(line).msg)).to.deep.equal([
        "the wake-up connection is lost; trying again",
      ]);
    });

    it("does not hold up a stop when it does not answer", async () => {
      const { relayed } = await places();
      const { wakeUp, hears } = instance(relayed);
      await hears(MISSED);
      relay.forget();
      wakeUp.tell(SLOTS);
      await inTime("the stop", wakeUp.stop(), 3000);
    });

    it("does not hold up a stop while it is being opened", async () => {
      const { relayed } = await places();
      relay.vanish();
      await inTime("the stop", instance(relayed).wakeUp.stop(), 3000);
    });

    it("passes on what was told right before a stop", async () => {
      const { direct, relayed } = await places();
      const far = instance(direct);
      await far.hears(MISSED);
      const near = instance(relayed);
      near.wakeUp.tell(SLOTS);
      await near.wakeUp.stop();
      await far.hears(SLOTS);
    });
  });
}
