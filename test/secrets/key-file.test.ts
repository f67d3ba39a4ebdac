import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readKeyFile, readOrCreateKeyFile } from "../../src/secrets/key-file.js";
import { SecretKeyError } from "../../src/secrets/secret-key-error.js";
import { testFolder } from "../support/test-folder.js";

describe("the secret key file", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = testFolder("key");
    file = join(folder, "data", "provisioning.db.key");
  });

  function write(bytes: number, mode: number): void {
    file = join(folder, "key");
    writeFileSync(file, Buffer.alloc(bytes, 7));
    chmodSync(file, mode);
  }

  it("is made of 32 random bytes that only its owner can read, and stays", () => {
    const { key, warnings } = readOrCreateKeyFile(file);
    expect(key).to.have.length(32);
    expect(key.equals(Buffer.alloc(32))).to.equal(false);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(warnings).to.deep.equal([]);
    expect(readOrCreateKeyFile(file).key).to.deep.equal(key);
    expect(readdirSync(join(folder, "data"))).to.deep.equal(["provisioning.db.key"]);
  });

  it("is not made where it must exist", () => {
    expect(() => readKeyFile(file)).to.throw(
      SecretKeyError,
      `cannot read the secret key file ${file}: ENOENT`,
    );
    expect(existsSync(file)).to.equal(false);
  });

  it("is refused when it cannot be made", () => {
    write(32, 0o600);
    const inside = join(file, "below", "key");
    expect(() => readOrCreateKeyFile(inside)).to.throw(
      SecretKeyError,
      `cannot make the secret key file ${inside}: `,
    );
  });

  for (const bytes of [0, 31, 33, 44]) {
    it(`is refused with ${bytes} bytes`, () => {
      write(bytes, 0o600);
      expect(() => readOrCreateKeyFile(file)).to.throw(
        SecretKeyError,
        `the secret key file ${file} holds ${bytes} bytes and must hold 32: make one with head -c 32 /dev/urandom`,
      );
    });
  }

  for (const mode of [0o620, 0o602, 0o666]) {
    it(`is refused with mode ${mode.toString(8)}: others could put their own key in`, () => {
      write(32, mode);
      expect(() => readKeyFile(file)).to.throw(
        SecretKeyError,
        `the secret key file ${file} can be written by other users: chmod go-w ${file}`,
      );
    });
  }

  for (const mode of [0o640, 0o644, 0o404]) {
    it(`is taken with a warning with mode ${mode.toString(8)}`, () => {
      write(32, mode);
      expect(readKeyFile(file).warnings).to.deep.equal([
        `the secret key file ${file} can be read by other users`,
      ]);
    });
  }
});
