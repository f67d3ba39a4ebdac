import { expect } from "chai";
import { ensureFirstUser } from "../../src/auth/first-user.js";
import { isPassword } from "../../src/auth/password-hash.js";
import { saveUser } from "../../src/auth/save-user.js";
import { ServiceError } from "../../src/requests/service-error.js";
import { rejection } from "../secrets/rejection.js";
import { ManualClock } from "../support/manual-clock.js";
import { MemoryAccounts } from "../support/memory-accounts.js";

describe("users", () => {
  let store: MemoryAccounts;
  let announced: [string, string][];

  beforeEach(() => {
    store = new MemoryAccounts(new ManualClock());
    announced = [];
  });

  const ensure = (adminPassword?: string) =>
    ensureFirstUser(store, {
      adminPassword,
      announce: (user, password) => announced.push([user, password]),
    });
  const has = async (name: string, password: string) =>
    isPassword(password, store.users.get(name) ?? "");

  it("begin with an admin of the given password, which nobody is told", async () => {
    await ensure("given");
    expect(await has("admin", "given")).to.equal(true);
    expect(announced).to.deep.equal([]);
  });

  it("begin with an admin of a generated password, told once", async () => {
    await ensure();
    await ensure();
    expect(announced).to.have.length(1);
    const [[user = "", password = ""] = []] = announced;
    expect(user).to.equal("admin");
    expect(password).to.match(/^[\w-]{24}$/);
    expect(await has("admin", password)).to.equal(true);
  });

  it("are left alone when there are any, whatever the settings say", async () => {
    await saveUser(store, "ann", "secret", false);
    await ensure("given");
    expect([...store.users.keys()]).to.deep.equal(["ann"]);
  });

  it("hear nothing of a password that another process was faster to set", async () => {
    const { hasUsers } = store;
    await saveUser(store, "admin", "theirs", false);
    store.hasUsers = async () => false;
    await ensure();
    store.hasUsers = hasUsers;
    expect(announced).to.deep.equal([]);
    expect(await has("admin", "theirs")).to.equal(true);
  });

  it("are created once, and get another password only when told so", async () => {
    expect(await saveUser(store, "ann", "one", false)).to.equal("created");
    expect(await saveUser(store, "ann", "two", false)).to.equal("exists");
    expect(await has("ann", "one")).to.equal(true);
    store.tokens.set("t", { userName: "ann", expireDate: 1 });
    expect(await saveUser(store, "ann", "two", true)).to.equal("replaced");
    expect(await has("ann", "two")).to.equal(true);
    expect(store.tokens.size).to.equal(0);
  });

  it("are not made by a new password for somebody who is not there", async () => {
    expect(await saveUser(store, "admn", "two", true)).to.equal("missing");
    expect(store.users.size).to.equal(0);
  });

  for (const name of ["service", "local"]) {
    it(`are not called ${name}, as the service itself is shown`, async () => {
      const error = await rejection(saveUser(store, name, "secret", false));
      expect(error).to.be.instanceOf(ServiceError).with.property("reason", "INVALID_REQUEST");
      expect(error.message).to.contain("is a name of the service's own");
      expect(store.users.size).to.equal(0);
      // One from before can be locked out.
      await store.addUser({ name, passwordHash: "h" });
      expect(await saveUser(store, name, "secret", true)).to.equal("replaced");
    });
  }

  it("have no password of several lines", async () => {
    const error = await rejection(saveUser(store, "ann", "two\nlines", false));
    expect(error.message).to.contain("has control characters or several lines");
  });

  it("need a name and a password that fit", async () => {
    let thrown: unknown;
    await saveUser(store, " ann", "", false).catch((error: unknown) => {
      thrown = error;
    });
    expect(thrown).to.be.instanceOf(ServiceError).with.property("reason", "INVALID_REQUEST");
    expect(thrown).to.have.property("faults").with.length(2);
    expect(store.users.size).to.equal(0);
  });
});
