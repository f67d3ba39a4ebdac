import { expect } from "chai";
import fc from "fast-check";
import { DATE_FORM, dateText, readDate } from "../../src/http/dates/date-text.js";
import { TimeZone } from "../../src/requests/time-zone.js";

const ZONES = [
  "UTC",
  "Europe/Nicosia",
  "America/New_York",
  "Australia/Lord_Howe",
  "Africa/Casablanca",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "Africa/Monrovia",
];
const SECOND = 1000;

const anyDate = fc
  .integer({ min: Date.UTC(1900, 0, 1) / SECOND, max: Date.UTC(2100, 0, 1) / SECOND })
  .map((seconds) => seconds * SECOND);

/** What Node's own formatter shows at a moment, in another way than the code does. */
function shown(ms: number, timeZone: string): string {
  const options = { timeZone, dateStyle: "short", timeStyle: "medium" } as const;
  return new Date(ms).toLocaleString("sv-SE", options).replace(" ", "T");
}

describe("dates of the web API", () => {
  const read = (text: string, zone: string) => readDate(text, new TimeZone(zone));
  const moment = (text: string) => ({ ms: Date.parse(text) });

  it("are written by the clocks of the zone, to the second", () => {
    const zone = new TimeZone("Europe/Nicosia");
    expect(dateText(Date.parse("2015-09-07T12:03:33.987Z"), zone)).to.equal("2015-09-07T15:03:33");
    expect(dateText(Date.parse("2015-12-07T12:03:33Z"), zone)).to.equal("2015-12-07T14:03:33");
    for (const name of ZONES) {
      const clocks = new TimeZone(name);
      fc.assert(
        fc.property(anyDate, (ms) => {
          expect(dateText(ms, clocks)).to.equal(shown(ms, name));
        }),
        { numRuns: 200 },
      );
    }
  });

  it("are read by the clocks of the zone, the first of two moments that show the same", () => {
    for (const name of ZONES) {
      const clocks = new TimeZone(name);
      fc.assert(
        fc.property(anyDate, (ms) => {
          const text = dateText(ms, clocks);
          const found = readDate(text, clocks);
          if (!("ms" in found)) throw new Error(`${text}: ${found.fault}`);
          expect(found.ms).to.be.at.most(ms);
          expect(dateText(found.ms, clocks)).to.equal(text);
        }),
        { numRuns: 200 },
      );
    }
  });

  it("in an hour that the clocks skip are refused", () => {
    const fault = { fault: "is skipped by the clocks of the time zone" };
    expect(read("2026-03-29T03:00:00", "Europe/Nicosia")).to.deep.equal(fault);
    expect(read("2026-03-29T03:59:59", "Europe/Nicosia")).to.deep.equal(fault);
    expect(read("2026-03-29T02:59:59", "Europe/Nicosia")).to.deep.equal(
      moment("2026-03-29T00:59:59Z"),
    );
    expect(read("2026-03-29T04:00:00", "Europe/Nicosia")).to.deep.equal(
      moment("2026-03-29T01:00:00Z"),
    );
    // Samoa skipped a whole day.
    expect(read("2011-12-30T12:00:00", "Pacific/Apia")).to.deep.equal(fault);
    expect(read("2011-12-31T00:00:00", "Pacific/Apia")).to.deep.equal(
      moment("2011-12-30T10:00:00Z"),
    );
  });

  it("whose + was lost on the way tell how it is written", () => {
    expect(read("2026-03-29T03:00:00 02:00", "UTC")).to.deep.equal({
      fault: `must be ${DATE_FORM}; in a form or a query + is written %2B`,
    });
    expect(read("2026-03-29 03:00", "UTC")).to.deep.equal(moment("2026-03-29T03:00:00Z"));
    expect(read("tomorrow 02:00", "UTC")).to.deep.equal({ fault: `must be ${DATE_FORM}` });
  });

  it("in an hour that the clocks show twice are the earlier", () => {
    expect(read("2026-10-25T03:30:00", "Europe/Nicosia")).to.deep.equal(
      moment("2026-10-25T00:30:00Z"),
    );
    expect(read("2026-04-05T01:45:00", "Australia/Lord_Howe")).to.deep.equal(
      moment("2026-04-04T14:45:00Z"),
    );
  });

  it("with an offset are what they say, whatever the zone", () => {
    for (const zone of ZONES) {
      const text = "2026-03-29T03:30:00";
      expect(read(`${text}Z`, zone)).to.deep.equal(moment(`${text}Z`));
      expect(read(`${text}+03:00`, zone)).to.deep.equal(moment(`${text}+03:00`));
      expect(read(`${text}.1239-11:30`, zone)).to.deep.equal(moment(`${text}.123-11:30`));
    }
  });

  it("may lack what is finer than the day or the minute", () => {
    expect(read("2026-07-01", "Europe/Nicosia")).to.deep.equal(moment("2026-06-30T21:00:00Z"));
    expect(read("2026-07-01T10:30", "UTC")).to.deep.equal(moment("2026-07-01T10:30:00Z"));
    expect(read("2026-07-01 10:30:05", "UTC")).to.deep.equal(moment("2026-07-01T10:30:05Z"));
  });

  it("that are none are refused", () => {
    for (const text of [
      "tomorrow",
      "2026",
      "2026-13-01",
      "2026-02-29",
      "2026-02-30T10:00:00",
      "2026-01-01T24:00:00",
      "2026-01-01T10:60:00",
      "2026-01-01T10:00:00+19:00",
      "2026-01-01T10:00:00+01:60",
      "2026-01-01T10:00:00 UTC",
      "+02026-01-01T10:00:00",
      `2026-01-01T10:00:00.${"1".repeat(1000)}`,
    ]) {
      expect(read(text, "UTC"), text).to.have.property("fault");
    }
  });
});
