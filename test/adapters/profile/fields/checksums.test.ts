import { expect } from "chai";
import {
  CHECKSUMS,
  type ChecksumName,
} from "../../../../src/adapters/profile/fields/checksum-algorithms.js";

/** What each makes of the nine characters that catalogues of checksums use. */
const CHECK: Readonly<Record<ChecksumName, number>> = {
  xor8: 0x31,
  sum8: 0xdd,
  "sum8-negated": 0x23,
  sum16: 0x01dd,
  "crc16-ccitt": 0x29b1,
  "crc16-xmodem": 0x31c3,
  "crc16-kermit": 0x2189,
  "crc16-x25": 0x906e,
  "crc16-arc": 0xbb3d,
  "crc16-modbus": 0x4b37,
  crc32: 0xcbf43926,
};

describe("profile fields: checksums", () => {
  for (const [name, value] of Object.entries(CHECK)) {
    it(`knows ${name}`, () => {
      const { sum } = CHECKSUMS[name as ChecksumName];
      expect(sum(Buffer.from("x123456789y"), 1, 10)).to.equal(value);
    });
  }

  it("has no other", () => {
    expect(Object.keys(CHECKSUMS)).to.have.members(Object.keys(CHECK));
  });
});
