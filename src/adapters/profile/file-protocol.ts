import { readFileSync } from "node:fs";
import type { CaProtocol } from "../ca-adapter.js";
import { profileProtocol } from "./profile-protocol.js";

/** What each file held when it was last read, and what became of that. */
const made = new Map<string, { readonly text: string; readonly protocol: CaProtocol }>();

/** The protocol of the profile in a file, under the file's path; or all that is wrong with it. */
export function fileProtocol(
  file: string,
): { readonly protocol: CaProtocol } | { readonly fault: string } {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return { fault: `the profile ${file} cannot be read: ${code}` };
  }
  const known = made.get(file);
  if (known?.text === text) return { protocol: known.protocol };
  const { value: protocol, faults } = profileProtocol(file, file, text);
  if (protocol === undefined) {
    const all = faults.map(({ where, description }) => `${where}: ${description}`);
    return { fault: `the profile has faults: ${all.join("; ")}` };
  }
  made.set(file, { text, protocol });
  return { protocol };
}
