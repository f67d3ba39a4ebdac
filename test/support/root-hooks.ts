import { stopPostgresServer } from "./postgres-server.js";

/** How long the process may take to end by itself after the last test. */
const PATIENCE_MS = 30_000;

/** Loaded by mocha once for the whole run. */
export const mochaHooks = {
  async afterAll(): Promise<void> {
    await stopPostgresServer();
    // Something that nobody closed would hold the run for ever: it fails instead, and says what.
    const end = setTimeout(() => {
      const held = [...new Set(process.getActiveResourcesInfo())].join(", ");
      process.stderr.write(`left open after the last test: ${held}\n`);
      // After mocha's own listener, which sets the code to the number of failures.
      process.once("exit", () => {
        process.exitCode = 1;
      });
      process.exit();
    }, PATIENCE_MS);
    end.unref();
  },
};
