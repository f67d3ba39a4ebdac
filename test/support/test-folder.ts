import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let all: string | undefined;

/** A new folder, its name beginning with `name`; it is removed, as all are, when the process ends. */
export function testFolder(name: string): string {
  all ??= folderOfAll();
  return mkdtempSync(join(all, `${name}-`));
}

function folderOfAll(): string {
  const folder = mkdtempSync(join(tmpdir(), "ca-provisioning-tests-"));
  // PostgreSQL, which may run as a user of its own, has its folder in here.
  chmodSync(folder, 0o711);
  // A process that was just killed may still be writing a last file.
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
