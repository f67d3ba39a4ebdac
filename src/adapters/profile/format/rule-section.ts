import { z } from "zod";
import { identifier, scalar, wanted } from "./words.js";

/** A condition on one field: what its value must be, or what each of its values must be. */
const condition = z.union([wanted, z.strictObject({ every: wanted })], {
  error: "must be a text, a whole number, a list of them, or { every: ... }",
});

/** All of these must hold; `message` is the answer's name, `status` that of HTTP. */
const when = z.record(z.string(), condition);
export const whenSection = when;

const text = scalar.optional();

/** What an answer makes of its command; the first rule that fits counts. */
export const ruleSection = z.discriminatedUnion("outcome", [
  z.strictObject({
    when,
    outcome: z.literal("accepted"),
    reference: scalar.default(""),
    /** The field with the CA ids of the card's services; counts for GET_ACTIVE_SERVICES only. */
    services: identifier.optional(),
    /** The field with the CA ids of the card's set-top boxes; for GET_PAIRING_STATUS only. */
    set_top_boxes: identifier.optional(),
  }),
  z.strictObject({ when, outcome: z.literal("rejected"), code: scalar, text }),
  z.strictObject({ when, outcome: z.literal("failed"), code: scalar, text }),
  z.strictObject({
    when,
    outcome: z.literal("busy"),
    retry_after: scalar,
    unit: z.enum(["ms", "s"]).default("ms"),
    min_ms: z.int().min(1).max(600_000).default(10),
    max_ms: z.int().min(1).max(3_600_000).default(600_000),
  }),
  z.strictObject({ when, outcome: z.literal("transaction_used"), text }),
  z.strictObject({ when, outcome: z.literal("unknown"), text }),
  z.strictObject({
    when,
    outcome: z.literal("unavailable"),
    text,
    /** The CA system has no session (any more): ours is over too. */
    ends_session: z.boolean().default(false),
  }),
]);

/** What the answer to the login means. */
export const loginRuleSection = z.discriminatedUnion("outcome", [
  z.strictObject({
    when,
    outcome: z.literal("open"),
    /** The field with the highest command number that the CA system remembers. */
    last_transaction: identifier.optional(),
    /** Fields to be used in later messages, as `{session.NAME}`. */
    remember: z.array(identifier).default([]),
  }),
  z.strictObject({ when, outcome: z.literal("refused"), text: scalar }),
]);

export type RuleSection = z.infer<typeof ruleSection>;
export type LoginRuleSection = z.infer<typeof loginRuleSection>;
export type When = z.infer<typeof when>;
