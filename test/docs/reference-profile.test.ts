import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import type { CaCommand } from "../../src/adapters/ca-adapter.js";
import { loadProfile } from "../../src/adapters/profile/load-profile.js";
import { readableForm } from "../../src/adapters/profile/message/received.js";
import { Writer } from "../../src/adapters/profile/session/writer.js";
import { shippedFile } from "../../src/adapters/profile/shipped-profiles.js";
import { messagesById } from "../../src/simulator/nds/messages.js";
import { ManualClock } from "../support/manual-clock.js";
import { blocks, page, tableRows } from "./pages.js";

interface Field {
  readonly tag?: number;
  readonly form: string;
  readonly bytes?: number;
}

const text = readFileSync(shippedFile("nds"), "utf8");
const source: {
  readonly messages: Readonly<Record<string, { readonly type: number }>>;
  readonly fields: Readonly<Record<string, Field>>;
} = parse(text);

const number = (value: number) => `0x${value.toString(16).padStart(4, "0")}`;

const card = { caId: "000123456789", subscriptionNumber: "S-1" };
const reauthorise: CaCommand = {
  ...card,
  transaction: 42,
  command: { type: "REAUTHORISE_ALL_SERVICES" },
};
const setPin: CaCommand = {
  ...card,
  transaction: 43,
  command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" },
  pin: "4711",
};

function ready() {
  const { value, faults } = loadProfile("nds-reference.yaml", text);
  if (value?.carrier !== "stream") throw new Error(JSON.stringify(faults));
  const { protocol } = value;
  const writer = new Writer(
    { source_id: 7, password: "secret" },
    { slot: 0, epoch: 1, clock: new ManualClock() },
  );
  return {
    protocol,
    write(message: string, correlation: number, command?: CaCommand) {
      const layout = protocol.sends.get(message);
      if (layout === undefined) throw new Error(message);
      return writer.write(layout, correlation, command);
    },
  };
}

describe("documentation: reference profile", () => {
  const profile = page("docs/nds-reference-profile.md");

  it("has the messages of the profile, and those that the simulator takes", () => {
    const rows = new Map(
      tableRows(profile, "message", "type").map(([name = "", type = ""]) => [name, type]),
    );
    for (const [name, { type }] of Object.entries(source.messages)) {
      expect(rows.get(name), name).to.equal(number(type));
    }
    for (const [type, { type: name }] of messagesById) {
      expect(rows.get(name), name).to.equal(number(type));
    }
    const known = new Set([
      ...Object.keys(source.messages),
      ...[...messagesById.values()].map(({ type }) => type),
    ]);
    expect([...rows.keys()]).to.have.members([...known]);
  });

  it("has the parameters of the profile", () => {
    const rows = tableRows(profile, "parameter", "type", "form");
    const parameters = Object.entries(source.fields).flatMap(([name, { tag, form, bytes }]) =>
      tag === undefined
        ? []
        : [[name, number(tag), form === "date" ? `u${8 * Number(bytes)}` : form]],
    );
    expect(rows.map((cells) => cells.slice(0, 3))).to.deep.equal(parameters);
  });

  it("has the bytes that the engine writes and reads", () => {
    const { protocol, write } = ready();
    const [login, authorise, pin, answer = ""] = blocks([profile], "hex").map((block) =>
      block.text.replaceAll(/\s/g, ""),
    );
    expect(write("SESSION_SETUP", 1).frame.toString("hex")).to.equal(login);
    expect(write("REAUTHORISE_ALL_SERVICES", 42, reauthorise).frame.toString("hex")).to.equal(
      authorise,
    );
    expect(write("SET_USER_PARAMETERS", 43, setPin).frame.toString("hex")).to.equal(pin);
    const bytes = Buffer.from(answer, "hex");
    expect(readableForm(protocol.read(bytes, 0, bytes.length))).to.equal(
      "COMMAND_ACCEPTED transaction=42 reference_number=R7-42",
    );
  });

  it("has the readable form that requests show", () => {
    const { request } = ready().write("REAUTHORISE_ALL_SERVICES", 42, reauthorise);
    expect(profile.text).to.include(`\n${request}\n`);
  });
});
