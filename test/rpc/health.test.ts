import { once } from "node:events";
import { credentials, Metadata } from "@grpc/grpc-js";
import { expect } from "chai";
import {
  type HealthCheckResponse,
  HealthClient,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from "../../src/gen/grpc/health/v1/health.js";
import { type InventoryTestServer, startInventory } from "../support/inventory-server.js";
import { call, failureOf } from "../support/rpc-client.js";

const NAME = "provisioning.v1.InventoryService";

describe("health", () => {
  let server: InventoryTestServer;
  let health: HealthClient;

  beforeEach(async () => {
    server = await startInventory({});
    health = new HealthClient(server.address, credentials.createInsecure());
  });
  afterEach(async () => {
    health.close();
    await server.stop();
  });

  const check = async (service: string) =>
    (await call(health, health.check, { service }, { metadata: new Metadata() })).status;

  for (const service of ["", NAME]) {
    it(`of "${service}" is told to anyone`, async () => {
      expect(await check(service)).to.equal(ServingStatus.SERVING);
      server.server.setServing(false);
      expect(await check(service)).to.equal(ServingStatus.NOT_SERVING);
      server.server.setServing(true);
      expect(await check(service)).to.equal(ServingStatus.SERVING);
    });
  }

  it("of an unknown service is NOT_FOUND", async () => {
    const failure = await failureOf(check("x.Y"));
    expect(failure.code).to.equal("NOT_FOUND");
  });

  it("of an unknown service with a name of 100 KB is NOT_FOUND, in few words", async () => {
    const failure = await failureOf(check("x".repeat(100_000)));
    expect(failure.code).to.equal("NOT_FOUND");
    expect(failure.trailerBytes).to.be.below(8192);
  });

  it("can be watched, to the end of the server", async () => {
    const watch = health.watch({ service: NAME });
    const seen: string[] = [];
    watch.on("data", ({ status }: HealthCheckResponse) => seen.push(status));
    const failed = once(watch, "error");
    await once(watch, "data");
    await server.server.stop(1000);
    const [error] = await failed;
    expect(error.details).to.equal("the server is stopping");
    expect(seen).to.deep.equal([ServingStatus.SERVING, ServingStatus.NOT_SERVING]);
  });

  it("of an unknown service can be watched too", async () => {
    const watch = health.watch({ service: "x.Y" });
    watch.on("error", () => {});
    const [response] = await once(watch, "data");
    expect(response.status).to.equal(ServingStatus.SERVICE_UNKNOWN);
    watch.cancel();
  });
});
