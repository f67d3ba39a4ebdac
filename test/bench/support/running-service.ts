import { credentials, Metadata } from "@grpc/grpc-js";
import { AuthServiceClient } from "../../../src/gen/provisioning/v1/auth_service.js";
import { call } from "../../support/rpc-client.js";
import { ADMIN_PASSWORD, type ProviderSetup, type Target } from "../children/configuration.js";
import type { ServiceApi } from "../children/service.js";
import type { StockApi } from "../children/stock.js";
import type { Bench } from "./bench.js";
import type { Child } from "./child.js";

/** The real service in a process of its own. */
export interface RunningService {
  readonly child: Child<ServiceApi>;
  readonly address: string;
  readonly token: string;
  /** One number from its database, when the service has stopped. */
  countAfterwards(sql: string): Promise<number>;
}

/** Runs `work` with a service on this database. */
export async function withService<T>(
  bench: Bench,
  target: Target,
  providers: readonly ProviderSetup[],
  work: (service: RunningService) => Promise<T>,
): Promise<T> {
  const setup = bench.databases.setup(target, providers);
  return bench.withChild<ServiceApi, T>("service", async (child) => {
    const address = await child.ask("start", setup);
    const token = await logIn(address);
    const countAfterwards = async (sql: string) => {
      await child.ask("stop");
      return bench.withChild<StockApi, number>("stock", async (stock) => {
        const [row] = await stock.ask("query", setup, sql);
        return Number(Object.values(row ?? {})[0]);
      });
    };
    return work({ child, address, token, countAfterwards });
  });
}

async function logIn(address: string): Promise<string> {
  const client = new AuthServiceClient(address, credentials.createInsecure());
  const request = { username: "admin", password: ADMIN_PASSWORD };
  try {
    const metadata = new Metadata();
    return (await call(client, client.login, request, { metadata })).token;
  } finally {
    client.close();
  }
}
