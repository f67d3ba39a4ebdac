import { Command } from "commander";
import { systemClock } from "../requests/clock.js";
import { startService } from "../service.js";
import { createLogger } from "../telemetry/logger.js";
import { type CliContext, configurationOf, notice } from "./cli-context.js";
import { ProcessEnd } from "./process-end.js";

/** The `serve` command: the service, until it is told to stop by SIGTERM or SIGINT. */
export function serveCommand(context: CliContext): Command {
  return new Command("serve").description("run the service").action(async () => {
    const configuration = configurationOf(context);
    const logger = createLogger({ level: configuration.settings.logLevel });
    const end = new ProcessEnd(configuration.settings.stopTimeoutMs, logger);
    try {
      const service = await startService({
        configuration,
        logger,
        clock: systemClock,
        random: Math.random,
        announceFirstUser: (user, password) =>
          notice(context, `first user: ${user}, password: ${password} (shown only now)`),
        onBegin: () => end.begun(),
      });
      const { grpc, http } = service;
      const event = { event: "listening", pid: process.pid, grpc, http };
      context.stdout.write(`${JSON.stringify(event)}\n`);
      await end.wanted;
      await service.stop(end.now, (step) => end.waitsFor(step));
      logger.info("stopped");
    } finally {
      end.over();
    }
  });
}
