import { requiredText } from "../../calls/fields/text.js";
import type {
  DisplayFingerprintRequest,
  SendMailRequest,
  SendOnScreenMessageRequest,
} from "../../gen/provisioning/v1/display_commands.js";
import { type ReadCommand, readCreate } from "./create.js";
import { optionalDuration, requiredDuration } from "./duration.js";

/** Longer than any CA system takes; each provider has its own, lower limit. */
const MAX_TEXT = 2000;

export const readSendMail: ReadCommand<SendMailRequest> = (violations, message, createdBy, now) => {
  const text = requiredText(violations, "text", message.text, MAX_TEXT);
  const command = { type: "SEND_MAIL", text } as const;
  return { create: readCreate(violations, message, command, createdBy, now), pin: undefined };
};

export const readSendOnScreenMessage: ReadCommand<SendOnScreenMessageRequest> = (
  violations,
  message,
  createdBy,
  now,
) => {
  const text = requiredText(violations, "text", message.text, MAX_TEXT);
  const durationSeconds = requiredDuration(violations, "duration", message.duration);
  const interval = optionalDuration(violations, "repeat_interval", message.repeatInterval);
  if (interval !== undefined && interval < Math.max(durationSeconds, 1)) {
    violations.add("repeat_interval", "must be at least the duration, and 1 s");
  }
  const repeat = interval === undefined ? {} : { repeatIntervalSeconds: interval };
  const command = { type: "SEND_ON_SCREEN_MESSAGE", text, durationSeconds, ...repeat } as const;
  return { create: readCreate(violations, message, command, createdBy, now), pin: undefined };
};

export const readDisplayFingerprint: ReadCommand<DisplayFingerprintRequest> = (
  violations,
  message,
  createdBy,
  now,
) => {
  const durationSeconds = requiredDuration(violations, "duration", message.duration);
  const command = { type: "DISPLAY_FINGERPRINT", durationSeconds } as const;
  return { create: readCreate(violations, message, command, createdBy, now), pin: undefined };
};
