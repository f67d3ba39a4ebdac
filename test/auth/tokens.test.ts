import { expect } from "chai";
import pino from "pino";
import { TokenCache } from "../../src/auth/token-cache.js";
import { TokenSweep } from "../../src/auth/token-sweep.js";
import { Tokens } from "../../src/auth/tokens.js";
import { ServiceError } from "../../src/requests/service-error.js";
import { ManualClock } from "../support/manual-clock.js";
import { MemoryAccounts } from "../support/memory-accounts.js";
import { present } from "../support/world/eventually.js";

const HOUR_MS = 3_600_000;

describe("tokens", () => {
  let clock: ManualClock;
  let store: MemoryAccounts;
  let tokens: Tokens;

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryAccounts(clock);
    tokens = new Tokens(store, clock);
    store.users.set("ann", "h");
  });

  async function give() {
    return present(await tokens.give("ann", "h"));
  }

  async function refused(token: string, by = tokens): Promise<void> {
    let thrown: unknown;
    try {
      await by.authenticate(token);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).to.be.instanceOf(ServiceError).with.property("reason", "TOKEN_INVALID");
  }

  it("are random, and kept as hashes only", async () => {
    const { token } = await give();
    expect(token).to.match(/^[\w-]{43}$/);
    expect((await give()).token).not.to.equal(token);
    expect(JSON.stringify([...store.tokens])).not.to.include(token);
  });

  it("tell whose they are, for two hours", async () => {
    const { token, expireDate } = await give();
    expect(expireDate).to.equal(clock.now() + 2 * HOUR_MS);
    expect(await tokens.authenticate(token)).to.deep.equal({ name: "ann" });
    clock.advance(2 * HOUR_MS - 1);
    expect(await tokens.authenticate(token)).to.deep.equal({ name: "ann" });
    clock.advance(1);
    await refused(token);
  });

  it("are refused when unknown, without asking the store for what can be none", async () => {
    await refused("A".repeat(43));
    expect(store.lookups).to.equal(1);
    for (const text of ["", "x", "A".repeat(44), `${"A".repeat(42)}!`]) await refused(text);
    expect(store.lookups).to.equal(1);
  });

  it("are looked up once in a while, by all calls together", async () => {
    const { token } = await give();
    await Promise.all(Array.from({ length: 50 }, () => tokens.authenticate(token)));
    expect(store.lookups).to.equal(1);
    expect(tokens.authenticate(token)).to.deep.equal({ name: "ann" });
    clock.advance(5000);
    await tokens.authenticate(token);
    expect(store.lookups).to.equal(2);
  });

  it("are refused at once where they were released", async () => {
    const { token } = await give();
    await tokens.authenticate(token);
    await tokens.release(token);
    await refused(token);
  });

  it("are refused within 5 s in a process that had them in its cache", async () => {
    const { token } = await give();
    const other = new Tokens(store, clock);
    await other.authenticate(token);
    clock.advance(100);
    await tokens.release(token);
    clock.advance(4900);
    await refused(token, other);
  });

  it("are no longer trusted for the time that the look-up took", async () => {
    const { token } = await give();
    let answer = () => {};
    const slow = new Tokens(
      {
        addToken: async () => true,
        removeToken: async () => {},
        async findToken(hash) {
          const found = await store.findToken(hash);
          await new Promise<void>((resolve) => {
            answer = resolve;
          });
          return found;
        },
      },
      clock,
    );
    const asked = Promise.resolve(slow.authenticate(token));
    await new Promise(setImmediate);
    clock.advance(4900);
    answer();
    await asked;
    await tokens.release(token);
    const again = slow.authenticate(token);
    await new Promise(setImmediate);
    answer();
    let thrown: unknown;
    await Promise.resolve(again).catch((error: unknown) => {
      thrown = error;
    });
    expect(thrown).to.have.property("reason", "TOKEN_INVALID");
  });

  it("are not refused for good when the store fails once", async () => {
    const { token } = await give();
    const { findToken } = store;
    store.findToken = async () => {
      throw ServiceError.of("DATABASE_UNAVAILABLE");
    };
    let thrown: unknown;
    await Promise.resolve(tokens.authenticate(token)).catch((error: unknown) => {
      thrown = error;
    });
    expect(thrown).to.have.property("reason", "DATABASE_UNAVAILABLE");
    store.findToken = findToken;
    await tokens.authenticate(token);
  });

  it("have a bounded place in the cache", () => {
    const cache = new TokenCache(3);
    const token = { userName: "ann", expireDate: 10 };
    for (let i = 0; i < 10; i++) cache.set(`t${i}`, token, 100);
    expect(cache.size).to.equal(3);
    cache.set("t9", token, 200);
    expect(cache.size).to.equal(3);
    expect([cache.get("t6", 0), cache.get("t7", 0), cache.get("t9", 150)]).to.deep.equal([
      undefined,
      token,
      token,
    ]);
    expect(cache.get("t7", 100)).to.equal(undefined);
  });

  describe("that have expired", () => {
    const settled = () => new Promise(setImmediate);

    it("are removed in batches, again and again", async () => {
      for (let i = 0; i < 1200; i++) {
        store.tokens.set(`t${i}`, { userName: "ann", expireDate: clock.now() + 1 });
      }
      const sweep = new TokenSweep({ store, clock, logger: pino({ level: "silent" }) });
      sweep.start();
      await settled();
      expect(store.tokens.size).to.equal(1200);
      clock.advance(HOUR_MS);
      await settled();
      expect(store.tokens.size).to.equal(0);
      expect(clock.pending).to.equal(1);
      await sweep.stop();
      expect(clock.pending).to.equal(0);
    });

    it("are removed later when the store fails", async () => {
      const lines: string[] = [];
      const logger = pino({}, { write: (line: string) => lines.push(line) });
      const failing = {
        removeExpiredTokens: async () => {
          throw new Error("no database");
        },
      };
      const sweep = new TokenSweep({ store: failing, clock, logger });
      sweep.start();
      await settled();
      expect(lines).to.have.length(1);
      expect(clock.pending).to.equal(1);
      await sweep.stop();
    });

    it("are left alone after a stop in the middle", async () => {
      let batches = 0;
      const endless = {
        removeExpiredTokens: async (limit: number) => {
          batches += 1;
          await settled();
          return limit;
        },
      };
      const sweep = new TokenSweep({ store: endless, clock, logger: pino({ level: "silent" }) });
      sweep.start();
      await sweep.stop();
      expect(batches).to.equal(1);
      expect(clock.pending).to.equal(0);
    });
  });
});
