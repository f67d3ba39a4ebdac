import type { AddressInfo } from "node:net";
import fastify from "fastify";
import { answerParent } from "./answer-parent.js";

let calls = 0;

/** A bare fastify route: takes JSON, answers JSON, and nothing else. */
const api = {
  /** Answers calls to `path` with so many bytes; the port. */
  async start(path: string, responseBytes: number): Promise<number> {
    // A text of JSON that is as long as the service's answer.
    const response = JSON.stringify("x".repeat(responseBytes - 2));
    const server = fastify({ logger: false });
    server.post(path, (_request, reply) => {
      calls += 1;
      reply.header("content-type", "application/json; charset=utf-8").send(response);
    });
    await server.listen({ host: "127.0.0.1", port: 0 });
    return (server.server.address() as AddressInfo).port;
  },

  calls: async (): Promise<number> => calls,
};

export type WebEchoApi = typeof api;

answerParent(api);
