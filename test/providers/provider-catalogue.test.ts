import { expect } from "chai";
import type { Provider } from "../../src/providers/provider.js";
import { ProviderCatalogue } from "../../src/providers/provider-catalogue.js";
import { systemClock } from "../../src/requests/clock.js";
import { findFakeProtocol } from "../config/fake-protocol.js";

function provider(parts: Partial<Provider> = {}): Provider {
  return {
    name: "main",
    protocol: "fake",
    lifeCycleState: "EFFECTIVE",
    commands: undefined,
    connection: { host: "h", port: 1, connections: 3 },
    services: {},
    limits: {},
    definedInFile: true,
    lifeCycleReason: undefined,
    version: 1,
    createdDate: 0,
    updatedDate: 0,
    createdBy: undefined,
    updatedBy: undefined,
    ...parts,
  };
}

describe("the provider catalogue", () => {
  let stored: Provider[];
  let unusable: string[];
  let catalogue: ProviderCatalogue;
  let readings: number;

  beforeEach(() => {
    stored = [];
    readings = 0;
    unusable = [];
    catalogue = new ProviderCatalogue({
      source: {
        list: async () => {
          readings += 1;
          return stored;
        },
        versions: async () => new Map(stored.map(({ name, version }) => [name, version])),
      },
      findProtocol: findFakeProtocol,
      onUnusable: (name, reason) => unusable.push(`${name}: ${reason}`),
    });
  });

  async function load(...providers: Provider[]) {
    stored = providers;
    await catalogue.refresh();
    return catalogue.get("main");
  }

  it("knows providers as of the last refresh", async () => {
    expect(catalogue.get("main")).to.equal(undefined);
    expect(catalogue.commandsOf("main").size).to.equal(0);
    await load(provider(), provider({ name: "b", lifeCycleState: "NOT_EFFECTIVE" }));
    expect(catalogue.list().map((one) => [one.name, one.isEffective])).to.deep.equal([
      ["main", true],
      ["b", false],
    ]);
    expect(await load()).to.equal(undefined);
  });

  it("reads the providers again only when one of them has changed, or is new", async () => {
    await load(provider());
    await catalogue.follow();
    expect(readings).to.equal(1);
    stored = [provider({ version: 2, commands: [] })];
    await catalogue.follow();
    expect(catalogue.commandsOf("main").size).to.equal(0);
    stored = [...stored, provider({ name: "b" })];
    await catalogue.follow();
    expect(catalogue.get("b")?.name).to.equal("b");
    await catalogue.follow();
    expect(readings).to.equal(3);
  });

  it("allows what the adapter can say and the settings allow", async () => {
    const all = await load(provider());
    expect([...(all?.commands ?? [])]).to.deep.equal([
      "REAUTHORISE_ALL_SERVICES",
      "SET_USER_PARAMETERS",
    ]);
    const narrowed = await load(
      provider({ version: 2, commands: ["SET_USER_PARAMETERS", "SEND_MAIL"] }),
    );
    expect(narrowed?.supports("SET_USER_PARAMETERS")).to.equal(true);
    expect(narrowed?.supports("REAUTHORISE_ALL_SERVICES")).to.equal(false);
    expect(narrowed?.supports("SEND_MAIL")).to.equal(false);
    const nothing = await load(provider({ version: 3, commands: [] }));
    expect(nothing?.commands.size).to.equal(0);
  });

  it("fills in limits", async () => {
    expect((await load(provider()))?.limits).to.deep.equal({
      ratePerSecond: undefined,
      burst: 0,
      maxInFlight: 30,
      maxAttempts: 10,
    });
    const slow = await load(provider({ version: 2, limits: { ratePerSecond: 0.2 } }));
    expect(slow?.limits.burst).to.equal(1);
    const limits = { ratePerSecond: 5, burst: 9, maxInFlight: 4, maxAttempts: 2 };
    expect((await load(provider({ version: 3, limits })))?.limits).to.deep.equal(limits);
  });

  it("asks the adapter about CA ids", async () => {
    const main = await load(provider());
    expect(main?.checkName("SMARTCARD", "123")).to.equal(undefined);
    expect(main?.checkName("SMARTCARD", "abc")).to.equal("must be digits");
  });

  it("keeps an adapter while its protocol and connection stay the same", async () => {
    const first = await load(provider());
    expect(await load(provider())).to.equal(first);
    const stopped = await load(provider({ version: 2, lifeCycleState: "NOT_EFFECTIVE" }));
    expect(stopped?.isEffective).to.equal(false);
    expect(stopped?.adapter).to.equal(first?.adapter);
    const moved = await load(provider({ version: 3, connection: { host: "i", port: 1 } }));
    expect(moved?.adapter).not.to.equal(first?.adapter);
  });

  const broken: Record<string, [Partial<Provider>, reason: string]> = {
    "whose protocol is unknown": [{ protocol: "morse" }, 'unknown protocol "morse"'],
    "whose connection is wrong": [
      { connection: {} },
      "connection.host must be a name; connection.port must be from 1 to 65535",
    ],
  };
  for (const [title, [parts, reason]] of Object.entries(broken)) {
    it(`lives with a provider ${title}: it does nothing, and says why once`, async () => {
      const main = await load(provider(parts));
      await load(provider(parts));
      expect(unusable).to.deep.equal([`main: ${reason}`]);
      expect(main?.commands.size).to.equal(0);
      expect(main?.adapter.connections).to.equal(0);
      expect(main?.checkName("SMARTCARD", "123")).to.equal(`cannot be checked: ${reason}`);
      const connected = await main?.adapter.connect({
        slot: 0,
        epoch: 1,
        clock: systemClock,
        signal: new AbortController().signal,
        maySend: () => true,
        onLateAnswer: () => undefined,
      });
      expect(connected).to.deep.equal({ kind: "unavailable", text: reason });
    });
  }
});
