import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import type { z } from "zod";
import { CHECKSUMS } from "../../src/adapters/profile/fields/checksum-algorithms.js";
import { TEXT_ENCODINGS } from "../../src/adapters/profile/fields/text-encoding.js";
import { fieldSection } from "../../src/adapters/profile/format/field-section.js";
import { framingSection } from "../../src/adapters/profile/format/framing-section.js";
import { httpProfile } from "../../src/adapters/profile/format/http-section.js";
import { streamProfile } from "../../src/adapters/profile/format/profile-section.js";
import { ruleSection } from "../../src/adapters/profile/format/rule-section.js";
import { sessionSection } from "../../src/adapters/profile/format/session-section.js";
import { shippedFile } from "../../src/adapters/profile/shipped-profiles.js";
import {
  COMMAND_VARIABLES,
  VARIABLES_OF,
} from "../../src/adapters/profile/template/command-variables.js";
import { sendVariables } from "../../src/adapters/profile/template/send-variables.js";
import type { CliContext } from "../../src/cli/cli-context.js";
import { profileCommand } from "../../src/cli/profile.js";
import { counterDeskText } from "../adapters/profile/http/counter-desk.js";
import { runCli } from "../cli/run-cli.js";
import { blocks, page, plain, tableRows } from "./pages.js";

/** The keys of a mapping, whatever default stands around it. */
function keysOf(schema: z.ZodType): string[] {
  let inner = schema as z.ZodType & {
    shape?: object;
    def: { innerType?: z.ZodType; valueType?: z.ZodType };
  };
  while (inner.shape === undefined) {
    const next = inner.def.innerType ?? inner.def.valueType;
    if (next === undefined) throw new Error("no mapping");
    inner = next as typeof inner;
  }
  return Object.keys(inner.shape);
}

/** The names in the first column of the page's table with this header. */
function names(header: string): string[] {
  return tableRows(page("docs/profiles.md"), header).flatMap(([cell = ""]) =>
    plain(cell).split(", "),
  );
}

describe("documentation: profiles", () => {
  const text = page("docs/profiles.md");

  it("shows parts that are in profiles", () => {
    const profiles = [parse(readFileSync(shippedFile("nds"), "utf8")), parse(counterDeskText())];
    const shown = blocks([text], "yml").flatMap((block) => Object.entries(parse(block.text)));
    expect(shown).to.have.length.greaterThan(10);
    for (const [key, value] of shown) {
      expect(profiles.map((profile) => profile[key])).to.deep.include(value);
    }
  });

  it("tells every key", () => {
    const top = [...Object.keys(streamProfile.shape), ...Object.keys(httpProfile.shape)];
    expect(names("profile key")).to.have.members([...new Set(top)]);
    const session = [...keysOf(sessionSection), ...keysOf(httpProfile.shape.session)];
    expect(names("session key")).to.have.members([...new Set(session)]);
    expect(names("request key")).to.have.members(keysOf(httpProfile.shape.requests));
    expect(names("answer key")).to.have.members(keysOf(httpProfile.shape.answer));
  });

  it("tells every form of field, and its keys", () => {
    const rows = tableRows(text, "form").map(([forms = "", keys = ""]) => ({
      forms: plain(forms).split(", "),
      keys: plain(keys).split(", "),
    }));
    const shared = ["form", "tag", "secret"];
    const extent = ["length", "length_prefix", "ends", "byte_order"];
    const found = new Map<string, Set<string>>();
    for (const option of fieldSection.options) {
      for (const shape of "options" in option
        ? option.options.map((each) => each.shape)
        : [option.shape]) {
        const { form } = shape;
        const values: readonly string[] = "options" in form ? form.options : [...form.values];
        for (const name of values) {
          const known = found.get(name) ?? new Set();
          for (const key of Object.keys(shape)) if (!shared.includes(key)) known.add(key);
          found.set(name, known);
        }
      }
    }
    expect(rows.flatMap(({ forms }) => forms)).to.have.members([...found.keys()]);
    for (const { forms, keys } of rows) {
      const told = keys.flatMap((key) => (key === "extent" ? extent : [key]));
      for (const form of forms) {
        expect([...(found.get(form) ?? [])], form).to.have.members(told);
      }
    }
  });

  it("tells every framing, outcome, checksum and encoding", () => {
    for (const { shape } of framingSection.options) {
      const [by] = shape.by.values;
      const keys = Object.keys(shape).filter((key) => key !== "by");
      const row = tableRows(text, "`by`").find(([cell = ""]) => plain(cell) === by);
      expect(plain(row?.[1] ?? "").split(", ")).to.have.members(keys);
    }
    const outcomes = tableRows(text, "outcome", "keys");
    for (const { shape } of ruleSection.options) {
      const [outcome = ""] = shape.outcome.values;
      const keys = Object.keys(shape).filter((key) => key !== "when" && key !== "outcome");
      const row = outcomes.find(([cell = ""]) => plain(cell) === outcome);
      expect(plain(row?.[1] ?? "").split(", "), outcome).to.have.members(keys);
    }
    expect(outcomes).to.have.length(ruleSection.options.length);
    for (const name of [...Object.keys(CHECKSUMS), ...TEXT_ENCODINGS]) {
      expect(text.text).to.include(name);
    }
  });

  it("tells every placeholder and command", () => {
    const told = names("placeholder");
    expect(told).to.include.members(Object.keys(COMMAND_VARIABLES));
    const find = sendVariables({ settings: {}, remembered: new Map(), correlated: true });
    for (const name of told) {
      const prefixed = name.endsWith(".NAME");
      expect(prefixed || find(name) !== undefined, name).to.equal(true);
    }
    const commands = Object.keys(VARIABLES_OF)
      .join(", ")
      .replace(/, (\w+)$/, " and $1");
    expect(text.text).to.include(`The commands that a profile can say are ${commands}.`);
  });

  it("has commands that do what it says", async () => {
    const lines = blocks([text], "sh").flatMap((block) => block.text.trimEnd().split("\n"));
    expect(lines).to.have.length.greaterThan(2);
    for (const line of lines) {
      const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(
        ([, quoted, bare = ""]) => quoted ?? bare,
      );
      const commands = (context: CliContext) => [profileCommand(context)];
      const { code, stderr } = await runCli(args.slice(2), commands);
      expect(stderr, line).to.equal("");
      expect(code, line).to.equal(0);
    }
  });
});
