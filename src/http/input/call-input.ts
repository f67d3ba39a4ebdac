import type { FastifyRequest } from "fastify";
import { type Violations, validate } from "../../calls/fields/violations.js";
import { ServiceError } from "../../requests/service-error.js";
import { findToken } from "../credentials.js";
import type { Endpoint } from "../endpoint.js";
import { readForm } from "./form-reader.js";
import { readJson } from "./json-reader.js";
import { addFaults } from "./parameter-faults.js";
import { emptyTree, type Tree } from "./tree.js";
import { typedTexts } from "./typed-texts.js";

/** A call's parameters: those of a query and of a form are texts, whatever they are to be. */
interface Given {
  readonly tree: Tree;
  readonly texts: boolean;
}

/** What came with a call, read as far as it can be without knowing who calls. */
export interface CallInput {
  readonly token: string | undefined;
  /** The parameters as the endpoint's schema has them; fails with all that is wrong with them. */
  parameters(): unknown;
}

/**
 * Reads what came with a call. The token may stand in the body, so that is read first; what is
 * wrong with the rest is told only once it is known who calls, but for a body that cannot be read
 * and may have held the token.
 */
export function readInput(endpoint: Endpoint, request: FastifyRequest): CallInput {
  const { headers } = request;
  const query = attempt(() => readForm(queryOf(request.raw.url ?? "")));
  const body: Attempt<Given> =
    endpoint.method === "POST" ? attempt(() => readBody(request)) : { value: emptyForm() };
  const parameters = () => parse(endpoint, opened(query), opened(body));
  if (!endpoint.authenticated) return { token: undefined, parameters };
  const token = findToken(headers, taken(query.value), taken(body.value?.tree));
  if (token === undefined) {
    opened(query);
    opened(body);
  }
  return { token, parameters };
}

function readBody(request: FastifyRequest): Given {
  const bytes = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return emptyForm();
  const form = /^application\/x-www-form-urlencoded/i.test(request.headers["content-type"] ?? "");
  return form
    ? { tree: readForm(bytes.toString("latin1")), texts: true }
    : { tree: readJson(bytes), texts: false };
}

/** The query of a GET holds the parameters; that of a POST nothing but the token. */
function parse({ method, parameters }: Endpoint, query: Tree, { tree, texts }: Given): unknown {
  return validate((violations) => {
    if (method === "GET") return checked(violations, parameters, typedTexts(parameters, query));
    for (const name of Object.keys(query)) {
      violations.add(name, "must stand in the body: only token may stand in the query");
    }
    return checked(violations, parameters, texts ? typedTexts(parameters, tree) : tree);
  });
}

function checked(
  violations: Violations,
  schema: Endpoint["parameters"],
  parameters: unknown,
): unknown {
  const found = schema.safeParse(parameters);
  if (found.success) return found.data;
  addFaults(violations, found.error.issues);
  return undefined;
}

/** Takes the token out of the parameters, which then are those of the call itself. */
function taken(tree: Tree | undefined): unknown {
  const token = tree?.token;
  if (tree !== undefined) delete tree.token;
  return token;
}

function queryOf(url: string): string {
  const mark = url.indexOf("?");
  return mark === -1 ? "" : url.slice(mark + 1);
}

function emptyForm(): Given {
  return { tree: emptyTree(), texts: true };
}

interface Attempt<T> {
  readonly value?: T;
  readonly error?: ServiceError;
}

function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof ServiceError) return { error };
    throw error;
  }
}

function opened<T>({ value, error }: Attempt<T>): T {
  if (error !== undefined) throw error;
  return value as T;
}
