import { expect } from "chai";
import fc from "fast-check";
import { UnwritableValue } from "../../../../src/adapters/profile/fields/output.js";
import { codecOf, read, roundTrip, write } from "./codec.js";

const moment = Date.parse("2026-02-28T23:59:58Z");

describe("profile fields: dates", () => {
  const golden: readonly (readonly [object, string])[] = [
    [{ as: "seconds", bytes: 4 }, "69a3817e"],
    [{ as: "milliseconds", bytes: 8 }, "0000019ca6b1d430"],
    [{ as: "days", bytes: 2, since: "2000-01-01" }, "2553"],
    [{ as: "digits", layout: "YYYYMMDD" }, "3230323630323238"],
    [{ as: "digits", layout: "YYMMDDHHMMSS" }, "323630323238323335393538"],
    [{ as: "bcd", layout: "YYYYMMDDHHMMSS" }, "20260228235958"],
    [{ as: "bcd", layout: "YYMMDD" }, "260228"],
  ];
  for (const [field, hex] of golden) {
    it(`writes a moment as ${hex}: ${JSON.stringify(field)}`, () => {
      expect(write({ form: "date", ...field }, moment)).to.equal(hex);
    });
  }

  it("reads what it wrote, to the second, minute or day", () => {
    const steps: readonly (readonly [object, number])[] = [
      [{ as: "seconds", bytes: 5 }, 1_000],
      [{ as: "milliseconds", bytes: 8 }, 1],
      [{ as: "days", bytes: 3 }, 86_400_000],
      [{ as: "digits", layout: "YYYYMMDD" }, 86_400_000],
      [{ as: "digits", layout: "YYYYMMDDHHMM" }, 60_000],
      [{ as: "bcd", layout: "YYYYMMDDHHMMSS" }, 1_000],
    ];
    const dates = fc.date({
      min: new Date("1970-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    });
    for (const [field, step] of steps) {
      fc.assert(
        fc.property(dates, (date) => {
          const expected = Math.floor(date.getTime() / step) * step;
          expect(roundTrip({ form: "date", ...field }, date.getTime())).to.equal(expected);
        }),
      );
    }
  });

  const local = {
    form: "date",
    as: "digits",
    layout: "YYYYMMDDHHMMSS",
    time_zone: "Europe/Nicosia",
  };
  const hex = (text: string) => Buffer.from(text).toString("hex");

  it("writes and reads what clocks of a zone show", () => {
    for (const [date, shown] of [
      ["2026-01-31T22:30:00Z", "20260201003000"],
      ["2026-07-31T21:30:00Z", "20260801003000"],
    ] as const) {
      expect(write(local, Date.parse(date))).to.equal(hex(shown));
      expect(read(local, hex(shown)).value).to.equal(Date.parse(date));
    }
    const dates = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        const expected = Math.floor(date.getTime() / 1_000) * 1_000;
        const back = roundTrip(local, date.getTime());
        // In the hour that clocks show twice, the earlier reading.
        expect([expected, expected - 3_600_000]).to.include(back);
      }),
    );
  });

  it("takes the first of two hours, and none that clocks leave out", () => {
    expect(read(local, hex("20261025033000")).value).to.equal(Date.parse("2026-10-25T00:30:00Z"));
    expect(read(local, hex("20260329033000")).value).to.equal(undefined);
  });

  it("refuses what is no date", () => {
    const digits = { form: "date", as: "digits", layout: "YYYYMMDD" };
    for (const text of ["20260229", "20261301", "2026022x"]) {
      expect(read(digits, Buffer.from(text).toString("hex")).value, text).to.equal(undefined);
    }
    expect(() => write(digits, "soon")).to.throw(UnwritableValue);
    expect(() =>
      write({ form: "date", as: "days", bytes: 2, since: "2030-01-01" }, moment),
    ).to.throw(/before the first date/);
    const century = { form: "date", as: "digits", layout: "YYMMDD" };
    expect(() => write(century, Date.parse("1999-12-31"))).to.throw(UnwritableValue);
  });

  it("shows dates as people read them", () => {
    const codec = codecOf({ form: "date", as: "seconds", bytes: 4 });
    expect(codec.show(moment)).to.equal("2026-02-28T23:59:58Z");
  });
});
