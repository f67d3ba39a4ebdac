import { cpus, totalmem } from "node:os";

/** What the figures were measured on. */
export function machine(): Record<string, number | string> {
  const cores = cpus();
  return {
    cores: cores.length,
    model: cores[0]?.model ?? "unknown",
    memory_gib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}
