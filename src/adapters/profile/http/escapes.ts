import { UnwritableValue } from "../fields/output.js";

const XML_SIGNS: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // As they are, a reader of attributes would make spaces of them.
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** A value for the text or an attribute of XML. */
export function escapeXml(text: string): string {
  if (NOT_XML.test(text)) throw new UnwritableValue("a value has a character that XML has not");
  return text.replace(/[&<>"'\t\n\r]/g, (sign) => XML_SIGNS[sign] ?? sign);
}

/** A value for a path or query of a URL. */
export function escapeUrl(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new UnwritableValue("a value has half a character");
  const escaped = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  // Segments of dots alone would lead elsewhere.
  return /^\.+$/.test(escaped) ? escaped.replaceAll(".", "%2E") : escaped;
}

/** A value for a header. */
export function checkHeader(text: string): string {
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
    throw new UnwritableValue("a value has a character that headers have not");
  }
  return text;
}

/** A value that stands as it is. */
export function asIs(text: string): string {
  return text;
}
