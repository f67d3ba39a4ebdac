import { z } from "zod";
import { CHARACTER_SETS } from "../fields/text.js";

const size = z.int().min(0).max(65_536);
const count = z.int().min(0).max(0xffff_ffff);

/** What a text may be; what it counts in is bytes of UTF-8, or characters. */
const text = z.strictObject({
  chars: z.enum(CHARACTER_SETS).default("any"),
  min: size.default(0),
  max: size.default(65_536),
  unit: z.enum(["bytes", "characters"]).default("bytes"),
});

const number = z.strictObject({
  min: count.default(0),
  max: count.default(0xffff_ffff),
  /** Only whole multiples of it. */
  step: z.int().min(1).default(1),
});

const digits = z.int().min(1).max(16);

/** What a CA system takes, where the fields of the profile do not say it. */
export const limitsSection = z.strictObject({
  text: text.optional(),
  subscription_number: text.optional(),
  set_top_box_ca_id: text.optional(),
  /** Each of the services. */
  service_ca_id: text.optional(),
  /** How many services one command may name. */
  services: z.int().min(1).max(100_000).optional(),
  duration: number.optional(),
  repeat_interval: number.optional(),
  /** Digits of a PIN. */
  pin: z.strictObject({ min: digits, max: digits }).default({ min: 4, max: 4 }),
});

export type LimitsSection = z.infer<typeof limitsSection>;
export type TextLimit = z.infer<typeof text>;
export type NumberLimit = z.infer<typeof number>;
