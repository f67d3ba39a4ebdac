import type { ItemDraft, SubscriptionDraft } from "../inventory/subscription-draft.js";
import type { Line } from "./file-lines.js";
import type { ImportLine } from "./import-line.js";
import { fieldsOf, JsonFault, join, listOf, textOf } from "./json-fields.js";

const SUBSCRIPTION = ["id", "number", "installed_items", "created_date", "updated_date"] as const;
const ITEM = ["id", "type", "serial_number", "alternative_code", "ca_id", "provider"] as const;

/** The numbers of an item's type; its names are those of the domain with a prefix. */
const TYPES = ["", "SMARTCARD", "SET_TOP_BOX"];
const TYPE_PREFIX = "TYPE_";

/** Reads the lines of an NDJSON file: one subscription each, in proto JSON. */
export async function* readNdjsonLines(
  blocks: AsyncIterable<readonly Line[]>,
): AsyncGenerator<ImportLine[]> {
  for await (const block of blocks) {
    yield block.filter(({ text }) => text.trim() !== "").map(importLine);
  }
}

function importLine({ number, text, fault }: Line): ImportLine {
  const line = { line: number, content: text };
  const broken = (field: string | null, message: string): ImportLine => ({
    ...line,
    kind: "broken",
    field,
    message,
  });
  if (fault !== undefined) return broken(null, `the line ${fault}`);
  try {
    return { ...line, kind: "draft", draft: subscriptionDraft(JSON.parse(text)) };
  } catch (error) {
    if (!(error instanceof JsonFault)) return broken(null, "the line is not JSON");
    return error.field === ""
      ? broken(null, `the line ${error.message}`)
      : broken(error.field, `${error.field}: ${error.message}`);
  }
}

function subscriptionDraft(value: unknown): SubscriptionDraft {
  const fields = fieldsOf(value, "", SUBSCRIPTION);
  return {
    id: textOf(fields.id, "id"),
    number: textOf(fields.number, "number"),
    items: listOf(fields.installed_items, "installed_items").map(itemDraft),
  };
}

function itemDraft(value: unknown, index: number): ItemDraft {
  const path = `installed_items[${index}]`;
  const fields = fieldsOf(value, path, ITEM);
  const text = (name: (typeof ITEM)[number]) => textOf(fields[name], join(path, name));
  return {
    id: text("id"),
    type: typeof fields.type === "number" ? (TYPES[fields.type] ?? "") : typeName(text("type")),
    serialNumber: text("serial_number"),
    alternativeCode: text("alternative_code"),
    caId: text("ca_id"),
    provider: text("provider"),
  };
}

function typeName(name: string): string {
  return name.startsWith(TYPE_PREFIX) ? name.slice(TYPE_PREFIX.length) : "";
}
