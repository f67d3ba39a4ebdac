import { z } from "zod";
import { CHARACTER_SETS } from "../fields/text.js";
import { identifier } from "./words.js";

const bytes = z.int().min(0).max(65_536);

/** A key of a provider's `connection` that the profile adds. */
export const settingSection = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("number"),
    min: z.int().default(0),
    max: z.int(),
    default: z.int().optional(),
    optional: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal("text"),
    min: bytes.default(1),
    max: bytes,
    chars: z.enum(CHARACTER_SETS).default("any"),
    /** The only texts that it may be. */
    one_of: z.array(z.string()).min(1).optional(),
    secret: z.boolean().default(false),
    default: z.string().optional(),
    /** It may be left out; commands whose requests need it are then not offered. */
    optional: z.boolean().default(false),
  }),
]);

/** Defaults of the keys that every profile has. */
export const defaultsSection = z.strictObject({
  connections: z.int().min(1).max(64).default(1),
  window: z.int().min(1).max(10_000).default(10),
  response_timeout_ms: z.int().min(10).max(600_000).default(10_000),
  connect_timeout_ms: z.int().min(10).max(600_000).default(5_000),
});

export const settingsSection = z.record(identifier, settingSection);

/** What a card's CA id looks like. */
export const caIdSection = z.strictObject({
  chars: z.enum(["visible", "digits"]),
  min: z.int().min(1).max(64),
  max: z.int().min(1).max(64),
});

export type SettingSection = z.infer<typeof settingSection>;
export type CaIdSection = z.infer<typeof caIdSection>;
