import { expect } from "chai";
import { encodeMessage } from "../../src/adapters/nds/encode-message.js";
import { MESSAGE_TYPES, type Message, PARAMETERS } from "../../src/adapters/nds/messages.js";
import { readableForm } from "../../src/adapters/nds/readable-form.js";
import { blocks, page, tableRows } from "./pages.js";

const GOLDEN: readonly Message[] = [
  {
    name: "SESSION_SETUP",
    parameters: [
      ["transaction", 1],
      ["source_id", 7],
      ["password", "secret"],
      ["slot", 0],
      ["epoch", 1],
    ],
  },
  {
    name: "REAUTHORISE_ALL_SERVICES",
    parameters: [
      ["transaction", 42],
      ["smartcard_ca_id", "000123456789"],
      ["subscription_number", "S-1"],
    ],
  },
  {
    name: "SET_USER_PARAMETERS",
    parameters: [
      ["transaction", 43],
      ["smartcard_ca_id", "000123456789"],
      ["pin_operation", 2],
      ["pin", "4711"],
    ],
  },
  {
    name: "COMMAND_ACCEPTED",
    parameters: [
      ["transaction", 42],
      ["reference_number", "R7-42"],
    ],
  },
];

const number = (value: number) => `0x${value.toString(16).padStart(4, "0")}`;

describe("documentation: reference profile", () => {
  const profile = page("docs/nds-reference-profile.md");

  it("has the messages of the adapter", () => {
    const rows = tableRows(profile, "message", "type").map(([name, type]) => [name, type]);
    expect(rows).to.deep.equal(
      Object.entries(MESSAGE_TYPES).map(([name, type]) => [name, number(type)]),
    );
  });

  it("has the parameters of the adapter", () => {
    const rows = tableRows(profile, "parameter", "type", "form");
    expect(rows.map((cells) => cells.slice(0, 3))).to.deep.equal(
      Object.entries(PARAMETERS).map(([name, { type, form }]) => [name, number(type), form]),
    );
  });

  it("has the bytes that the adapter writes", () => {
    const bytes = blocks([profile], "hex").map(({ text }) => text.replaceAll(/\s/g, ""));
    expect(bytes).to.deep.equal(GOLDEN.map((message) => encodeMessage(message).toString("hex")));
  });

  it("has the readable form that requests show", () => {
    const [, reauthorise] = GOLDEN;
    if (reauthorise === undefined) throw new Error("no message");
    expect(profile.text).to.include(`\n${readableForm(reauthorise)}\n`);
  });
});
