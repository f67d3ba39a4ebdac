import type { FastifyInstance, FastifyReply } from "fastify";

/**
 * Adds what orchestrators ask: `/livez` says that the process turns over, `/readyz` that calls can
 * be sent to it. Plain texts, below no prefix.
 */
export function addHealth(server: FastifyInstance, ready: () => Promise<boolean>): void {
  server.get("/livez", (_request, reply) => {
    answer(reply, 200, "ok");
  });
  server.get("/readyz", (_request, reply) => {
    void ready().then(
      (yes) => answer(reply, yes ? 200 : 503, yes ? "ok" : "not ready"),
      () => answer(reply, 503, "not ready"),
    );
  });
}

function answer(reply: FastifyReply, status: number, text: string): void {
  reply.code(status).header("content-type", "text/plain; charset=utf-8");
  reply.header("cache-control", "no-store");
  reply.send(`${text}\n`);
}
