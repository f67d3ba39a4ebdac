import { expect } from "chai";
import { Output } from "../../../../src/adapters/profile/fields/output.js";
import { streamProfile } from "../../../../src/adapters/profile/format/profile-section.js";
import { jsonBody } from "../../../../src/adapters/profile/http/json-template.js";
import { fieldTable } from "../../../../src/adapters/profile/message/field-table.js";
import { frameShape } from "../../../../src/adapters/profile/message/frame-shape.js";
import { parameterList } from "../../../../src/adapters/profile/message/parameter-list.js";
import { sendLayout } from "../../../../src/adapters/profile/message/send-layout.js";
import type { SendScope } from "../../../../src/adapters/profile/template/send-scope.js";
import { parseTemplate } from "../../../../src/adapters/profile/template/template.js";

const services = (list: readonly string[]) => (name: string) =>
  name === "services"
    ? { kind: "text" as const, secret: false, list: true, get: () => list }
    : undefined;

const profile = streamProfile.parse({
  profile: 1,
  name: "lists",
  transport: "tcp",
  ca_id: { chars: "digits", min: 1, max: 2 },
  framing: { by: "length", max: 99 },
  header: [{ field: "size", holds: "length" }],
  body: { layout: "parameters", tag: "u8", length: "u8", counts: "parameter" },
  fields: {
    size: { form: "u8" },
    service: { tag: 7, form: "text" },
    number: { tag: 8, form: "u16" },
  },
  messages: { m: { send: { service: "{services}", number: 1 } } },
  correlation: { field: "number", number: "counter" },
  commands: {},
  rules: [{ when: {}, outcome: "unknown" }],
});

/** What the message is with these services; faults are thrown. */
function write(list: readonly string[]) {
  const fail = (_: unknown, text: string) => {
    throw new Error(text);
  };
  const fields = fieldTable(profile.fields, "big");
  const shape = frameShape(profile, fields, fail);
  const { body } = profile;
  const parameters = body.layout === "parameters" ? parameterList(body, "big") : undefined;
  const tools = { fields, shape, parameters, find: services(list) };
  const [section] = Object.values(profile.messages);
  if (section === undefined) throw new Error("no message");
  const out = new Output();
  // Nothing here looks at the scope.
  sendLayout("m", section, tools, fail).encode({} as SendScope, out);
  return { hex: out.copy().toString("hex"), readable: out.text };
}

describe("profile messages: lists", () => {
  it("write a field once for each value", () => {
    expect(write(["A", "BC"])).to.deep.equal({
      hex: "0b 070341 07044243 08040001".replaceAll(" ", ""),
      readable: "m service=A service=BC number=1",
    });
    expect(write([])).to.deep.equal({ hex: "0408040001", readable: "m number=1" });
  });

  it("are counted", () => {
    const parsed = parseTemplate<SendScope>("{services.count}", services(["A", "BC"]));
    if ("fault" in parsed) throw new Error(parsed.fault);
    expect(parsed.template.get({} as SendScope)).to.equal(2);
    expect(parsed.template.variables).to.deep.equal(["services"]);
  });

  it("stand in JSON as they are, or one by one", () => {
    const body = jsonBody(
      { ids: "{services}", list: { $each: "{services}", $item: { id: "{item}", on: true } } },
      services(["A", "BC"]),
      (_, text) => {
        throw new Error(text);
      },
    );
    expect(JSON.parse(body.render({} as SendScope, false))).to.deep.equal({
      ids: ["A", "BC"],
      list: [
        { id: "A", on: true },
        { id: "BC", on: true },
      ],
    });
    expect(body.variables).to.deep.equal(["services", "services"]);
  });
});
