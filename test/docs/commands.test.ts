import { readdirSync } from "node:fs";
import { expect } from "chai";
import type { Command } from "commander";
import { type Block, blocks, PAGES, page, plain, ROOT, tableRows } from "./pages.js";

/** Every command of `src/cli`, made as the program makes it; none is run. */
async function allCommands(): Promise<Command[]> {
  const commands: Command[] = [];
  for (const file of readdirSync(`${ROOT}/src/cli`)) {
    const module: Record<string, unknown> = await import(`../../src/cli/${file}`);
    for (const [name, make] of Object.entries(module)) {
      if (name.endsWith("Command") && typeof make === "function") commands.push(make({}, {}));
    }
  }
  return commands;
}

/** Those that can be called: in the place of one that has subcommands stand these, by both words. */
function callable(commands: readonly Command[]): Map<string, Command> {
  return new Map(
    commands.flatMap((command) =>
      command.commands.length === 0
        ? [[command.name(), command] as const]
        : command.commands.map((child) => [`${command.name()} ${child.name()}`, child] as const),
    ),
  );
}

function longFlags(command: Command): string[] {
  return command.options.flatMap(({ long }) => (typeof long === "string" ? [long] : []));
}

/** `npx ca-provisioning NAME ...` as it stands on a page. */
function uses(text: string): { name: string; rest: string }[] {
  return [...text.matchAll(/npx ca-provisioning (profile [a-z]+|[a-z-]+)([^\n`]*)/g)].map(
    ([, name = "", rest = ""]) => ({ name, rest }),
  );
}

describe("documentation: commands", () => {
  let commands: Map<string, Command>;
  const find = (name: string) => commands.get(name);

  before(async () => {
    commands = callable(await allCommands());
  });

  it("that are written exist, with their flags", () => {
    for (const { path, text } of PAGES) {
      for (const { name, rest } of uses(text)) {
        const command = find(name);
        expect(command, `${name} in ${path}`).not.to.equal(undefined);
        const known = command === undefined ? [] : longFlags(command);
        for (const [flag] of rest.matchAll(/--[a-z-]+/g)) {
          expect(known, `${name} in ${path}`).to.include(flag);
        }
      }
    }
  });

  it("are all in the table, with all their flags", () => {
    const rows = tableRows(page("docs/operations.md"), "command", "does").map(
      ([command = "", does = ""]) => ({ use: uses(command)[0], text: `${command} ${does}` }),
    );
    expect(rows.map(({ use }) => use?.name)).to.have.members([...commands.keys()]);
    for (const { use, text } of rows) {
      const command = find(use?.name ?? "");
      // The simulator's flags have a page of their own.
      if (command === undefined || use?.name === "simulate-ca") continue;
      for (const flag of longFlags(command)) expect(text).to.include(flag);
    }
  });

  it("of the simulator have the flags and defaults of the code", () => {
    const simulator = find("simulate-ca");
    const rows = tableRows(page("docs/simulator.md"), "flag", "default").map(
      ([flag = "", value = ""]) => ({ flag: plain(flag), value }),
    );
    expect(rows.map(({ flag }) => flag)).to.deep.equal(
      simulator?.options.map(({ flags }) => flags),
    );
    for (const option of simulator?.options ?? []) {
      const shown = rows.find(({ flag }) => flag === option.flags)?.value;
      if (typeof option.defaultValue === "number" || typeof option.defaultValue === "string") {
        expect(shown, option.flags).to.equal(String(option.defaultValue));
      }
    }
  });

  it("are npm scripts where they are called so", async () => {
    const { scripts } = (await import("../../package.json", { with: { type: "json" } })).default;
    for (const { path, text } of blocks(PAGES, "sh") satisfies Block[]) {
      for (const [, name = ""] of text.matchAll(/\bnpm (?:run )?([a-z:]+)/g)) {
        if (name === "ci" || name === "run") continue;
        expect(scripts, `npm ${name} in ${path}`).to.have.property(name);
      }
    }
  });
});
