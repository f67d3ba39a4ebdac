import { Command } from "commander";
import { systemClock } from "../requests/clock.js";
import { startService } from "../service.js";
import { createLogger } from "../telemetry/logger.js";
import { type CliContext, configurationOf, notice } from "./cli-context.js";
import { EXIT_CODES } from "./exit-codes.js";

/** The `serve` command: the service, until it is told to stop by SIGTERM or SIGINT. */
export function serveCommand(context: CliContext): Command {
  return new Command("serve").description("run the service").action(async () => {
    const configuration = configurationOf(context);
    const logger = createLogger({ level: configuration.settings.logLevel });
    const now = new AbortController();
    let told: () => void = () => undefined;
    const stopWanted = new Promise<void>((resolve) => {
      told = resolve;
    });
    let signals = 0;
    const onSignal = () => {
      signals += 1;
      // The second one does not wait for anything.
      if (signals > 1) now.abort();
      told();
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
    try {
      const service = await startService({
        configuration,
        logger,
        clock: systemClock,
        random: Math.random,
        announceFirstUser: (user, password) =>
          notice(context, `first user: ${user}, password: ${password} (shown only now)`),
      });
      const { grpc, http } = service;
      const event = { event: "listening", pid: process.pid, grpc, http };
      context.stdout.write(`${JSON.stringify(event)}\n`);
      await stopWanted;
      logger.info("stopping");
      await service.stop(now.signal);
      logger.info("stopped");
      // Connections whose clients do not let go would keep the process for the stop's whole time.
      if (now.signal.aborted) process.exit(EXIT_CODES.done);
    } finally {
      process.off("SIGTERM", onSignal);
      process.off("SIGINT", onSignal);
    }
  });
}
