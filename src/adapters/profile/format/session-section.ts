import { z } from "zod";
import { loginRuleSection } from "./rule-section.js";
import { identifier, scalar } from "./words.js";

const time = z.int().min(10).max(600_000);

/** How a session on a connection begins, is kept alive and ends. */
export const sessionSection = z.strictObject({
  /** Left out: the session stands as soon as the connection does. */
  login: z.strictObject({ send: identifier, answers: z.array(loginRuleSection).min(1) }).optional(),
  keep_alive: z
    .strictObject({
      send: identifier,
      answer: identifier,
      after_ms: time.default(30_000),
      /** Most that a provider's `keep_alive_ms` may be. */
      max_after_ms: time.default(600_000),
    })
    .optional(),
  close: z.strictObject({ send: identifier }).optional(),
  /** How long a message may take from its first byte to its last. */
  message_timeout_ms: time.default(10_000),
  /** Least time between two commands. */
  min_gap_ms: z.int().min(0).max(60_000).default(0),
});

/** How an answer finds its command. */
export const correlationSection = z
  .strictObject({
    /** The field of every message that has it. */
    field: identifier,
    /** `transaction`: the request's own number; `counter`: one that the engine counts on each connection. */
    number: z.enum(["transaction", "counter"]),
    from: z.int().min(0).max(0xffff_ffff).default(1),
    to: z.int().min(1).max(0xffff_ffff).default(0xffff_ffff),
    value: scalar.default("{number}"),
  })
  .refine(({ from, to }) => from < to, { path: ["to"], error: "must be more than from" });

export type SessionSection = z.infer<typeof sessionSection>;
export type CorrelationSection = z.infer<typeof correlationSection>;
