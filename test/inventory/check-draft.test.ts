import { expect } from "chai";
import { checkDraft } from "../../src/inventory/check-draft.js";
import type { ItemDraft } from "../../src/inventory/subscription-draft.js";
import { NDS_RULES } from "./ca-id-rules.js";

function item(changes: Partial<ItemDraft> = {}): ItemDraft {
  return {
    id: "I-1",
    type: "SMARTCARD",
    serialNumber: "SN-1",
    alternativeCode: "",
    caId: "",
    provider: "",
    ...changes,
  };
}

function faultsOf(items: ItemDraft[], id = "S-1", number = "N-1"): string[] {
  const result = checkDraft({ id, number, items }, NDS_RULES);
  if (result.kind === "sound") return [];
  return result.faults.map(({ reason, field, description }) => `${reason} ${field} ${description}`);
}

describe("checkDraft", () => {
  it("makes an upsert of a sound draft, empty fields being absent ones", () => {
    const draft = { id: "S-1", number: "N-1", items: [item()] };
    expect(checkDraft(draft, NDS_RULES)).to.deep.equal({
      kind: "sound",
      upsert: {
        id: "S-1",
        number: "N-1",
        items: [
          {
            id: "I-1",
            type: "SMARTCARD",
            serialNumber: "SN-1",
            alternativeCode: undefined,
            ca: undefined,
          },
        ],
      },
    });
  });

  it("names all that is missing", () => {
    expect(faultsOf([item({ id: "", type: "", serialNumber: "" })], "", "")).to.deep.equal([
      "INVALID_REQUEST id is mandatory",
      "INVALID_REQUEST number is mandatory",
      "INVALID_REQUEST installed_items[0].id is mandatory",
      "INVALID_REQUEST installed_items[0].type must be SMARTCARD or SET_TOP_BOX",
      "INVALID_REQUEST installed_items[0].serial_number is mandatory",
    ]);
  });

  it("takes identifiers of 64 characters, whatever they are made of", () => {
    for (const text of ["x".repeat(64), "😀".repeat(64), "a b", "né"]) {
      expect(faultsOf([], text), text).to.deep.equal([]);
    }
  });

  it("refuses identifiers that are too long, or hold what must not be in them", () => {
    const cases: [string, string][] = [
      ["x".repeat(65), "is longer than 64 characters"],
      ["😀".repeat(65), "is longer than 64 characters"],
      ["x".repeat(1_000_000), "is longer than 64 characters"],
      ["a\u0000b", "must not hold control characters"],
      ["a\u0085b", "must not hold control characters"],
      ["a\ud800b", "must not hold control characters"],
      [" a", "must not begin or end with a space"],
      ["a\u00a0", "must not begin or end with a space"],
    ];
    for (const [text, fault] of cases) {
      expect(faultsOf([], text)).to.deep.equal([`INVALID_REQUEST id ${fault}`]);
    }
  });

  it("wants ca_id and provider together", () => {
    expect(faultsOf([item({ caId: "12345678" })])).to.deep.equal([
      "INVALID_REQUEST installed_items[0].provider is mandatory with ca_id",
    ]);
    expect(faultsOf([item({ provider: "nds-main" })])).to.deep.equal([
      "INVALID_REQUEST installed_items[0].ca_id is mandatory with provider",
    ]);
  });

  it("holds the CA id against the rules of its provider", () => {
    expect(faultsOf([item({ caId: "12345678", provider: "nds-main" })])).to.deep.equal([]);
    expect(faultsOf([item({ caId: "1234", provider: "nds-main" })])).to.deep.equal([
      "INVALID_REQUEST installed_items[0].ca_id must be 8 to 16 digits",
    ]);
    expect(faultsOf([item({ caId: "12345678", provider: "nobody" })])).to.deep.equal([
      "PROVIDER_NOT_FOUND installed_items[0].provider no provider has this name",
    ]);
  });

  it("refuses two items of one subscription with a value that must be unique", () => {
    const other = item({ id: "I-2" });
    expect(faultsOf([item(), other])).to.deep.equal([
      "INVALID_REQUEST installed_items[1].serial_number " +
        "is that of an earlier item of the subscription too",
    ]);
    expect(faultsOf([item(), item({ serialNumber: "SN-2" })])).to.have.length(1);
  });

  it("refuses more items than fit into a transaction", () => {
    const items = Array.from({ length: 1001 }, (_, n) =>
      item({ id: `I-${n}`, serialNumber: `SN-${n}` }),
    );
    expect(faultsOf(items.slice(0, 1000))).to.deep.equal([]);
    expect(faultsOf(items)).to.deep.equal([
      "INVALID_REQUEST installed_items has more than 1000 items",
    ]);
  });
});
