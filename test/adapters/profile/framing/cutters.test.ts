import { expect } from "chai";
import fc from "fast-check";
import { byteStuffing } from "../../../../src/adapters/profile/framing/byte-stuffing.js";
import { CountedFrames } from "../../../../src/adapters/profile/framing/counted-frames.js";
import { DelimitedFrames } from "../../../../src/adapters/profile/framing/delimited-frames.js";
import type { FrameCutter } from "../../../../src/adapters/profile/framing/frame-cutter.js";
import { WireFault } from "../../../../src/adapters/profile/message/wire-fault.js";

const MAX = 20;

const crlf = () =>
  new DelimitedFrames({ start: Buffer.from("<"), end: Buffer.from("\r\n"), max: MAX });
const pairs = () => new CountedFrames(() => 2, 2);
const prefixed = () =>
  new CountedFrames((bytes, start, end) => {
    if (end - start < 1) return undefined;
    const length = bytes[start] as number;
    if (length > MAX) throw new WireFault(`${length} bytes`);
    return 1 + length;
  }, 1);

/** What comes out when bytes are pushed in these pieces. */
function cut(cutter: FrameCutter, pieces: readonly Buffer[]): string[] {
  const frames: string[] = [];
  for (const piece of pieces) {
    cutter.push(piece, (bytes, start, end) => {
      frames.push(bytes.toString("latin1", start, end));
      return true;
    });
  }
  return frames;
}

function pieces(bytes: Buffer, points: readonly number[]): Buffer[] {
  const edges = [0, ...points.map((point) => point % (bytes.length + 1)).sort((a, b) => a - b)];
  return [...edges, bytes.length].slice(1).map((end, index) => bytes.subarray(edges[index], end));
}

describe("profile framing", () => {
  const texts = fc.array(fc.stringMatching(/^[a-z\r]{0,19}[a-z]$/), { maxLength: 8 });
  const cuts = fc.array(fc.nat(400), { maxLength: 10 });

  const stuffed = {
    by: "delimiter",
    start: "<",
    end: ">",
    max: MAX,
    escape: { by: "}", xor: 0x20 },
  } as const;

  it("finds messages in which delimiters are escaped, however they were cut", () => {
    const any = fc.array(fc.stringMatching(/^[<>}a-z\]]{0,20}$/), { maxLength: 8 });
    const stuffing = byteStuffing(stuffed);
    const [start, end] = [Buffer.from("<"), Buffer.from(">")];
    fc.assert(
      fc.property(any, cuts, (messages, points) => {
        const bytes = Buffer.concat(
          messages.flatMap((text) => [
            start,
            stuffing?.stuff(Buffer.from(text)).stuffed ?? Buffer.alloc(0),
            end,
          ]),
        );
        const cutter = new DelimitedFrames({ start, end, max: MAX, stuffing });
        expect(cut(cutter, pieces(bytes, points))).to.deep.equal(messages);
        expect(cutter.midFrame).to.equal(false);
      }),
    );
    const cutter = () => new DelimitedFrames({ start, end, max: MAX, stuffing });
    expect(() => cut(cutter(), [Buffer.from("<a}>")])).to.throw(WireFault, /inside of an escape/);
    expect(() => cut(cutter(), [Buffer.from(`<${"a".repeat(21)}>`)])).to.throw(/over 20 bytes/);
    expect(() => cut(cutter(), [Buffer.from(`<${"a".repeat(42)}`)])).to.throw(/over 20 bytes/);
  });

  it("finds delimited messages however they were cut", () => {
    fc.assert(
      fc.property(texts, cuts, (messages, points) => {
        const bytes = Buffer.from(messages.map((text) => `<${text}\r\n`).join(""));
        const cutter = crlf();
        expect(cut(cutter, pieces(bytes, points))).to.deep.equal(messages);
        expect(cutter.midFrame).to.equal(false);
      }),
      { numRuns: 500 },
    );
  });

  it("finds counted messages however they were cut", () => {
    fc.assert(
      fc.property(texts, cuts, (messages, points) => {
        const framed = messages.map((text) => `${String.fromCharCode(text.length)}${text}`);
        const bytes = Buffer.from(framed.join(""));
        const cutter = prefixed();
        expect(cut(cutter, pieces(bytes, points))).to.deep.equal(framed);
        expect(cutter.midFrame).to.equal(false);
      }),
      { numRuns: 500 },
    );
  });

  it("finds messages of one size", () => {
    const cutter = pairs();
    expect(cut(cutter, [Buffer.from("abc"), Buffer.from("d"), Buffer.from("e")])).to.deep.equal([
      "ab",
      "cd",
    ]);
    expect(cutter.midFrame).to.equal(true);
  });

  it("holds no more of a message without end than it may have", () => {
    for (const chunk of [1, 7, 1_000]) {
      const cutter = crlf();
      const flood = Buffer.from(`<${"x".repeat(MAX)}`);
      expect(cut(cutter, pieces(flood, []))).to.deep.equal([]);
      expect(() => cut(cutter, [Buffer.alloc(chunk, "x"), Buffer.alloc(2, "x")])).to.throw(
        WireFault,
      );
    }
  });

  it("takes a message of just the most bytes, and none of one more", () => {
    const most = "x".repeat(MAX);
    expect(cut(crlf(), [Buffer.from(`<${most}\r`), Buffer.from("\n")])).to.deep.equal([most]);
    expect(() => cut(crlf(), [Buffer.from(`<${most}x\r\n`)])).to.throw(WireFault, /over 20/);
  });

  it("finds out at once that something else is spoken", () => {
    expect(() => cut(crlf(), [Buffer.from("H")])).to.throw(WireFault, /begin/);
    expect(() => cut(prefixed(), [Buffer.from("HTTP")])).to.throw(WireFault);
  });

  it("stops when nothing more is wanted", () => {
    for (const cutter of [pairs(), prefixed(), crlf()]) {
      let taken = 0;
      const bytes = Buffer.from(cutter instanceof DelimitedFrames ? "<a\r\n<b\r\n" : "\x01a\x01b");
      cutter.push(bytes, () => {
        taken += 1;
        return false;
      });
      expect(taken).to.equal(1);
    }
  });
});
