import type { BadValue } from "../message.js";
import { type MessageLayout, maxValues } from "./messages.js";
import { type ParameterName, parameters } from "./parameters.js";
import type { Tlv } from "./tlv.js";

/** The parameters of one message, already held against its layout. */
export class Values {
  readonly #byName: ReadonlyMap<ParameterName, readonly Buffer[]>;

  constructor(byName: ReadonlyMap<ParameterName, readonly Buffer[]>) {
    this.#byName = byName;
  }

  has(name: ParameterName): boolean {
    return this.#byName.has(name);
  }

  /** A big-endian number of the value's own width. */
  number(name: ParameterName): number {
    const value = this.#one(name);
    return value.readUIntBE(0, value.length);
  }

  text(name: ParameterName): string {
    return this.#one(name).toString("utf8");
  }

  texts(name: ParameterName): readonly string[] {
    return (this.#byName.get(name) ?? []).map((value) => value.toString("utf8"));
  }

  #one(name: ParameterName): Buffer {
    const value = this.#byName.get(name)?.[0];
    if (value === undefined) throw new Error(`${name} is not among this message's values`);
    return value;
  }
}

/**
 * Picks a message's parameters out of its TLVs, in any order. What the layout does not list is
 * ignored, even if another message knows it: a later version of the page may add it here.
 */
export function collectValues(layout: MessageLayout, tlvs: readonly Tlv[]): Values | BadValue {
  const byName = new Map<ParameterName, readonly Buffer[]>();
  for (const [name, count] of layout.parameters) {
    const { id, valid } = parameters[name];
    const values = tlvs.filter((tlv) => tlv.id === id).map((tlv) => tlv.value);
    if (values.length === 0) {
      if (count !== "optional") return badValue(name, "missing");
      continue;
    }
    if (count !== "many" && values.length > 1) return badValue(name, "there twice");
    if (values.length > maxValues) return badValue(name, `there more than ${maxValues} times`);
    if (!values.every(valid)) return badValue(name, "malformed");
    byName.set(name, values);
  }
  return new Values(byName);
}

/** Names the parameter and never its value, which may be a PIN or a password. */
export function badValue(name: ParameterName, fault: string): BadValue {
  return { type: "BAD_VALUE", reason: `${name} is ${fault}` };
}
