import { EventEmitter } from "node:events";
import { types } from "node:util";
import type { Server } from "@grpc/grpc-js";
import { ForgetfulMap } from "../memory/forgetful-map.js";

/** Where grpc-js has the HTTP/2 servers of the addresses it listens on: the keys of a Map. */
interface Listening {
  http2Servers?: unknown;
}

/**
 * Lets the streams of a server that listens be collected as soon as they are over.
 *
 * Node keeps the streams of a session in a Map, by id, whose old tables hold what is over (see
 * ForgetfulMap): the stream, its call, and all that the call brought along grew old. Neither Node
 * nor grpc-js has a hook for this, so the Map is replaced before the first stream; where it is not
 * what it was, all stays as it is. Figures, with those of the other causes, in docs/performance.md.
 */
export function releaseStreams(server: Server): void {
  const { http2Servers } = server as unknown as Listening;
  if (!types.isMap(http2Servers)) return;
  for (const listening of http2Servers.keys()) {
    if (listening instanceof EventEmitter) listening.on("session", release);
  }
}

/** What Node keeps of a session. */
interface SessionState {
  streams?: unknown;
}

function release(session: object): void {
  const key = Object.getOwnPropertySymbols(session).find((own) => own.description === "state");
  const state = key && (session as Record<symbol, SessionState | undefined>)[key];
  if (state === undefined || !types.isMap(state.streams) || state.streams.size > 0) return;
  state.streams = new ForgetfulMap();
}
