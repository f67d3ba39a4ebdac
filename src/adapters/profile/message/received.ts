import type { Value, ValueKind } from "../fields/value.js";

/** What a field of a received message holds; a list when it may come more than once. */
export type ReceivedValue = Value | readonly Value[] | undefined;

/** One message of the CA system. */
export interface Received {
  readonly layout: ReceiveLayout;
  /** By slot; undefined for a field that did not come. */
  readonly values: readonly ReceivedValue[];
  /** What its command is known by. */
  readonly correlation: Value;
  /** The first field that is missing, twice or malformed: what the message says is not known then. */
  readonly unreadable: string | undefined;
}

/** One field of a received message. */
export interface ReceivedField {
  readonly name: string;
  readonly kind: ValueKind;
  readonly list: boolean;
  readonly secret: boolean;
  readonly show: (value: Value) => string;
}

/** What a message of the CA system looks like. */
export interface ReceiveLayout {
  readonly name: string;
  /** Its fields by slot, in the order in which they are shown. */
  readonly fields: readonly ReceivedField[];
  /** Slot of the field that says which command it answers; -1 when that needs no field. */
  readonly correlation: number;
}

/** The slot of a field; -1 when the message has no such field. */
export function slotOf(layout: ReceiveLayout, name: string): number {
  return layout.fields.findIndex((field) => field.name === name);
}

/** A message as people read it, secrets masked; of an unreadable one only what it answers. */
export function readableForm({ layout, values, unreadable }: Received): string {
  let line = layout.name;
  const { fields, correlation } = layout;
  for (let slot = 0; slot < fields.length; slot += 1) {
    const value = values[slot];
    const field = fields[slot] as ReceivedField;
    if (value === undefined || (unreadable !== undefined && slot !== correlation)) continue;
    if (typeof value === "object") {
      for (const each of value) line += ` ${field.name}=${shown(field, each)}`;
    } else {
      line += ` ${field.name}=${shown(field, value)}`;
    }
  }
  return line;
}

function shown(field: ReceivedField, value: Value): string {
  return field.secret ? "****" : field.show(value);
}
