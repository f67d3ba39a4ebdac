import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** The code under test and the child processes, compiled as the package is. */
export interface Compiled {
  /** The script of a child process. */
  child(name: string): string;
  /** What the service's entry imports before all else. */
  readonly first: string;
  remove(): void;
}

/**
 * Compiles `src` and the children into a folder of this run. What is measured then runs as it is
 * shipped: tsx would wrap every function that a call makes, to keep its name, which costs time.
 */
export function compile(): Compiled {
  const cache = join(ROOT, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  // Inside the project, so that the compiled code finds its packages.
  const folder = mkdtempSync(join(cache, "bench-"));
  const options = {
    extends: join(ROOT, "tsconfig.json"),
    compilerOptions: { rootDir: ROOT, outDir: folder, noCheck: true, types: ["node"] },
    include: [join(ROOT, "src"), join(ROOT, "test", "bench", "children")],
  };
  const configFile = join(folder, "tsconfig.json");
  writeFileSync(configFile, JSON.stringify(options));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", version: "0" }));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const tsc = join(ROOT, "node_modules", ".bin", "tsc");
    execFileSync(tsc, ["-p", configFile], { stdio: ["ignore", "inherit", "inherit"] });
    const descriptors = join("src", "gen", "descriptors.binpb");
    copyFileSync(join(ROOT, descriptors), join(folder, descriptors));
    cpSync(join(ROOT, "profiles"), join(folder, "profiles"), { recursive: true });
  } catch (error) {
    remove();
    throw error;
  }
  return {
    child: (name) => join(folder, "test", "bench", "children", `${name}.js`),
    first: join(folder, "src", "memory", "at-start.js"),
    remove,
  };
}
