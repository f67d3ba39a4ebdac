import { expect } from "chai";
import { failureOf } from "../support/rpc-client.js";
import { OTHER_PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const CONNECTION = { host: "127.0.0.1", port: 1, source_id: 9, password: "hush" };
const NEW = { name: "made-by-call", protocol: "nds", connection: CONNECTION };

/** The world's file defines another provider: those of these tests are made by call. */
const FILE = { providers: [{ name: OTHER_PROVIDER }] };

for (const database of ONE_OF_EACH) {
  describe(`providers by call, on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("are created, and shown without their secrets", async () => {
      const { operator } = await worlds.start(FILE);
      const created = await operator.createProvider({
        ...NEW,
        commands: { types: ["COMMAND_TYPE_REAUTHORISE_ALL_SERVICES" as never] },
        services: { SPORT: "0012" },
        limits: { ratePerSecond: 2.5, burst: 3, maxInFlight: undefined, maxAttempts: 4 },
      });
      const { password: _, ...shown } = CONNECTION;
      expect(created).to.deep.include({
        name: "made-by-call",
        protocol: "nds",
        lifeCycleState: "LIFE_CYCLE_STATE_EFFECTIVE",
        commands: { types: ["COMMAND_TYPE_REAUTHORISE_ALL_SERVICES"] },
        services: { SPORT: "0012" },
        connection: shown,
        secretsSet: ["password"],
        limits: { ratePerSecond: 2.5, burst: 3, maxInFlight: undefined, maxAttempts: 4 },
        version: 1n,
        definedInFile: false,
        createdBy: "local",
        updatedBy: "local",
      });
      expect(await operator.provider("made-by-call")).to.deep.equal(created);
      const { limits, commands } = await operator.status("made-by-call");
      expect(commands).to.deep.equal(["COMMAND_TYPE_REAUTHORISE_ALL_SERVICES"]);
      expect(limits).to.deep.equal({
        ratePerSecond: 2.5,
        burst: 3,
        maxInFlight: 10,
        maxAttempts: 4,
      });
    });

    it("keep their secrets out of the database, the log and every answer", async () => {
      const world = await worlds.start(FILE);
      const { operator } = world;
      await operator.createProvider(NEW);
      await operator.updateProvider("made-by-call", {
        mask: ["connection.port"],
        connection: { port: 2 },
      });
      await operator.testConnection({ name: "made-by-call" });
      const { reader } = await world.database();
      const rows = await reader.all("SELECT * FROM providers");
      const answers = [await operator.getProvider("made-by-call"), await operator.listProviders()];
      const all = [...rows, ...answers].map((one) =>
        JSON.stringify(one, (_, value) => (typeof value === "bigint" ? Number(value) : value)),
      );
      expect(all.join()).not.to.contain("hush");
      expect(world.log).to.contain("provider changed").and.not.to.contain("hush");
    });

    it("take for given only what was given, and not what every object has", async () => {
      const { operator } = await worlds.start(FILE);
      await operator.createProvider({ ...NEW, services: { SPORT: "0012" } });
      const mask = ["services.constructor", "connection.toString"];
      const updated = await operator.updateProvider("made-by-call", { mask });
      expect(updated).to.deep.include({ services: { SPORT: "0012" }, version: 1n });
    });

    it("are judged like those of the file, and all that is wrong is told", async () => {
      const { operator } = await worlds.start(FILE);
      const failure = await failureOf(
        operator.createProvider({
          name: " x",
          protocol: "nds",
          lifeCycleState: "UNRECOGNIZED" as never,
          commands: { types: ["COMMAND_TYPE_UNSPECIFIED" as never] },
          connection: { host: "", port: 70_000, source_id: 7, colour: "red" },
          limits: { ratePerSecond: undefined, burst: 2, maxInFlight: 0, maxAttempts: undefined },
        }),
      );
      expect(failure).to.include({ code: "INVALID_ARGUMENT", reason: "INVALID_REQUEST" });
      const fields = failure.badRequest?.fieldViolations.map(({ field }) => field);
      expect(fields).to.have.members([
        "provider.life_cycle_state",
        "provider.commands.types[0]",
        "provider.name",
        "provider.connection.colour",
        "provider.connection.host",
        "provider.connection.port",
        "provider.connection.password",
        "provider.limits.burst",
        "provider.limits.max_in_flight",
      ]);
      const protocol = await failureOf(operator.createProvider({ ...NEW, protocol: "morse" }));
      expect(protocol.message).to.contain('provider.protocol: unknown protocol "morse"');
      expect((await failureOf(operator.createProvider({}))).message).to.contain(
        "provider.connection: is mandatory",
      );
    });

    it("have names of their own", async () => {
      const { operator } = await worlds.start(FILE);
      await operator.createProvider(NEW);
      for (const name of [NEW.name, OTHER_PROVIDER]) {
        const failure = await failureOf(operator.createProvider({ ...NEW, name }));
        expect(failure).to.include({ code: "ALREADY_EXISTS", reason: "VALUE_IN_USE" });
        expect(failure.resourceInfos[0]).to.include({
          resourceType: "provider",
          resourceName: name,
        });
      }
    });

    it("are changed by what the mask names, and by nothing else", async () => {
      const { operator } = await worlds.start(FILE);
      await operator.createProvider({
        ...NEW,
        commands: { types: [] },
        services: { A: "1", B: "2" },
        limits: { ratePerSecond: 5, burst: 5, maxInFlight: undefined, maxAttempts: 3 },
      });
      const changed = await operator.updateProvider("made-by-call", {
        mask: [
          "connection.port",
          "services.B",
          "services.C",
          "commands",
          "limits.rate_per_second",
          "limits.burst",
        ],
        connection: { port: 7001, host: "ignored" },
        services: { A: "ignored", C: "3" },
        limits: { ratePerSecond: 8, burst: undefined, maxInFlight: 1, maxAttempts: 1 },
      });
      expect(changed).to.deep.include({
        commands: undefined,
        services: { A: "1", C: "3" },
        connection: { host: "127.0.0.1", port: 7001, source_id: 9 },
        secretsSet: ["password"],
        limits: { ratePerSecond: 8, burst: undefined, maxInFlight: undefined, maxAttempts: 3 },
        version: 2n,
      });
      const anew = await operator.updateProvider("made-by-call", {
        mask: ["connection", "limits", "services"],
        connection: { host: "other", port: 1, source_id: 10, window: 3 },
      });
      expect(anew).to.deep.include({
        services: {},
        connection: { host: "other", port: 1, source_id: 10, window: 3 },
        secretsSet: ["password"],
        limits: {
          ratePerSecond: undefined,
          burst: undefined,
          maxInFlight: undefined,
          maxAttempts: undefined,
        },
        version: 3n,
      });
      const same = await operator.updateProvider("made-by-call", {
        mask: ["connection.port"],
        connection: { port: 1 },
      });
      expect(same.version).to.equal(3n);
    });

    it("are not changed to what the file could not say", async () => {
      const { operator } = await worlds.start(FILE);
      await operator.createProvider(NEW);
      const refused = async (update: Parameters<typeof operator.updateProvider>[1]) =>
        (await failureOf(operator.updateProvider("made-by-call", update))).message;
      expect(await refused({ mask: ["connection.password"] })).to.contain(
        "provider.connection.password: is mandatory",
      );
      expect(await refused({ mask: ["connection.port"], connection: { port: "x" } })).to.contain(
        "provider.connection.port: must be a whole number",
      );
      expect(await refused({ mask: [] })).to.contain("update_mask: is mandatory");
      expect(await refused({ mask: ["name", "limits.colour"] }))
        .to.contain("update_mask.paths[0]: must be one of")
        .and.to.contain("update_mask.paths[1]: must be one of");
      expect(await refused({ mask: ["connection.", "connection.port.x", "services."] }))
        .to.contain("update_mask.paths[0]: must be one of")
        .and.to.contain("update_mask.paths[1]: must be one of")
        .and.to.contain("update_mask.paths[2]: must be one of");
      expect(await refused({ mask: ["limits"], version: 0n })).to.contain(
        "provider.version: is mandatory",
      );
      expect((await operator.provider("made-by-call")).version).to.equal(1n);
    });

    it("are not overwritten by who has not seen the last version", async () => {
      const { operator } = await worlds.start(FILE);
      await operator.createProvider(NEW);
      const update = (port: number, version: bigint) =>
        operator.updateProvider("made-by-call", {
          mask: ["connection.port"],
          connection: { port },
          version,
        });
      await update(2, 1n);
      const failure = await failureOf(update(3, 1n));
      expect(failure).to.include({ code: "ABORTED", reason: "VERSION_CHANGED" });
      expect(failure.message).to.equal(
        "provider.version: it was changed since it was read: its version is 2 now",
      );
      const late = operator.setProvider("made-by-call", "NOT_EFFECTIVE", { version: 1n });
      expect((await failureOf(late)).reason).to.equal("VERSION_CHANGED");
      // Two at the same moment: one of them has its way.
      const both = await Promise.allSettled([update(4, 2n), update(5, 2n)]);
      expect(both.map(({ status }) => status).sort()).to.deep.equal(["fulfilled", "rejected"]);
      expect((await operator.provider("made-by-call")).version).to.equal(3n);
    });

    it("of the file are changed there, but for their life cycle state", async () => {
      const { operator } = await worlds.start(FILE);
      const failure = await failureOf(
        operator.updateProvider(OTHER_PROVIDER, { mask: ["commands"] }),
      );
      expect(failure).to.include({ code: "FAILED_PRECONDITION", reason: "DEFINED_IN_FILE" });
      const stopped = await operator.setProvider(OTHER_PROVIDER, "NOT_EFFECTIVE", {
        reason: "the CA system is moved",
      });
      expect(stopped).to.deep.include({
        lifeCycleState: "LIFE_CYCLE_STATE_NOT_EFFECTIVE",
        lifeCycleReason: "the CA system is moved",
        definedInFile: true,
        createdBy: "",
        updatedBy: "local",
        version: 2n,
      });
      expect((await operator.setProvider(OTHER_PROVIDER, "NOT_EFFECTIVE")).version).to.equal(2n);
      expect((await operator.setProvider(OTHER_PROVIDER, "EFFECTIVE")).lifeCycleReason).to.equal(
        "",
      );
    });

    it("that are not there are not found", async () => {
      const { operator } = await worlds.start(FILE);
      const calls = [
        () => operator.getProvider("none"),
        () => operator.updateProvider("none", { mask: ["limits"], version: 1n }),
        () => operator.setProvider("none", "EFFECTIVE"),
        () => operator.testConnection({ name: "none" }),
      ];
      for (const one of calls) {
        expect(await failureOf(one())).to.include({
          code: "NOT_FOUND",
          reason: "PROVIDER_NOT_FOUND",
        });
      }
      expect((await failureOf(operator.getProvider(""))).message).to.contain("name: is mandatory");
      const state = operator.setProvider(OTHER_PROVIDER, "UNSPECIFIED" as never);
      expect((await failureOf(state)).message).to.contain("life_cycle_state: must be one of");
    });

    it("are listed page by page, and by their state", async () => {
      const { operator } = await worlds.start(FILE);
      for (const name of ["a", "b", "c"]) {
        await operator.createProvider({
          ...NEW,
          name,
          lifeCycleState: "LIFE_CYCLE_STATE_NOT_EFFECTIVE" as never,
        });
      }
      const names: string[] = [];
      let token = "";
      do {
        const page = await operator.listProviders(3, token);
        names.push(...page.providers.map(({ name }) => name));
        token = page.nextPageToken;
      } while (token !== "");
      expect(names).to.deep.equal(["a", "b", "c", OTHER_PROVIDER]);
      const effective = await operator.listProviders(0, "", "LIFE_CYCLE_STATE_EFFECTIVE");
      expect(effective.providers.map(({ name }) => name)).to.deep.equal([OTHER_PROVIDER]);
      const first = await operator.listProviders(1);
      expect(
        (
          await failureOf(
            operator.listProviders(1, first.nextPageToken, "LIFE_CYCLE_STATE_EFFECTIVE"),
          )
        ).message,
      ).to.contain("page_token: belongs to a list with other conditions");
    });
  });
}
