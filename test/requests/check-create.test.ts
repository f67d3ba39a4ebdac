import { expect } from "chai";
import { checkCreate, type Resolution } from "../../src/requests/check-create.js";
import type { Reason } from "../../src/requests/reasons.js";
import { acceptance } from "../conformance/store/creates.js";
import { takes } from "../support/provider-rules.js";

const wanted = acceptance({ smartcard: { by: "serial_number", value: "SN-1" } });
const ITEM = {
  id: "item-1",
  type: "SMARTCARD",
  subscriptionId: "sub-1",
  serialNumber: "SN-1",
  alternativeCode: "A-1",
  caId: "00000001",
  provider: "alpha",
};
const FOUND: Resolution = {
  subscription: { id: "sub-1", number: "S-1" },
  item: ITEM,
  setTopBox: undefined,
  providerState: "EFFECTIVE",
};

const everything = takes(["REAUTHORISE_ALL_SERVICES"]);

function check(found: Partial<Resolution>, rules = everything) {
  return checkCreate(wanted, { ...FOUND, ...found }, rules);
}

function reasons(...given: Parameters<typeof check>): Reason[] {
  const checked = check(...given);
  return "faults" in checked ? checked.faults.map((fault) => fault.reason) : [];
}

describe("checking a create against what it names", () => {
  it("tells where it goes when all is well", () => {
    const checked = check({});
    expect("destination" in checked && checked.destination).to.deep.include({
      subscription: { id: "sub-1", number: "S-1" },
      provider: "alpha",
      caId: "00000001",
    });
  });

  it("names all that is not there, and nothing else", () => {
    const nothing: Resolution = {
      subscription: undefined,
      item: undefined,
      setTopBox: undefined,
      providerState: undefined,
    };
    expect(reasons(nothing)).to.deep.equal(["SUBSCRIPTION_NOT_FOUND", "SMARTCARD_NOT_FOUND"]);
    const box = { ...ITEM, type: "SET_TOP_BOX" };
    expect(reasons({ subscription: undefined, item: box })).to.deep.equal([
      "SUBSCRIPTION_NOT_FOUND",
    ]);
    expect(reasons({ item: undefined })).to.deep.equal(["SMARTCARD_NOT_FOUND"]);
  });

  it("names all that does not fit", () => {
    const item = { ...ITEM, subscriptionId: "sub-2", type: "SET_TOP_BOX" };
    expect(reasons({ item, providerState: "NOT_EFFECTIVE" }, takes([]))).to.deep.equal([
      "SMARTCARD_NOT_OF_SUBSCRIPTION",
      "ITEM_NOT_A_SMARTCARD",
      "PROVIDER_NOT_EFFECTIVE",
      "COMMAND_NOT_SUPPORTED",
    ]);
  });

  it("asks nothing of a provider that is not there", () => {
    for (const missing of [{ provider: undefined }, { caId: undefined }]) {
      const found = { item: { ...ITEM, ...missing }, providerState: undefined };
      expect(reasons(found, takes([]))).to.deep.equal(["SMARTCARD_WITHOUT_PROVIDER"]);
    }
  });

  it("takes a provider that is no longer stored for one that is not effective", () => {
    expect(reasons({ providerState: undefined })).to.deep.equal(["PROVIDER_NOT_EFFECTIVE"]);
  });

  it("asks the card's own provider for its commands", () => {
    const asked: string[] = [];
    checkCreate(wanted, FOUND, {
      ...everything,
      commands(provider) {
        asked.push(provider);
        return everything.commands(provider);
      },
    });
    expect(asked).to.deep.equal(["alpha"]);
  });

  it("names field and resource as the caller gave them", () => {
    const checked = check({ item: undefined });
    expect("faults" in checked && checked.faults).to.deep.equal([
      {
        reason: "SMARTCARD_NOT_FOUND",
        field: "smartcard_identifier.serial_number",
        description: "no smartcard has this serial_number",
        resource: { type: "smartcard", name: "SN-1" },
      },
    ]);
  });

  describe("that ties a card to a set-top box", () => {
    const BOX = { ...ITEM, id: "box-1", type: "SET_TOP_BOX", caId: "00000002" };
    const pair = acceptance({
      command: { type: "PAIR", setTopBox: { by: "serial_number", value: "BX-1" } },
    });
    const checked = (setTopBox: Resolution["setTopBox"], found: Partial<Resolution> = {}) =>
      checkCreate(pair, { ...FOUND, ...found, setTopBox }, takes(["PAIR"]));
    const faults = (...given: Parameters<typeof checked>) => {
      const result = checked(...given);
      return "faults" in result ? result.faults.map(({ reason }) => reason) : [];
    };

    it("gives the command the box's id at the CA system", () => {
      const result = checked(BOX);
      expect("destination" in result && result.destination.command).to.deep.equal({
        type: "PAIR",
        setTopBox: {
          id: "box-1",
          serialNumber: "SN-1",
          alternativeCode: "A-1",
          caId: "00000002",
        },
      });
    });

    it("names a box that is not there with all else that is not", () => {
      expect(faults(undefined, { item: undefined })).to.deep.equal([
        "SMARTCARD_NOT_FOUND",
        "SET_TOP_BOX_NOT_FOUND",
      ]);
    });

    it("names all that does not fit of it", () => {
      const other = { ...BOX, subscriptionId: "sub-2", type: "SMARTCARD", provider: "beta" };
      expect(faults(other)).to.deep.equal([
        "SET_TOP_BOX_NOT_OF_SUBSCRIPTION",
        "ITEM_NOT_A_SET_TOP_BOX",
        "SET_TOP_BOX_OF_OTHER_PROVIDER",
      ]);
      expect(faults({ ...BOX, caId: undefined })).to.deep.equal(["SET_TOP_BOX_WITHOUT_PROVIDER"]);
    });
  });

  it("asks what the protocol can say last, and of the whole command", () => {
    const asked: object[] = [];
    const rules = {
      ...everything,
      commandFaults: (provider: string, draft: object) => {
        asked.push({ provider, ...draft });
        return [{ part: "pin", description: "must be 8 digits" }] as const;
      },
    };
    expect(reasons({ providerState: "NOT_EFFECTIVE" }, rules)).to.deep.equal([
      "PROVIDER_NOT_EFFECTIVE",
    ]);
    expect(asked).to.deep.equal([]);
    expect(reasons({}, rules)).to.deep.equal(["VALUE_NOT_SENDABLE"]);
    expect(asked).to.deep.equal([
      {
        provider: "alpha",
        caId: "00000001",
        subscriptionNumber: "S-1",
        command: { type: "REAUTHORISE_ALL_SERVICES" },
        pinDigits: undefined,
      },
    ]);
  });
});
