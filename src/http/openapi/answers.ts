import { REASONS, type Reason, type StatusName } from "../../requests/reasons.js";
import type { Endpoint } from "../endpoint.js";
import { HTTP_STATUS } from "../http-status.js";
import { PROTOCOL_FAULTS } from "../protocol-fault.js";
import type { JsonSchema } from "./document.js";

const text = { type: "string" } as const;

function envelope(status: JsonSchema, data: JsonSchema): JsonSchema {
  return {
    type: "object",
    required: ["status", "data"],
    additionalProperties: false,
    properties: { status, data },
  };
}

function statusSchema(codes: readonly string[]): JsonSchema {
  return {
    type: "object",
    required: ["code", "description", "message"],
    additionalProperties: false,
    properties: {
      code: { type: "string", enum: [...codes] },
      description: { ...text, description: "What the code means." },
      message: { ...text, description: "What is wrong with this call, by parameter." },
    },
  };
}

const FAULTS: JsonSchema = {
  type: "object",
  required: ["faults"],
  additionalProperties: false,
  properties: {
    faults: {
      type: "array",
      description: "What is wrong, one by one, the first twenty.",
      items: {
        type: "object",
        required: ["reason", "description"],
        additionalProperties: false,
        properties: { reason: text, field: text, description: text },
      },
    },
  },
};

/** Every code that a call can be answered with, by HTTP status. */
export const ERROR_CODES: ReadonlyMap<number, readonly string[]> = errorCodes();

function errorCodes(): ReadonlyMap<number, readonly string[]> {
  const codes = new Map<number, string[]>();
  const add = (http: number, code: string) => codes.set(http, [...(codes.get(http) ?? []), code]);
  for (const [reason, { status }] of Object.entries(REASONS) as [
    Reason,
    { status: StatusName },
  ][]) {
    // Nobody is there to read it.
    if (status !== "CANCELLED") add(HTTP_STATUS[status], reason);
  }
  for (const [fault, { http }] of Object.entries(PROTOCOL_FAULTS)) add(http, fault);
  return new Map([...codes].sort(([a], [b]) => a - b));
}

/** The answers of an endpoint, by HTTP status, each in the envelope. */
export function answersOf({ data }: Endpoint, schema: JsonSchema): Record<string, object> {
  const errors = [...ERROR_CODES.keys()].map((http) => [
    http,
    { $ref: `#/components/responses/${nameOf(http)}` },
  ]);
  const ok = answer(data.description ?? "", envelope(statusSchema(["OK"]), schema));
  return { 200: ok, ...Object.fromEntries(errors) };
}

/** The answers that are not of one endpoint, for the document's components. */
export function errorAnswers(): Record<string, ErrorAnswer> {
  return Object.fromEntries(
    [...ERROR_CODES].map(([http, codes]) => [
      nameOf(http),
      answer(codes.join(", "), envelope(statusSchema(codes), FAULTS)),
    ]),
  );
}

export interface ErrorAnswer {
  readonly description: string;
  readonly content: object;
}

function nameOf(http: number): string {
  return `Error${http}`;
}

function answer(description: string, schema: JsonSchema): ErrorAnswer {
  return { description, content: { "application/json": { schema } } };
}
