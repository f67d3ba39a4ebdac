import type { CaIdSection } from "./format/settings-section.js";

const CHARACTERS = {
  digits: { of: "digits", fits: /^[0-9]*$/ },
  visible: { of: "characters of visible ASCII", fits: /^[\x21-\x7e]*$/ },
} as const;

/** Makes what tells why a text is no CA id; undefined for one that is. */
export function caIdCheck({ chars, min, max }: CaIdSection): (caId: string) => string | undefined {
  const { of, fits } = CHARACTERS[chars];
  const rule = `must be ${min === max ? min : `${min} to ${max}`} ${of}`;
  return (caId) => (caId.length >= min && caId.length <= max && fits.test(caId) ? undefined : rule);
}
