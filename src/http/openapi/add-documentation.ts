import type { FastifyInstance } from "fastify";
import { JSON_TYPE } from "../envelope.js";
import { type DocumentOptions, openApiDocument } from "./document.js";
import { documentationPage } from "./page.js";

/** Adds `/openapi.json`, and `/docs`, which shows the same to people; both need no token. */
export function addDocumentation(server: FastifyInstance, options: DocumentOptions): void {
  const document = openApiDocument(options);
  const json = JSON.stringify(document);
  const page = documentationPage(document, options.prefix);
  server.get(`${options.prefix}/openapi.json`, (_request, reply) => {
    reply.header("content-type", JSON_TYPE).send(json);
  });
  server.get(`${options.prefix}/docs`, (_request, reply) => {
    reply.header("content-type", "text/html; charset=utf-8");
    // The page is its own style and nothing else.
    reply.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
    reply.send(page);
  });
}
