import { z } from "zod";
import { limitsSection } from "./limits-section.js";
import { ruleSection } from "./rule-section.js";
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
  limits: limitsSection.prefault({}),
  values: z.record(identifier, valueSection).default({}),
  /** The code of a command with a value that the protocol cannot say; it is refused unsent. */
  unwritable_code: scalar.default("UNWRITABLE"),
  rules: z.array(ruleSection).min(1),
};
