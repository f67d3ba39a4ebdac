import { expect } from "chai";
import { hideSecrets, isSecretName } from "../../src/secrets/secret-names.js";

describe("names of secrets", () => {
  for (const name of [
    "password",
    "adminPassword",
    "api_key",
    "newPin",
    "PIN",
    "tokens",
    "secret",
  ]) {
    it(`include ${name}`, () => expect(isSecretName(name)).to.equal(true));
  }
  for (const name of ["host", "port", "keep_alive_ms", "ping_ms", "tokenizer", "source_id"]) {
    it(`do not include ${name}`, () => expect(isSecretName(name)).to.equal(false));
  }

  it("hide their values at any depth, and the user part of URLs", () => {
    const connection = {
      host: "h",
      password: "x",
      tls: { key: { pem: "x" }, ports: [1, 2] },
      url: "https://user:x@host/path",
      none: null,
    };
    expect(hideSecrets(connection)).to.deep.equal({
      host: "h",
      password: "[hidden]",
      tls: { key: "[hidden]", ports: [1, 2] },
      url: "https://[hidden]@host/path",
      none: null,
    });
  });
});
