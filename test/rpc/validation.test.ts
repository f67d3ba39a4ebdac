import { expect } from "chai";
import fc from "fast-check";
import { optionalIdentifier, requiredIdentifier } from "../../src/calls/fields/identifier.js";
import { pageSize } from "../../src/calls/fields/page-size.js";
import { optionalText } from "../../src/calls/fields/text.js";
import { optionalUuid } from "../../src/calls/fields/uuid.js";
import { type Violations, validate } from "../../src/calls/fields/violations.js";
import { CommandType } from "../../src/gen/provisioning/v1/command.js";
import { ServiceError } from "../../src/requests/service-error.js";
import { timestampOf } from "../../src/rpc/messages/timestamp.js";
import { optionalDate } from "../../src/rpc/validation/date.js";
import { enumValue } from "../../src/rpc/validation/enum-value.js";
import {
  optionalSmartcardIdentifier,
  requiredSmartcardIdentifier,
} from "../../src/rpc/validation/item-identifier.js";
import {
  isIdentifierCursor,
  isNumberCursor,
  pageCursor,
  pageToken,
} from "../../src/rpc/validation/page-token.js";
import { requiredSubscriptionIdentifier } from "../../src/rpc/validation/subscription-identifier.js";

/** What is wrong, as `field: description`. */
function faults(read: (violations: Violations) => unknown): string[] {
  try {
    validate(read);
    return [];
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    expect(error.reason).to.equal("INVALID_REQUEST");
    return error.faults.map(({ field, description }) => `${field}: ${description}`);
  }
}

