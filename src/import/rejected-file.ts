import { type FileHandle, open, rm } from "node:fs/promises";

/** One line of FILE.rejected. */
export interface Rejection {
  readonly line: number;
  /** The column, or the path of the field; null when the line as a whole is at fault. */
  readonly field: string | null;
  readonly reason: string;
  readonly message: string;
  readonly content: string;
}

/** The file beside an import file that holds what was refused of it; there only when needed. */
export class RejectedFile {
  readonly path: string;
  #file: FileHandle | undefined;

  constructor(importFile: string) {
    this.path = `${importFile}.rejected`;
  }

  /** Whether anything has been written. */
  get used(): boolean {
    return this.#file !== undefined;
  }

  /** Removes what an earlier import of the same file has left. */
  async clear(): Promise<void> {
    await rm(this.path, { force: true });
  }

  async write(rejections: readonly Rejection[]): Promise<void> {
    if (rejections.length === 0) return;
    this.#file ??= await open(this.path, "w");
    // writeFile on a handle goes on where the last one ended, and writes all of it.
    await this.#file.writeFile(rejections.map((each) => `${JSON.stringify(each)}\n`).join(""));
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
