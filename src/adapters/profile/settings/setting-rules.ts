import { z } from "zod";
import type { SettingSection } from "../format/settings-section.js";

// Descriptions are written here, every one: a library's own might quote a value, a password too.
function described(rule: string) {
  return (issue: { readonly input?: unknown }) =>
    issue.input === undefined ? `is mandatory and ${rule}` : rule;
}

export function wholeNumber(min: number, max: number) {
  const error = described(`must be a whole number from ${min} to ${max}`);
  return z
    .number({ error })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, { error });
}

/** A text that `fits`, which the rule tells. */
export function textThat(rule: string, fits: (text: string) => boolean) {
  return z.string({ error: described(rule) }).refine(fits, { error: rule });
}

export const host = textThat(
  "must be a host name or address of 1 to 255 characters without spaces",
  (text) => /^\S{1,255}$/u.test(text),
);

const CHARACTERS = {
  any: { of: "UTF-8 without NUL or byte order mark", fits: /^[^\0\u{FEFF}]*$/u },
  visible: { of: "visible ASCII", fits: /^[\x21-\x7e]*$/ },
  digits: { of: "digits", fits: /^[0-9]*$/ },
} as const;

/** The rule of a key that a profile adds. */
export function settingRule(setting: SettingSection): z.ZodType {
  const rule =
    setting.kind === "number" ? wholeNumber(setting.min, setting.max) : textRule(setting);
  if (setting.default !== undefined) return z._default(rule, setting.default);
  return setting.optional ? rule.optional() : rule;
}

function textRule(setting: Extract<SettingSection, { kind: "text" }>) {
  const { min, max, one_of: known } = setting;
  if (known !== undefined) {
    return textThat(`must be ${known.join(" or ")}`, (text) => known.includes(text));
  }
  const { of, fits } = CHARACTERS[setting.chars];
  return textThat(`must be ${min} to ${max} bytes of ${of}`, (text) => {
    const bytes = Buffer.byteLength(text);
    return bytes >= min && bytes <= max && fits.test(text);
  });
}
