import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../../config/config-fault.js";
import type { CaProtocol } from "../ca-adapter.js";
import { profileProtocol } from "./profile-protocol.js";

/** The files of the profiles that come with the program, by the name of their protocol. */
const FILES = { nds: "nds-reference.yaml" } as const;

/** The name of a protocol whose profile comes with the program. */
export type ShippedName = keyof typeof FILES;

export const SHIPPED_NAMES = Object.keys(FILES) as readonly ShippedName[];

/** True for such a name. */
export function isShippedName(name: string): name is ShippedName {
  return Object.hasOwn(FILES, name);
}

/** Where the file is: beside `src` and `dist` alike. */
export function shippedFile(name: ShippedName): string {
  return fileURLToPath(new URL(`../../../profiles/${FILES[name]}`, import.meta.url));
}

const made = new Map<ShippedName, CaProtocol>();

/** The protocol of such a profile, made once. */
export function shippedProtocol(name: ShippedName): CaProtocol {
  const known = made.get(name);
  if (known !== undefined) return known;
  const file = shippedFile(name);
  const { value, faults } = profileProtocol(name, file, readFileSync(file, "utf8"));
  if (value === undefined) throw new ConfigError(faults);
  made.set(name, value);
  return value;
}
