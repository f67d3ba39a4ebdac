import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../../config/config-fault.js";
import type { CaProtocol } from "../ca-adapter.js";
import { profileProtocol } from "./profile-protocol.js";

/** Beside `src` and `dist` alike. */
const FOLDER = fileURLToPath(new URL("../../../profiles/", import.meta.url));

/** Protocols that are not called as the file of their profile. */
const OTHER_NAMES: Readonly<Record<string, string>> = { "nds-reference": "nds" };

/** The files of the profiles that come with the program, by the name of their protocol. */
const FILES: ReadonlyMap<string, string> = new Map(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => [file.slice(0, -".yaml".length), FOLDER + file] as const)
    .map(([name, file]) => [OTHER_NAMES[name] ?? name, file] as const),
);

/** The names of the protocols whose profiles come with the program. */
export const SHIPPED_NAMES: readonly string[] = [...FILES.keys()].toSorted();

/** True for such a name. */
export function isShippedName(name: string): boolean {
  return FILES.has(name);
}

/** Where the profile of such a protocol is. */
export function shippedFile(name: string): string {
  const file = FILES.get(name);
  if (file === undefined) throw new RangeError(`${name} does not ship`);
  return file;
}

const made = new Map<string, CaProtocol>();

/** The protocol of such a profile, made once. */
export function shippedProtocol(name: string): CaProtocol {
  const known = made.get(name);
  if (known !== undefined) return known;
  const file = shippedFile(name);
  const { value, faults } = profileProtocol(name, file, readFileSync(file, "utf8"));
  if (value === undefined) throw new ConfigError(faults);
  made.set(name, value);
  return value;
}
