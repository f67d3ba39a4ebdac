import { format } from "node:util";
import { logVerbosity, setLogger, setLogVerbosity } from "@grpc/grpc-js";
import type { Logger } from "pino";

/** grpc-js quotes metadata that it cannot read, and the value may be a token. */
const QUOTED_METADATA = /(metadata entry [^:\s]+:).*/s;

/** Sends what grpc-js itself has to say, of the whole process, to the log. */
export function routeGrpcLog(logger: Logger): void {
  const line = (args: readonly unknown[]) =>
    format(...args).replace(QUOTED_METADATA, "$1 [hidden]");
  setLogger({
    error: (...args: unknown[]) => logger.warn({ text: line(args) }, "grpc-js"),
    info: (...args: unknown[]) => logger.info({ text: line(args) }, "grpc-js"),
    debug: (...args: unknown[]) => logger.debug({ text: line(args) }, "grpc-js"),
  });
  setLogVerbosity(logVerbosity.ERROR);
}
