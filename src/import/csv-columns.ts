import type { SubscriptionDraft } from "../inventory/subscription-draft.js";
import { UnusableInput } from "./unusable-input.js";

/** The columns of an import file, each with the field of a subscription that it stands for. */
const FIELDS = {
  subscription_id: "id",
  subscription_number: "number",
  item_id: "installed_items[0].id",
  item_type: "installed_items[0].type",
  serial_number: "installed_items[0].serial_number",
  alternative_code: "installed_items[0].alternative_code",
  ca_id: "installed_items[0].ca_id",
  provider: "installed_items[0].provider",
} as const;

type Column = keyof typeof FIELDS;

/** Every column, in the order in which people are told of them. */
export const CSV_COLUMNS = Object.keys(FIELDS) as readonly Column[];

const COLUMN_OF = new Map<string, string>(
  Object.entries(FIELDS).map(([column, field]) => [field, column]),
);

/** The column that stands for a field; the field itself when there is none. */
export function columnOf(field: string): string {
  return COLUMN_OF.get(field) ?? field;
}

/** How to make a subscription of the cells of a line. */
export interface CsvHeader {
  readonly width: number;
  draft(cells: readonly string[]): SubscriptionDraft;
}

/** Reads the header line; every column must be there, once, in any order. */
export function readHeader(names: readonly string[]): CsvHeader {
  const faults = [
    ...names.filter((name) => !isColumn(name)).map((name) => `unknown column ${shown(name)}`),
    ...CSV_COLUMNS.filter((name) => !names.includes(name)).map((name) => `missing column ${name}`),
    ...CSV_COLUMNS.filter((name) => names.indexOf(name) !== names.lastIndexOf(name)).map(
      (name) => `column ${name} is there twice`,
    ),
  ];
  if (faults.length > 0) {
    throw new UnusableInput(
      `the header line is wrong: ${faults.slice(0, 10).join(", ")}; it must name ${CSV_COLUMNS.join(", ")}`,
    );
  }
  const index = Object.fromEntries(CSV_COLUMNS.map((name) => [name, names.indexOf(name)]));
  return {
    width: names.length,
    draft(cells) {
      const cell = (column: Column) => cells[index[column] ?? -1] ?? "";
      const item = {
        id: cell("item_id"),
        type: cell("item_type"),
        serialNumber: cell("serial_number"),
        alternativeCode: cell("alternative_code"),
        caId: cell("ca_id"),
        provider: cell("provider"),
      };
      return {
        id: cell("subscription_id"),
        number: cell("subscription_number"),
        // A line whose item columns are all empty is a subscription without items.
        items: Object.values(item).every((text) => text === "") ? [] : [item],
      };
    },
  };
}

function isColumn(name: string): name is Column {
  return Object.hasOwn(FIELDS, name);
}

function shown(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
}
