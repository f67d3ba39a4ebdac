import { expect } from "chai";
import { hashPassword, isPassword, unmatchableHash } from "../../src/auth/password-hash.js";

describe("a password hash", () => {
  it("is that of its password only, and another each time", async () => {
    const [one, two] = [await hashPassword("secret"), await hashPassword("secret")];
    expect(one).not.to.equal(two);
    expect(one).to.match(/^\$scrypt\$ln=15,r=8,p=1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await isPassword("secret", one)).to.equal(true);
    expect(await isPassword("Secret", one)).to.equal(false);
    expect(await isPassword("", one)).to.equal(false);
  });

  it("says how it was made, so that older ones can still be read", async () => {
    const old = "$scrypt$ln=4,r=1,p=1$c2FsdA$wA3NL5PxGC5HgyqO_qd6cx4D7G9AH8RsL_jASG7ovvM";
    expect(await isPassword("x", old)).to.equal(true);
    expect(await isPassword("y", old)).to.equal(false);
  });

  it("takes a password typed in another normal form", async () => {
    const hash = await hashPassword("caf\u00e9");
    expect(await isPassword("cafe\u0301", hash)).to.equal(true);
  });

  it("can be one that no password has", async () => {
    expect(await isPassword("", unmatchableHash())).to.equal(false);
  });

  it("that cannot be read is an error, not a wrong password", async () => {
    let thrown: unknown;
    await isPassword("x", "plain").catch((error: unknown) => {
      thrown = error;
    });
    expect(thrown).to.be.instanceOf(Error);
  });
});
