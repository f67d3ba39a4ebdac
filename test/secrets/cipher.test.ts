import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { Cipher } from "../../src/secrets/cipher.js";
import { SecretKeyError } from "../../src/secrets/secret-key-error.js";

describe("the cipher", () => {
  const cipher = new Cipher(Buffer.alloc(32, 1));

  it("gives back what it encrypted: text, bytes, nothing", () => {
    for (const plain of [Buffer.from("1234"), randomBytes(1000), Buffer.alloc(0)]) {
      expect(cipher.decrypt("pin", cipher.encrypt("pin", plain))).to.deep.equal(plain);
    }
    expect(cipher.decrypt("pin", cipher.encrypt("pin", "ünïcode")).toString()).to.equal("ünïcode");
  });

  it("names version and key in the text, and never makes the same text twice", () => {
    const texts = Array.from({ length: 100 }, () => cipher.encrypt("pin", "1234"));
    expect(new Set(texts).size).to.equal(100);
    for (const text of texts) {
      expect(text).to.match(new RegExp(`^v1\\.${cipher.keyId}\\.[A-Za-z0-9_-]+$`));
    }
  });

  it("refuses a text that was made for another purpose", () => {
    const text = cipher.encrypt("pin of 1", "1234");
    expect(() => cipher.decrypt("pin of 2", text)).to.throw(
      "the stored pin of 2 was changed, or belongs to something else",
    );
  });

  it("refuses a text with any bit changed", () => {
    const text = cipher.encrypt("pin", "1234");
    const start = text.lastIndexOf(".") + 1;
    const data = Buffer.from(text.slice(start), "base64url");
    for (let byte = 0; byte < data.length; byte += 1) {
      const changed = Buffer.from(data);
      changed.writeUInt8(changed.readUInt8(byte) ^ 1, byte);
      expect(() =>
        cipher.decrypt("pin", text.slice(0, start) + changed.toString("base64url")),
      ).to.throw("was changed");
    }
  });

  it("tells another key from a changed text", () => {
    const other = new Cipher(Buffer.alloc(32, 2));
    expect(() => other.decrypt("pin", cipher.encrypt("pin", "1234"))).to.throw(
      SecretKeyError,
      `the stored pin was encrypted with another secret key: its key id is ${cipher.keyId}, that of the key file is ${other.keyId}`,
    );
  });

  it("refuses what it never made", () => {
    for (const text of ["", "1234", "v1.x.", "v2.a.b", `v1.${cipher.keyId}.AAAA`, "v1.a.b.c"]) {
      expect(() => cipher.decrypt("pin", text), text).to.throw(
        "the stored pin is no encrypted text of this service",
      );
    }
  });
});
