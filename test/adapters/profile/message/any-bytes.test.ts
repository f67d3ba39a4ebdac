import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { readableForm } from "../../../../src/adapters/profile/message/received.js";
import { WireFault } from "../../../../src/adapters/profile/message/wire-fault.js";
import { shippedFile } from "../../../../src/adapters/profile/shipped-profiles.js";
import { tryAnswers } from "../../../../src/adapters/profile/trial/try-answer.js";
import { accepted, hex, rejected } from "../../../support/nds-bytes.js";
import { Compiled, profileText } from "../made-up/compiled.js";
import { line } from "../made-up/semaphore-peer.js";

const PROFILES: readonly (readonly [string, string, readonly Buffer[]])[] = [
  ["nds", readFileSync(shippedFile("nds"), "utf8"), [accepted(1), rejected(2, 5, "x")]],
  ["semaphore", profileText("semaphore"), [line("RSLTK1;OK;R"), line("WELCK1;0000000007")]],
  ["ledger", profileText("ledger"), [hex("cafe0a00910309 3b1e")]],
];

describe("profile messages: any bytes", () => {
  for (const [name, text, samples] of PROFILES) {
    it(`are read, or close the connection, and nothing else: ${name}`, () => {
      const compiled = new Compiled(text, {});
      const sample = fc.constantFrom(...samples);
      const bent = fc
        .tuple(sample, fc.nat(), fc.nat(255), fc.nat(60))
        .map(([bytes, at, byte, end]) => {
          const copy = Buffer.from(bytes);
          copy[at % copy.length] = byte;
          return copy.subarray(0, end);
        });
      const anything = fc.oneof(sample, bent, fc.uint8Array({ maxLength: 80 }).map(Buffer.from));
      fc.assert(
        fc.property(fc.array(anything, { maxLength: 4 }), (pieces) => {
          const bytes = Buffer.concat(pieces);
          // What takes messages apart for people must not be upset either.
          tryAnswers(compiled.protocol, bytes);
          try {
            for (const received of compiled.read(bytes)) {
              expect(readableForm(received)).to.match(/^\w+/);
              expect(compiled.protocol.rules.decide(received).outcome.kind).to.be.a("string");
            }
          } catch (error) {
            expect(error).to.be.instanceOf(WireFault);
          }
        }),
        { numRuns: 2_000 },
      );
    });
  }
});