describe("validation", () => {
  it("tells all that is wrong at once, with paths", () => {
    const found = faults((v) => {
      v.add("a", "is bad");
      const item = v.within("items[3]");
      item.add("b", "is bad too");
      item.within("c").add("d", "and this");
    });
    expect(found).to.deep.equal(["a: is bad", "items[3].b: is bad too", "items[3].c.d: and this"]);
  });

  it("returns what was read when nothing is wrong", () => {
    expect(validate(() => 7)).to.equal(7);
  });

  it("records a bounded number of faults", () => {
    const found = faults((v) => {
      for (let i = 0; i < 100_000; i++) v.add(`items[${i}]`, "is bad");
    });
    expect(found).to.have.length(100);
  });

  it("takes identifiers of 1 to 64 characters without control characters or outer spaces", () => {
    const of = (value: string) => faults((v) => requiredIdentifier(v, "id", value));
    for (const good of ["a", "a b", "x".repeat(64), "\u{1F600}".repeat(64), "é"]) {
      expect(of(good)).to.deep.equal([]);
    }
    expect(of("")).to.deep.equal(["id: is mandatory"]);
    for (const bad of ["x".repeat(65), "\u{1F600}".repeat(65), " a", "a ", "a\u0000b", "a\nb"]) {
      expect(of(bad), JSON.stringify(bad)).to.have.length(1);
    }
    expect(validate((v) => optionalIdentifier(v, "id", ""))).to.equal(undefined);
  });

  it("names the oneof that is missing, and the member that is wrong", () => {
    expect(
      faults((v) => {
        requiredSubscriptionIdentifier(v, undefined);
        requiredSmartcardIdentifier(v, { identifier: undefined });
      }),
    ).to.deep.equal([
      "subscription_identifier: is mandatory: give exactly one of id, number",
      "smartcard_identifier: is mandatory: give exactly one of id, serial_number, alternative_code",
    ]);
    const serialNumber = { identifier: { $case: "serialNumber", value: "" } } as const;
    expect(faults((v) => requiredSmartcardIdentifier(v, serialNumber))).to.deep.equal([
      "smartcard_identifier.serial_number: is mandatory",
    ]);
  });

  it("reads identifiers into the words of the domain", () => {
    const card = { identifier: { $case: "alternativeCode", value: "7" } } as const;
    expect(validate((v) => requiredSmartcardIdentifier(v, card))).to.deep.equal({
      by: "alternative_code",
      value: "7",
    });
    expect(validate((v) => optionalSmartcardIdentifier(v, undefined))).to.equal(undefined);
  });

  it("takes texts of up to 128 characters without control characters", () => {
    const of = (value: string) => faults((v) => optionalText(v, "reason", value));
    for (const good of ["", " a ", "x".repeat(128), "\u{1F600}".repeat(128)]) {
      expect(of(good)).to.deep.equal([]);
    }
    for (const bad of ["x".repeat(129), "\u{1F600}".repeat(129), "x".repeat(1e6), "\t", "\u0000"]) {
      expect(of(bad)).to.have.length(1);
    }
    expect(validate((v) => optionalText(v, "reason", ""))).to.equal(undefined);
  });

  it("takes dates of the years 0001 to 9999, to the millisecond", () => {
    const of = (seconds: bigint, nanos: number) =>
      validate((v) => optionalDate(v, "scheduled_date", { seconds, nanos }));
    expect(of(1n, 999_999_999)).to.equal(1999);
    expect(of(-1n, 1_000_000)).to.equal(-999);
    expect(new Date(of(-62_135_596_800n, 0) ?? 0).toISOString()).to.match(/^0001-01-01T00:00:00/);
    expect(new Date(of(253_402_300_799n, 0) ?? 0).toISOString()).to.match(/^9999-12-31T23:59:59/);
    for (const [seconds, nanos] of [
      [-62_135_596_801n, 0],
      [253_402_300_800n, 0],
      [2n ** 63n - 1n, 0],
      [0n, -1],
      [0n, 1_000_000_000],
    ] as const) {
      expect(faults((v) => optionalDate(v, "scheduled_date", { seconds, nanos }))).to.deep.equal([
        "scheduled_date: is no date of the years 0001 to 9999",
      ]);
    }
    expect(validate((v) => optionalDate(v, "scheduled_date", undefined))).to.equal(undefined);
  });

  it("brings dates back as they were", () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (ms) => {
        expect(validate((v) => optionalDate(v, "date", timestampOf(ms)))).to.equal(ms);
      }),
    );
    expect(timestampOf(undefined)).to.equal(undefined);
  });

  it("takes UUIDs in either case", () => {
    const id = "0190A6F0-7c3e-7b1a-8f00-1234567890ab";
    expect(validate((v) => optionalUuid(v, "request_id", id))).to.equal(id.toLowerCase());
    for (const bad of ["x", `${id}0`, ` ${id}`, id.replaceAll("-", "")]) {
      expect(faults((v) => optionalUuid(v, "request_id", bad))).to.have.length(1);
    }
  });

  it("refuses values of an enum that have no meaning, naming those that have", () => {
    const meanings = { [CommandType.COMMAND_TYPE_PAIR]: "PAIR" as const };
    const of = (value: CommandType) => (v: Violations) =>
      enumValue(v, "types[0]", value, meanings, "PAIR");
    expect(validate(of(CommandType.COMMAND_TYPE_PAIR))).to.equal("PAIR");
    for (const bad of [CommandType.UNRECOGNIZED, CommandType.COMMAND_TYPE_UNSPECIFIED]) {
      expect(faults(of(bad))).to.deep.equal(["types[0]: must be one of COMMAND_TYPE_PAIR"]);
    }
  });

  it("bounds the size of a page", () => {
    const of = (size: number) => validate((v) => pageSize(v, size));
    expect([of(0), of(1), of(1000), of(1001), of(2 ** 31 - 1)]).to.deep.equal([
      50, 1, 1000, 1000, 1000,
    ]);
    expect(faults((v) => pageSize(v, -1))).to.deep.equal(["page_size: must not be negative"]);
  });

  it("binds page tokens to the filter", () => {
    const filter = { provider: "nds", states: ["PENDING"] };
    const token = pageToken(filter, 42);
    expect(token).to.match(/^[\w-]+$/);
    expect(validate((v) => pageCursor(v, token, { ...filter }, isNumberCursor))).to.equal(42);
    expect(validate((v) => pageCursor(v, "", filter, isNumberCursor))).to.equal(undefined);
    expect(
      faults((v) => pageCursor(v, token, { provider: "other" }, isNumberCursor)),
    ).to.deep.equal(["page_token: belongs to a list with other conditions"]);
    const byId = pageToken(filter, "S-1");
    expect(validate((v) => pageCursor(v, byId, filter, isIdentifierCursor))).to.equal("S-1");
  });

  it("refuses page tokens that were made up", () => {
    const filter = {};
    const made = [
      "x",
      "é",
      "a".repeat(5000),
      pageToken(filter, "S-1"),
      pageToken(filter, -1),
      pageToken(filter, 1.5),
      Buffer.from("null").toString("base64url"),
      Buffer.from("[1]").toString("base64url"),
    ];
    for (const token of made) {
      expect(
        faults((v) => pageCursor(v, token, filter, isNumberCursor)),
        token,
      ).to.deep.equal(["page_token: is not a token that this list has given"]);
    }
    const nul = pageToken(filter, "a\u0000");
    expect(faults((v) => pageCursor(v, nul, filter, isIdentifierCursor))).to.have.length(1);
  });
});
