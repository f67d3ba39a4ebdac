import { z } from "zod";
import { commonKeys } from "./common-keys.js";
import { loginRuleSection, whenSection } from "./rule-section.js";
import { identifier, scalar } from "./words.js";

const time = z.int().min(10).max(600_000);
const texts = z.record(z.string(), scalar);

/** A value of JSON, whose texts are templates. */
const json: z.ZodType<JsonTemplate> = z.lazy(() =>
  z.union(
    [z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)],
    {
      error: "must be JSON",
    },
  ),
);

/** JSON whose texts are templates; a member or element that is `{name?}` alone may be left out. */
export type JsonTemplate =
  | string
  | number
  | boolean
  | null
  | readonly JsonTemplate[]
  | { readonly [key: string]: JsonTemplate };

const body = z.union(
  [
    z.strictObject({ json }),
    z.strictObject({ form: texts }),
    z.strictObject({ xml: z.string(), type: z.string().default("text/xml; charset=utf-8") }),
    z.strictObject({ text: z.string(), type: z.string().default("text/plain; charset=utf-8") }),
  ],
  { error: "must be { json }, { form }, { xml } or { text }" },
);

const request = z.strictObject({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).default("POST"),
  path: z.string().regex(/^\/[!-~]*$/, { error: "must begin with / and have no spaces" }),
  query: texts.default({}),
  headers: texts.default({}),
  body: body.optional(),
});

/** A field of the answer: what its body has at a path, or a header. */
const answerField = z.strictObject({
  path: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  header: z.string().optional(),
  /** The whole body. */
  whole: z.literal(true).optional(),
  /** `delay`: seconds, or a date of HTTP, which the answer's own date makes seconds of. */
  kind: z.enum(["text", "number", "delay"]).default("text"),
  /** All values at the path, that many at most. */
  repeated: z.int().min(1).max(10_000).optional(),
  /** The field with how many there must be; else there is none. */
  count: identifier.optional(),
  secret: z.boolean().default(false),
});

/** How answers are read. */
const answer = z.strictObject({
  body: z.enum(["json", "xml", "text"]).default("json"),
  /** Most bytes of a body. */
  max: z.int().min(1).max(1_048_576).default(65_536),
  fields: z.record(identifier, answerField).default({}),
});

/** What tells that the CA system is there, and when a session with it stands. */
const session = z.strictObject({
  login: z.strictObject({ send: identifier, answers: z.array(loginRuleSection).min(1) }).optional(),
  keep_alive: z
    .strictObject({
      send: identifier,
      alive: whenSection,
      after_ms: time.default(30_000),
      max_after_ms: time.default(600_000),
    })
    .optional(),
  min_gap_ms: z.int().min(0).max(60_000).default(0),
});

/** A profile whose commands are HTTP requests. */
export const httpProfile = z.strictObject({
  ...commonKeys,
  transport: z.literal(["http", "https"]),
  /** Headers of every request. */
  headers: texts.default({}),
  requests: z.record(identifier, request),
  answer: answer.prefault({}),
  session: session.prefault({}),
  /** The request that says each command. */
  commands: z.record(z.string(), identifier),
});

export type HttpProfile = z.infer<typeof httpProfile>;
export type RequestSection = z.infer<typeof request>;
export type BodyTemplate = z.infer<typeof body>;
export type AnswerSection = z.infer<typeof answer>;
export type AnswerFieldSection = z.infer<typeof answerField>;
