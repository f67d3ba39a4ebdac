import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CaProtocol } from "../../../../src/adapters/ca-adapter.js";
import { profileProtocol } from "../../../../src/adapters/profile/profile-protocol.js";

/** The text of the made-up profile over HTTP. */
export function counterDeskText(): string {
  return readFileSync(
    fileURLToPath(new URL("../made-up/counter-desk.yaml", import.meta.url)),
    "utf8",
  );
}

/** The made-up protocol over HTTP, its text changed. */
export function counterDesk(change: (text: string) => string = (text) => text): CaProtocol {
  const { value, faults } = profileProtocol("counter-desk", "p.yaml", change(counterDeskText()));
  if (value === undefined) throw new Error(JSON.stringify(faults));
  return value;
}

/** The profile with another body in the place of the refresh's. */
export const withBody = (body: string) => (text: string) =>
  text.replace(
    /(refresh:.*?\n {4}body:).*?(?=\n {2}pin:)/s,
    (_, head: string) => `${head} ${body}`,
  );
