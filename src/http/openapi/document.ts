import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Endpoint } from "../endpoint.js";
import { answersOf, errorAnswers } from "./answers.js";
import { withoutNull } from "./without-null.js";

/** What the document is made of. */
export interface DocumentOptions {
  readonly endpoints: readonly Endpoint[];
  readonly prefix: string;
  readonly timeZone: string;
}

/** A document of OpenAPI 3.1, as JSON. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: object;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly [member: string]: unknown;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly [member: string]: unknown;
}

/** JSON Schema as zod writes it. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

const { version } = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
) as { version: string };

/** Describes the endpoints, from the very schemas that their parameters are read with. */
export function openApiDocument({ endpoints, prefix, timeZone }: DocumentOptions): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "ca-provisioning",
      version,
      description: `Provisioning of pay-TV smartcards. Dates without an offset are by the clocks of ${timeZone}; an hour that the clocks skip is refused, of one that they show twice the earlier is meant.`,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: prefix === "" ? "/" : prefix }],
    paths,
    components: {
      responses: errorAnswers(),
      securitySchemes: {
        header: { type: "http", scheme: "bearer" },
        query: { type: "apiKey", in: "query", name: "token" },
      },
    },
  };
}

function operation(endpoint: Endpoint): Operation {
  const { method, path, summary, description, authenticated } = endpoint;
  const schema = jsonSchema(endpoint.parameters);
  return {
    operationId: path.slice(1).replaceAll("/", "_"),
    summary,
    description,
    // The body may hold the token, which no scheme of OpenAPI can say: then none is needed.
    security: authenticated
      ? [{ header: [] }, { query: [] }, ...(method === "POST" ? [{}] : [])]
      : [],
    ...(method === "POST"
      ? { requestBody: body(authenticated ? withToken(schema) : schema) }
      : { parameters: queryParameters(schema) }),
    responses: answersOf(endpoint, jsonSchema(endpoint.data)),
  };
}

function body(schema: JsonSchema) {
  return {
    required: (schema.required ?? []).length > 0,
    content: {
      "application/json": { schema },
      "application/x-www-form-urlencoded": {
        schema: withoutNull(schema),
        // Members as in smartcard_identifier[id].
        encoding: Object.fromEntries(
          Object.entries(withoutNull(schema).properties ?? {})
            .filter(([, property]) => (property as JsonSchema).type === "object")
            .map(([name]) => [name, { style: "deepObject", explode: true }]),
        ),
      },
    },
  };
}

function queryParameters(schema: JsonSchema) {
  return Object.entries(withoutNull(schema).properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = property as JsonSchema;
    return {
      name,
      in: "query",
      description,
      required: schema.required?.includes(name) ?? false,
      schema: rest,
      ...(rest.type === "object" ? { style: "deepObject" } : { style: "form", explode: false }),
    };
  });
}

function withToken(schema: JsonSchema): JsonSchema {
  const token = {
    type: "string" as const,
    description: "The token, unless it is in the header or in the query.",
  };
  return { ...schema, properties: { token, ...schema.properties } };
}

function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}
