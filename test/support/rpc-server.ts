import { Metadata, type ServiceDefinition } from "@grpc/grpc-js";
import pino from "pino";
import { ServiceError } from "../../src/requests/service-error.js";
import { byToken } from "../../src/rpc/authenticate.js";
import { RpcServer, type RpcServerOptions } from "../../src/rpc/server.js";
import type { Handlers } from "../../src/rpc/service-handlers.js";

/** A token that servers of this file take; its owner is `tester`. */
export const TEST_TOKEN = "test-token";

/** A line of the log, as an object. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A server on a free port, with the log it writes. */
export interface RpcTestServer {
  readonly address: string;
  readonly server: RpcServer;
  readonly log: readonly LogLine[];
}

/** Puts services into a server, some of whose methods may have no handler. */
export type AddServices = (
  add: <S extends ServiceDefinition>(service: S, handlers: Partial<Handlers<S>>) => void,
) => void;

/** Starts a server with fake handlers; to be stopped by the caller. */
export async function startRpcServer(
  addServices: AddServices,
  options: Partial<RpcServerOptions> = {},
  listenOn = "127.0.0.1:0",
): Promise<RpcTestServer> {
  const log: LogLine[] = [];
  const server = new RpcServer({
    authenticate: byToken({
      authenticate(token) {
        if (token !== TEST_TOKEN) throw ServiceError.of("TOKEN_INVALID");
        return { name: "tester" };
      },
    }),
    logger: pino({ level: "trace" }, { write: (line: string) => log.push(JSON.parse(line)) }),
    ...options,
  });
  addServices((service, handlers) => server.add(service, handlers as Handlers<typeof service>));
  const { address } = await server.listen(listenOn);
  return { address, server, log };
}

/** The metadata of a caller with a token. */
export function withToken(token = TEST_TOKEN): Metadata {
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  return metadata;
}
