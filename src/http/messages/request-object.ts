import { z } from "zod";
import { COMMAND_TYPES, type CommandType } from "../../requests/command.js";
import { LIFE_CYCLE_STATES } from "../../requests/life-cycle.js";
import { WAITING_FOR } from "../../requests/waiting-for.js";
import { parametersSchema } from "./command-parameters.js";
import { queryAnswerSchema } from "./query-answer.js";

const text = (meaning: string) => z.string().describe(meaning);
const count = (meaning: string) => z.int().nonnegative().describe(meaning);
const date = (meaning: string) =>
  z.string().describe(`${meaning} By the clocks of the configured time zone, without offset.`);

const commandTypes = Object.keys(COMMAND_TYPES) as [CommandType, ...CommandType[]];

/** The object that stands for a provisioning request; names and values are those of the protos. */
export const requestSchema = z
  .strictObject({
    id: text("UUID of the request."),
    number: count("Rises with each request; never given twice."),
    type: z.enum(commandTypes).describe("The command."),
    sequence_number: count("Its place among the provider's requests; 0 while it was never sent."),
    scheduled_date: date("When it is, or was, to be processed."),
    executed_date: date("When it was last sent.").optional(),
    process_immediately: z.boolean().describe("Whether it was to be sent during its creation."),
    life_cycle_state: z.enum(LIFE_CYCLE_STATES).describe("Where it stands."),
    request: text("What was sent to the CA system, in readable form, secrets masked.").optional(),
    response: text("What the CA system answered, in readable form.").optional(),
    reference_number: text("The CA system's reference for it.").optional(),
    error_code: text(
      "EXPIRED, ATTEMPTS_EXHAUSTED or OUTCOME_UNKNOWN, or the CA system's own code.",
    ).optional(),
    error_description: text("Why it ended without success.").optional(),
    error_origin: z.enum(["SERVICE", "CA_SYSTEM"]).describe("Who ended it so.").optional(),
    process_name: text(
      "PROCESS_IMMEDIATELY, PROCESS_BY_PULL, or the run definition's name.",
    ).optional(),
    process_id: text("The run that sent it.").optional(),
    provider: text("The CA system that it is for."),
    subscription: z.strictObject({ id: z.string(), number: z.string() }),
    smartcard: z.strictObject({
      id: z.string(),
      serial_number: z.string(),
      alternative_code: z.string().optional(),
      ca_id: text("The number by which the CA system knows the card."),
    }),
    parameters: parametersSchema,
    answer: queryAnswerSchema.optional(),
    priority: z.enum(["REGULAR", "EXPRESS"]),
    attempts: count("Answers that count, the final one included."),
    next_attempt_date: date("When it is tried again.").optional(),
    last_error: text("What went wrong the last time.").optional(),
    expire_date: date("When it is given up.").optional(),
    transaction_number: count("Its number on the wire; 0 while it was never sent."),
    request_id: text("What makes its creation safe to repeat.").optional(),
    caller_reference: text("The caller's own reference.").optional(),
    on_behalf_of: text("The person behind a service account.").optional(),
    reason: text("Why it was made.").optional(),
    retry_of: text("Id of the rejected request that it repeats.").optional(),
    created_date: date("When it was stored."),
    updated_date: date("When it last changed."),
    created_by: text("The user that made it."),
    updated_by: text("The user or process that changed it last."),
    waiting_for: z.enum(WAITING_FOR).describe("Why it waits, while it is PENDING.").optional(),
    waiting_for_id: text("The request that it waits for.").optional(),
  })
  .describe("A provisioning request. What is not known is left out.");

/** As it is made: what is not known is undefined, and JSON leaves it out. */
export type RequestObject = Readonly<z.output<typeof requestSchema>>;
