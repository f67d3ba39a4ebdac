import { expect } from "chai";
import type { ProtocolLookup } from "../../src/providers/configure-adapter.js";
import { secretsOf, shownConnection } from "../../src/providers/secret-settings.js";
import { findFakeProtocol } from "../config/fake-protocol.js";

/** A protocol whose secret has a name that tells nothing. */
const findProtocol: ProtocolLookup = (name) => {
  const found = findFakeProtocol("fake");
  if ("fault" in found || name !== "odd") return findFakeProtocol(name);
  return { protocol: { ...found.protocol, name, secretSettings: new Set(["community"]) } };
};

describe("secret settings", () => {
  it("are those that the protocol names, whatever they are called", () => {
    const connection = { host: "h", community: "hush", key: "/etc/tls/key.pem" };
    expect(shownConnection(findProtocol, { protocol: "odd", connection })).to.deep.equal({
      connection: { host: "h", key: "/etc/tls/key.pem" },
      secretsSet: ["community"],
    });
  });

  it("are told by their names where the protocol cannot be asked any more", () => {
    const connection = { host: "h", password: "hush", api_token: "hush", key: "hush" };
    expect(shownConnection(findProtocol, { protocol: "gone.yaml", connection })).to.deep.equal({
      connection: { host: "h" },
      secretsSet: ["password", "api_token", "key"],
    });
    expect(secretsOf(findProtocol, "odd")("password")).to.equal(false);
  });
});
