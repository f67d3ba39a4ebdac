import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { profileProtocol } from "../../../../src/adapters/profile/profile-protocol.js";

/** Where the profile is. */
export const SEMAPHORE_FILE = fileURLToPath(new URL("semaphore.yaml", import.meta.url));

/** A protocol as unlike NDS as profiles allow: text, delimiters, a checksum, strings that correlate. */
export function semaphoreProtocol() {
  const text = readFileSync(SEMAPHORE_FILE, "utf8");
  const { value, faults } = profileProtocol("semaphore", SEMAPHORE_FILE, text);
  if (value === undefined) throw new Error(JSON.stringify(faults));
  return value;
}
