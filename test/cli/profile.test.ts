import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { CliContext } from "../../src/cli/cli-context.js";
import { profileCommand } from "../../src/cli/profile.js";
import { counterDeskText } from "../adapters/profile/http/counter-desk.js";
import { profileText } from "../adapters/profile/made-up/compiled.js";
import { line } from "../adapters/profile/made-up/semaphore-peer.js";
import { testFolder } from "../support/test-folder.js";
import { runCli } from "./run-cli.js";

const commands = (context: CliContext) => [profileCommand(context)];
const run = (...args: string[]) => runCli(["profile", ...args], commands);

function fileWith(text: string): string {
  const file = join(testFolder("profile"), "p.yaml");
  writeFileSync(file, text);
  return file;
}

describe("profile check", () => {
  it("tells what a profile can say", async () => {
    const { code, stdout, stderr } = await run("check", "nds", "--json");
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).to.deep.include({
      event: "profile_checked",
      name: "nds-reference",
      transport: "tcp",
      commands: [
        "REAUTHORISE_ALL_SERVICES",
        "SET_USER_PARAMETERS",
        "AUTHORISE_SERVICES",
        "CANCEL_SERVICES",
        "PAIR",
        "UNPAIR",
        "SEND_ON_SCREEN_MESSAGE",
        "SEND_MAIL",
        "DISPLAY_FINGERPRINT",
        "GET_ACTIVE_SERVICES",
      ],
      settings: ["source_id", "password"],
    });
    const text = await run("check", fileWith(profileText("ledger")));
    expect(text.code).to.equal(0);
    expect(text.stdout).to.contain("ledger is sound");
  });

  it("tells all faults with their lines, and ends with 2", async () => {
    const file = fileWith(profileText("ledger").replace("to: 5", "to: x").replace("u24", "u25"));
    const { code, stdout, stderr } = await run("check", file);
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    expect(stderr.match(/p\.yaml:\d+: /g)).to.have.length(2);
    expect(await run("check", "/no/such.yaml")).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: "ca-provisioning: /no/such.yaml: cannot be read: ENOENT\n",
    });
  });

  it("tells which ship when a name is unknown", async () => {
    const { code, stderr } = await run("check", "nagra");
    expect(code).to.equal(2);
    expect(stderr).to.match(
      /^ca-provisioning: nagra: cannot be read: ENOENT; those that ship: .*nds$/m,
    );
  });
});

