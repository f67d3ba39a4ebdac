import { stopPostgresServer } from "./postgres-server.js";

/** Loaded by mocha once for the whole run. */
export const mochaHooks = {
  async afterAll(): Promise<void> {
    await stopPostgresServer();
  },
};
