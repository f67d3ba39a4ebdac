import { z } from "zod";
import { byteOrder, fieldSection } from "./field-section.js";
import { bodySection, frameItem, framingSection } from "./framing-section.js";
import { messageSection } from "./message-section.js";
import { ruleSection } from "./rule-section.js";
import { correlationSection, sessionSection } from "./session-section.js";
import { caIdSection, defaultsSection, settingsSection } from "./settings-section.js";
import { valueSection } from "./value-section.js";
import { identifier, scalar } from "./words.js";

/** What every profile has, whatever carries it. */
export const commonKeys = {
  /** Version of the format. */
  profile: z.literal(1),
  name: z.string().min(1).max(64),
  description: z.string().optional(),
  ca_id: caIdSection,
  settings: settingsSection.default({}),
  defaults: defaultsSection.prefault({}),
  values: z.record(identifier, valueSection).default({}),
  /** The code of a command with a value that the protocol cannot say; it is refused unsent. */
  unwritable_code: scalar.default("UNWRITABLE"),
  rules: z.array(ruleSection).min(1),
};

/** A profile whose messages are bytes on a connection. */
export const streamProfile = z.strictObject({
  ...commonKeys,
  transport: z.literal(["tcp", "tls"]),
  byte_order: byteOrder.default("big"),
  framing: framingSection,
  header: z.array(frameItem).default([]),
  trailer: z.array(frameItem).default([]),
  body: bodySection,
  fields: z.record(identifier, fieldSection),
  messages: z.record(identifier, messageSection),
  correlation: correlationSection,
  session: sessionSection.prefault({}),
  /** The message that says each command. */
  commands: z.record(z.string(), identifier),
});

export type StreamProfile = z.infer<typeof streamProfile>;
