import { z } from "zod";
import { commonKeys } from "./common-keys.js";
import { byteOrder, fieldSection } from "./field-section.js";
import { bodySection, frameItem, framingSection } from "./framing-section.js";
import { type HttpProfile, httpProfile } from "./http-section.js";
import { messageSection } from "./message-section.js";
import { correlationSection, sessionSection } from "./session-section.js";
import { identifier } from "./words.js";

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

/** Any profile. */
export const anyProfile = z.discriminatedUnion("transport", [streamProfile, httpProfile], {
  error: "must be tcp, tls, http or https",
});

export type AnyProfile = StreamProfile | HttpProfile;
