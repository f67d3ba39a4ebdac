import { expect } from "chai";
import type { ProviderDefinition } from "../../src/providers/provider.js";
import { changedDefinition } from "../../src/providers/provider-change.js";

const STORED: ProviderDefinition = {
  name: "main",
  protocol: "fake",
  lifeCycleState: "EFFECTIVE",
  commands: ["PAIR"],
  services: { A: "1" },
  connection: { host: "h", port: 1, password: "hush" },
  limits: { ratePerSecond: 5, burst: 9 },
};
const isSecret = (member: string) => member === "password";
const changed = (change: Parameters<typeof changedDefinition>[1]) =>
  changedDefinition(STORED, change, isSecret);

describe("a change of a provider", () => {
  it("leaves alone what it does not name", () => {
    expect(changed({})).to.deep.equal(STORED);
  });

  it("keeps secrets that a new connection leaves out, and takes those that it has", () => {
    expect(changed({ connection: { host: "i" } }).connection).to.deep.equal({
      host: "i",
      password: "hush",
    });
    expect(changed({ connection: { password: "new" } }).connection).to.deep.equal({
      password: "new",
    });
  });

  it("takes no secret along to another protocol", () => {
    expect(changed({ protocol: "other", connection: { host: "i" } }).connection).to.deep.equal({
      host: "i",
    });
  });

  it("sets and takes out single members, after what replaces the whole", () => {
    const members = new Map<string, unknown>([
      ["port", 2],
      ["password", undefined],
    ]);
    expect(changed({ connection: { host: "i" }, members }).connection).to.deep.equal({
      host: "i",
      port: 2,
    });
    const serviceMembers = new Map([
      ["A", undefined],
      ["B", "2"],
    ]);
    expect(changed({ serviceMembers }).services).to.deep.equal({ B: "2" });
  });

  it("puts limits and commands back to their defaults", () => {
    const { limits, commands } = changed({
      limits: { burst: undefined },
      commands: { types: undefined },
    });
    expect(limits).to.deep.equal({ ratePerSecond: 5 });
    expect(commands).to.equal(undefined);
  });
});
