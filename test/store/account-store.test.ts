import { expect } from "chai";
import type { AccountStore } from "../../src/store/account-store.js";
import { knexAccountStore } from "../../src/store/knex/accounts.js";
import type { Database } from "../../src/store/knex/database.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";

const FAR = 4_000_000_000_000;

for (const { title, create } of DATABASES) {
  describe(`the account store on ${title}`, () => {
    let database: Database;
    let store: AccountStore;

    beforeEach(async () => {
      database = await openTestDatabase(await create());
      store = knexAccountStore(database);
    });
    afterEach(() => database.close());

    it("keeps users, each name once", async () => {
      expect(await store.hasUsers()).to.equal(false);
      expect(await store.passwordHash("ann")).to.equal(undefined);
      expect(await store.addUser({ name: "ann", passwordHash: "h1" })).to.equal(true);
      expect(await store.addUser({ name: "ann", passwordHash: "h2" })).to.equal(false);
      expect(await store.addUser({ name: "Ann", passwordHash: "h3" })).to.equal(true);
      expect(await store.hasUsers()).to.equal(true);
      expect(await store.passwordHash("ann")).to.equal("h1");
    });

    it("adds a first user once, of many that try", async () => {
      const added = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          store.addFirstUser({ name: "admin", passwordHash: `h${i}` }),
        ),
      );
      expect(added.filter((one) => one)).to.have.length(1);
      expect(await store.passwordHash("admin")).to.equal(`h${added.indexOf(true)}`);
    });

    it("adds no first user beside others", async () => {
      await store.addUser({ name: "ann", passwordHash: "h" });
      expect(await store.addFirstUser({ name: "admin", passwordHash: "h" })).to.equal(false);
      expect(await store.passwordHash("admin")).to.equal(undefined);
    });

    it("keeps tokens until they are removed", async () => {
      const token = { userName: "ann", expireDate: FAR };
      await store.addUser({ name: "ann", passwordHash: "h" });
      expect(await store.findToken("t")).to.equal(undefined);
      expect(await store.addToken("t", token, "h")).to.equal(true);
      expect(await store.findToken("t")).to.deep.equal(token);
      await store.removeToken("t");
      await store.removeToken("t");
      expect(await store.findToken("t")).to.equal(undefined);
    });

    it("forgets the tokens of a user with a new password, and no others", async () => {
      await store.addUser({ name: "ann", passwordHash: "h1" });
      await store.addUser({ name: "bob", passwordHash: "h1" });
      await store.addToken("t1", { userName: "ann", expireDate: FAR }, "h1");
      await store.addToken("t2", { userName: "bob", expireDate: FAR }, "h1");
      expect(await store.replacePassword({ name: "ann", passwordHash: "h2" })).to.equal(true);
      expect(await store.passwordHash("ann")).to.equal("h2");
      expect(await store.findToken("t1")).to.equal(undefined);
      expect(await store.findToken("t2")).not.to.equal(undefined);
    });

    it("keeps no token for a password that is not the user's any more", async () => {
      const token = { userName: "ann", expireDate: FAR };
      expect(await store.addToken("t", token, "h")).to.equal(false);
      await store.addUser({ name: "ann", passwordHash: "h0" });
      for (let i = 0; i < 50; i++) {
        const next = { name: "ann", passwordHash: `h${i + 1}` };
        await Promise.all([store.addToken(`t${i}`, token, `h${i}`), store.replacePassword(next)]);
        expect(await store.findToken(`t${i}`)).to.equal(undefined);
      }
    });

    it("gives no password to a user that is not there", async () => {
      expect(await store.replacePassword({ name: "ann", passwordHash: "h" })).to.equal(false);
      expect(await store.hasUsers()).to.equal(false);
    });

    it("removes expired tokens, so many at a time", async () => {
      await store.addUser({ name: "a", passwordHash: "h" });
      for (let i = 0; i < 5; i++) {
        await store.addToken(`old${i}`, { userName: "a", expireDate: i }, "h");
      }
      await store.addToken("new", { userName: "a", expireDate: FAR }, "h");
      expect(await store.removeExpiredTokens(3)).to.equal(3);
      expect(await store.removeExpiredTokens(3)).to.equal(2);
      expect(await store.removeExpiredTokens(3)).to.equal(0);
      expect(await store.findToken("new")).not.to.equal(undefined);
    });
  });
}
