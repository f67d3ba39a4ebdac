import { existsSync, readFileSync } from "node:fs";
import { ConfigError } from "../../../config/config-fault.js";
import { type LoadedProfile, loadProfile } from "../load-profile.js";
import { isShippedName, SHIPPED_NAMES, shippedFile } from "../shipped-profiles.js";

/** The profile in a file, or one that ships, by the name of its protocol. Throws a `ConfigError`. */
export function namedProfile(name: string): {
  readonly file: string;
  readonly profile: LoadedProfile;
} {
  const file = isShippedName(name) && !existsSync(name) ? shippedFile(name) : name;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const hint = file.endsWith(".yaml") ? "" : `; those that ship: ${SHIPPED_NAMES.join(", ")}`;
    throw new ConfigError([{ where: file, description: `cannot be read: ${code}${hint}` }]);
  }
  const { value, faults } = loadProfile(file, text);
  if (value === undefined) throw new ConfigError(faults);
  return { file, profile: value };
}
