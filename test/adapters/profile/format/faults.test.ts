import { expect } from "chai";
import { profileProtocol } from "../../../../src/adapters/profile/profile-protocol.js";
import { profileText } from "../made-up/compiled.js";

/** What is wrong with a made-up profile in which these texts were replaced. */
function faultsOf(
  name: "semaphore" | "ledger",
  ...replacements: readonly (readonly [string, string])[]
): readonly string[] {
  let text = profileText(name);
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`there is no ${from}`);
    text = text.replace(from, to);
  }
  const { faults = [] } = profileProtocol(name, "p.yaml", text);
  return faults.map(({ where, description }) => {
    expect(where).to.match(/^p\.yaml:\d+$/);
    return description;
  });
}

describe("profile format: faults", () => {
  it("are none in profiles that are right", () => {
    expect(faultsOf("semaphore")).to.deep.equal([]);
    expect(faultsOf("ledger")).to.deep.equal([]);
  });

  it("have file, line and path", () => {
    const text = profileText("semaphore").replace("min: 6, max: 12", "min: 6, max: 120");
    const { faults } = profileProtocol("semaphore", "p.yaml", text);
    expect(faults).to.deep.equal([
      { where: "p.yaml:5", description: "ca_id.max: must be at most 64" },
    ]);
  });

  it("of the form come all at once", () => {
    expect(
      faultsOf(
        "semaphore",
        ["transport: tcp", "transport: tcp\ncolour: red"],
        ["chars: visible, min: 6", "chars: runes, min: 6"],
        ["max: 400", "max: 0"],
        ["form: decimal, length: 10", "form: decimal, length: 10, ends: x"],
      ),
    ).to.have.members([
      "colour: is not a known key",
      "ca_id.chars: must be visible or digits",
      "framing.max: must be at least 1",
      "fields.number.ends: means nothing beside length",
    ]);
  });

  it("of what belongs together come all at once", () => {
    expect(
      faultsOf(
        "semaphore",
        ["field: verb, holds: type", "field: verbs, holds: type"],
        ['station: "{settings.station}"', 'station: "{settings.place}"'],
        ["welcome:\n    type: WELC", "welcome:\n    type: HELO"],
        ["receive: { number: required }", "receive: { numbers: required }"],
        ["last_transaction: number", "last_transaction: digits"],
        ["keep_alive: { send: poll, answer: alive", "keep_alive: { send: alive, answer: poll"],
        ["result: OK }", "verdict: OK, message: result }"],
      ),
    ).to.include.members([
      "header[0].field: is not in fields",
      "messages.hello.send.station: there is no {settings.place} here",
      "messages.welcome.receive.numbers: is not in fields",
      "session.login.answers[0].last_transaction: digits is no field of welcome",
      "session.keep_alive.send: alive is no message that is sent",
      "session.keep_alive.answer: poll is no message that is received",
      "rules[0].when.verdict: is no field of result",
    ]);
  });

  const single: readonly (readonly [
    string,
    "semaphore" | "ledger",
    readonly [string, string],
    string,
  ])[] = [
    [
      "a transport that is none",
      "semaphore",
      ["transport: tcp", "transport: pigeon"],
      "transport: must be tcp, tls, http or https",
    ],
    [
      "a command that is none",
      "semaphore",
      ["SET_USER_PARAMETERS: pin", "SET_USER_PARAMETERS: pin\n  SING: pin"],
      "commands.SING: is no command; known: REAUTHORISE_ALL_SERVICES, SET_USER_PARAMETERS, AUTHORISE_SERVICES, CANCEL_SERVICES, PAIR, UNPAIR, SEND_MAIL, SEND_ON_SCREEN_MESSAGE, DISPLAY_FINGERPRINT, GET_ACTIVE_SERVICES, GET_PAIRING_STATUS",
    ],
    [
      "a query whose answer nothing reads",
      "semaphore",
      ["SET_USER_PARAMETERS: pin", "SET_USER_PARAMETERS: pin\n  GET_PAIRING_STATUS: refresh"],
      "commands.GET_PAIRING_STATUS: needs a rule with outcome: accepted and set_top_boxes",
    ],
    [
      "a list that nothing has",
      "semaphore",
      ['reference: "{note}"', 'reference: "{note}", services: notes'],
      "rules[0].services: is no field of any message that the rule is for",
    ],
    [
      "a variable that the command does not have",
      "semaphore",
      ["REAUTHORISE_ALL_SERVICES: refresh", "REAUTHORISE_ALL_SERVICES: pin"],
      "commands.REAUTHORISE_ALL_SERVICES: pin needs {pin_operation}, which REAUTHORISE_ALL_SERVICES does not have",
    ],
    [
      "a login with a command's variable",
      "semaphore",
      ["send: hello", "send: refresh"],
      "session.login.send: refresh needs {transaction}, which only commands have",
    ],
    [
      "a constant that its field cannot say",
      "ledger",
      ["type: 0x10", "type: 0x100"],
      "messages.refresh.type: is over 255",
    ],
    [
      "a tag where there is none",
      "ledger",
      ["body: { layout: sequence }", "body: { layout: parameters, tag: u8, length: u8 }"],
      "messages.refresh.send.operator: has no tag",
    ],
    [
      "numbers that the field cannot hold",
      "ledger",
      ["number: counter, from: 1, to: 5", "number: transaction"],
      "correlation.number: the field cannot say 4294967295: it is over 255; counter needs less room",
    ],
    [
      "a counter that does not fit",
      "ledger",
      ["to: 5", "to: 256"],
      "correlation.to: the field cannot say 256: it is over 255",
    ],
    [
      "a message that its answer could not be found by",
      "ledger",
      ['value: "{correlation}"', "value: 1, varies: true"],
      "commands.REAUTHORISE_ALL_SERVICES: refresh does not send {correlation}, by which its answer is known",
    ],
    [
      "a length that nothing holds",
      "ledger",
      ["{ field: size, holds: length }", "{ field: size, value: 1 }"],
      "header: must have a field that holds the length",
    ],
    [
      "a header of no fixed width before a length",
      "semaphore",
      [
        'framing: { by: delimiter, start: "\\x02", end: "\\x03", max: 400 }',
        "framing: { by: length, max: 400 }",
      ],
      "header: must have a field that holds the length",
    ],
    [
      "a number where a pattern stands",
      "ledger",
      ["status: [1, 2]", "status: [1, many]"],
      "rules[2].when.status: must be a whole number or FROM..TO: the field is a number",
    ],
    [
      "a placeholder that the answer does not have",
      "ledger",
      ['code: "{status}"', 'code: "{state}"'],
      "rules[4].code: there is no {state} here",
    ],
    [
      "a brace alone",
      "ledger",
      ['text: "gone: {status}"', 'text: "gone: {status"'],
      "rules[3].text: has a single {: write it twice",
    ],
    [
      "a setting that every profile has",
      "ledger",
      ["operator: { kind: number", "window: { kind: number, max: 1 }\n  operator: { kind: number"],
      "settings.window: is a key that every profile has",
    ],
    [
      "a default outside of its bounds",
      "ledger",
      ["default: 9", "default: 70000"],
      "settings.operator.default: must be a whole number from 0 to 65535",
    ],
    [
      "an escape that is a delimiter",
      "semaphore",
      ["max: 400 }", 'max: 400, escape: { by: "\\x03", xor: 0x20 } }'],
      "framing.escape.by: is a delimiter too",
    ],
    [
      "an escape that makes a delimiter",
      "semaphore",
      ["max: 400 }", 'max: 400, escape: { by: "\\x10", xor: 1 } }'],
      "framing.escape.xor: makes a byte that has to be escaped of another",
    ],
    [
      "escapes for delimiters of several bytes",
      "semaphore",
      ['end: "\\x03", max: 400 }', 'end: "\\r\\n", max: 400, escape: { by: "\\x10", xor: 0x40 } }'],
      "framing.end: must be one byte where others are escaped",
    ],
    [
      "YAML that is none",
      "ledger",
      ["profile: 1", "profile: [1"],
      "Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  ];
  for (const [name, profile, replacement, description] of single) {
    it(`tell ${name}`, () => {
      expect(faultsOf(profile, replacement)).to.include(description);
    });
  }

  it("tell tags and lengths that parameters cannot say", () => {
    const given = faultsOf(
      "ledger",
      ["body: { layout: sequence }", "body: { layout: parameters, tag: u8, length: u8 }"],
      ["operator: { form: u24 }", "operator: { form: u24, tag: 256 }"],
      ["card: { form: bcd, digits: 10 }", "card: { form: text, length: 300, tag: 1 }"],
    );
    expect(given).to.include.members([
      "fields.operator.tag: must be at most 255",
      "messages.refresh.send.operator: has a tag that is over 255",
      "messages.refresh.send.card: has a length that is over 255",
    ]);
  });

  it("take nothing from the environment", () => {
    const NAME = "PROFILE_TEST_STATION";
    const VARIABLE = `{${NAME}}`;
    process.env[NAME] = "x";
    const given = faultsOf("semaphore", ["{settings.station}", `$${VARIABLE}`]);
    delete process.env[NAME];
    expect(given).to.deep.equal([`messages.hello.send.station: there is no ${VARIABLE} here`]);
  });
});