describe("profile try", () => {
  const accepted = "01 8001 0011 000100040000002a 0030000552372d3432";

  it("shows a command with its fields, and what an answer means", async () => {
    const set = ["--set", "ca_id=000123456789", "--set", "transaction=42"];
    const { code, stdout } = await run(
      ...["try", "nds", "REAUTHORISE_ALL_SERVICES", ...set, "--answer", accepted, "--json"],
    );
    expect(code).to.equal(0);
    const { request, answer } = JSON.parse(stdout);
    expect(request.bytes).to.equal(
      "010101001f000100040000002a0010000c30303031323334353637383900110003532d31",
    );
    expect(request.fields.slice(2, 5)).to.deep.equal([
      { field: "message_length", offset: 3, bytes: "001f", value: "31" },
      { field: "transaction", offset: 5, bytes: "000100040000002a", value: "42" },
      {
        field: "smartcard_ca_id",
        offset: 13,
        bytes: "0010000c303030313233343536373839",
        value: "000123456789",
      },
    ]);
    const [message] = answer.messages;
    expect(message.outcome).to.deep.equal({ kind: "accepted", reference: "R7-42" });
    expect(message.rule).to.equal(1);
    expect(message.answers).to.equal("42");
    expect(message.fields.at(-1)).to.deep.equal({
      field: "reference_number",
      offset: 13,
      bytes: "0030000552372d3432",
      value: "R7-42",
    });
  });

  it("does so for people too, and shows no PIN among the values", async () => {
    const { code, stdout } = await run(
      ...["try", "nds", "SET_USER_PARAMETERS", "--set", "pin=7351", "--answer", accepted],
    );
    expect(code).to.equal(0);
    expect(stdout).to.contain("pin_operation=2 pin=****");
    expect(stdout).to.contain('outcome, by rule 1: {"kind":"accepted","reference":"R7-42"}');
    expect(stdout).not.to.contain("7351");
  });

  it("takes an answer as text, and finds the fields that follow one another", async () => {
    // The first has a checksum that is wrong.
    const right = line("RSLTK2;E404;no card").toString("latin1").slice(1, -1);
    const answer = `\\x02${right.slice(0, -2)}00\\x03`;
    const file = fileWith(profileText("semaphore"));
    const { code, stdout } = await run(
      ...["try", file, "REAUTHORISE_ALL_SERVICES", "--answer-text", answer, "--json"],
    );
    expect(code, stdout).to.equal(1);
    const good = `\\x02${right}\\x03`;
    const tried = await run(
      ...["try", file, "REAUTHORISE_ALL_SERVICES", "--answer-text", good, "--json"],
    );
    const [message] = JSON.parse(tried.stdout).answer.messages;
    expect(message.outcome).to.deep.equal({ kind: "rejected", code: "E404", text: "no card" });
    const fields = message.fields.map(({ field, offset }: { field: string; offset: number }) => [
      field,
      offset,
    ]);
    expect(fields).to.deep.equal([
      ["verb", 1],
      ["reference", 5],
      ["result", 8],
      ["note", 13],
      ["checksum", 20],
    ]);
  });

  it("shows escaped bytes where they stand", async () => {
    const text = profileText("semaphore").replace(
      "max: 400 }",
      'max: 400, escape: { by: "S", xor: 0x20 } }',
    );
    const args = ["try", fileWith(text), "SET_USER_PARAMETERS"];
    const { stdout } = await run(...args, "--set", "pin=0SS0", "--json");
    const { request } = JSON.parse(stdout);
    const shown = request.fields.map(({ field, bytes }: Record<string, string>) => [field, bytes]);
    expect(shown).to.deep.include(["pin", "305373537330"]);
    expect(shown).to.deep.include(["action", "5373"]);
    expect(request.bytes).to.match(/^02/).and.to.match(/03$/);
    const answer = line("RSLTK1;OK;S-1").toString("latin1").slice(1, -1).replaceAll("S", "Ss");
    const tried = await run(...args, "--answer-text", `\\x02${answer}\\x03`, "--json");
    expect(JSON.parse(tried.stdout).answer.messages[0].outcome).to.deep.equal({
      kind: "accepted",
      reference: "S-1",
    });
  });

  it("shows what an answer to the login means", async () => {
    const status = "01 0002 0010 0001000400000001 0034000400000009";
    const { stdout } = await run("try", "nds", "SESSION_SETUP", "--answer", status, "--json");
    expect(JSON.parse(stdout).answer.messages[0].login).to.deep.equal({
      kind: "open",
      last_transaction: 9,
      remembered: [],
    });
  });

  it("shows a request over HTTP, and what its answer means", async () => {
    const file = fileWith(counterDeskText());
    const args = ["try", file, "SET_USER_PARAMETERS", "--set", "ca_id=A/1", "--set", "pin=7351"];
    const answer = ["--status", "404", "--answer-text", '{"error":{"text":"no card"}}'];
    const { code, stdout } = await run(...args, ...answer, "--json");
    expect(code).to.equal(0);
    const trial = JSON.parse(stdout);
    expect(trial.request).to.deep.include({
      readable: 'pin PUT /cards/A%2F1/pin {"number":1,"action":"given","pin":"****"}',
      method: "PUT",
      path: "/cards/A%2F1/pin",
      body: '{"number":1,"action":"given","pin":"7351"}',
    });
    expect(trial.request.headers["X-Token"]).to.equal("token");
    expect(trial.answer.messages[0]).to.deep.equal({
      readable: 'pin status=404 why="no card"',
      fields: [
        { field: "status", value: "404" },
        { field: "why", value: '"no card"' },
      ],
      outcome: { kind: "rejected", code: "404", text: "no card" },
      rule: 6,
    });

    const text = await run(
      "try",
      file,
      "hello",
      "--answer-text",
      '{"state":"welcome","last":7,"token":"t-9"}',
    );
    expect(text.stdout).to.contain("GET /session?slot=0&epoch=1\nX-Tenant: blue");
    expect(text.stdout).to.contain(
      'to the login: {"kind":"open","last_transaction":7,"remembered":["token"]}',
    );
    expect(text.stdout).not.to.contain("t-9");
  });

  it("shows commands with several services, dates and texts", async () => {
    const set = (values: Record<string, string>) =>
      Object.entries({ ca_id: "000123456789", transaction: "42", ...values }).flatMap((pair) => [
        "--set",
        pair.join("="),
      ]);
    const end = "2026-03-01T00:00:00Z";
    const many = await run("try", "nds", "AUTHORISE_SERVICES", ...set({ services: "A,B", end }));
    expect(many.stdout).to.contain(
      `AUTHORISE_SERVICES transaction=42 smartcard_ca_id=000123456789 service_ca_id=A service_ca_id=B end=${end}`,
    );
    const text = await run("try", "nds", "SEND_MAIL", ...set({ text: "Hi there" }));
    expect(text.stdout).to.contain('text="Hi there"');
    const date = await run("try", "nds", "AUTHORISE_SERVICES", ...set({ start: "soon" }));
    expect(date).to.include({ code: 2, stdout: "" });
    expect(date.stderr).to.contain("start must be a date");
  });

  it("tells what an answer says of a card's services", async () => {
    const answer = "01 8001 001b 000100040000002a 0030000552372d3432 0012000130 0012000131";
    const asked = await run("try", "nds", "GET_ACTIVE_SERVICES", "--answer", answer, "--json");
    expect(JSON.parse(asked.stdout).answer.messages[0].outcome).to.deep.equal({
      kind: "accepted",
      reference: "R7-42",
      services: ["0", "1"],
    });
    const other = await run("try", "nds", "UNPAIR", "--answer", answer, "--json");
    expect(JSON.parse(other.stdout).answer.messages[0].outcome).to.deep.equal({
      kind: "accepted",
      reference: "R7-42",
    });
  });

  it("gives settings that are left out their own names, so that each shows where it goes", async () => {
    const { stdout } = await run("try", "motv-csms", "PAIR", "--json");
    expect(JSON.parse(stdout).request).to.deep.include({
      path: "/api/pair_model/pair_method",
      body: '{"data":{"card_member":"0123456789","set_top_box_member":"9876543210"}}',
    });
  });

  const failures: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ["an unknown command", ["nds", "SING"], 2, /SING is none of REAUTHORISE/],
    ["an unknown value", ["nds", "SESSION_TEST", "--set", "card=1"], 2, /card is none of/],
    ["a value without a name", ["nds", "SESSION_TEST", "--set", "1"], 2, /NAME=VALUE/],
    ["no CA id", ["nds", "REAUTHORISE_ALL_SERVICES", "--set", "ca_id=1"], 2, /8 to 16 digits/],
    ["no hexadecimal", ["nds", "SESSION_TEST", "--answer", "1"], 2, /hexadecimal/],
    ["what closes the connection", ["nds", "SESSION_TEST", "--answer", "02"], 1, /version 2/],
    [
      "what cannot be written",
      ["nds", "SESSION_SETUP", "--set", `settings.password=${"x".repeat(9_000)}`],
      1,
      /would not be sent: SESSION_SETUP would have/,
    ],
  ];
  for (const [name, args, exitCode, reason] of failures) {
    it(`ends with ${exitCode} for ${name}`, async () => {
      const { code, stderr } = await run("try", ...args);
      expect(stderr).to.match(reason);
      expect(code).to.equal(exitCode);
    });
  }
});
