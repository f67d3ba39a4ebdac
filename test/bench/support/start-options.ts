import { readFileSync } from "node:fs";

const manifest = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");

/** The options that `npm start` gives to Node: figures are of the service as it is started. */
export const START_OPTIONS: readonly string[] = optionsOf(
  (JSON.parse(manifest) as { scripts: { start: string } }).scripts.start,
);

function optionsOf(script: string): string[] {
  const words = script.split(" ");
  const options = words.slice(words.indexOf("node") + 1, words.indexOf("dist/main.js"));
  if (!options.every((word) => word.startsWith("--"))) {
    throw new Error(`the start script is of another form: ${script}`);
  }
  return options;
}
