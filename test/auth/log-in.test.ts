import { expect } from "chai";
import { logIn } from "../../src/auth/log-in.js";
import { Passwords } from "../../src/auth/passwords.js";
import { saveUser } from "../../src/auth/save-user.js";
import { Tokens } from "../../src/auth/tokens.js";
import { systemClock } from "../../src/requests/clock.js";
import type { AccountStore } from "../../src/store/account-store.js";
import { knexAccountStore } from "../../src/store/knex/accounts.js";
import type { Database } from "../../src/store/knex/database.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";

const never = new AbortController().signal;

for (const { title, create } of DATABASES) {
  describe(`logging in on ${title}`, () => {
    let database: Database;
    let store: AccountStore;
    let tokens: Tokens;

    beforeEach(async () => {
      database = await openTestDatabase(await create());
      store = knexAccountStore(database);
      tokens = new Tokens(store, systemClock);
      await saveUser(store, "ann", "old", false);
    });
    afterEach(() => database.close());

    const enter = (password: string, passwordHash = store.passwordHash) =>
      logIn(
        { store: { passwordHash }, passwords: new Passwords(), tokens },
        { username: "ann", password },
        never,
      );

    it("gives a token to who knows the password", async () => {
      const { token } = await enter("old");
      expect(await tokens.authenticate(token)).to.deep.equal({ name: "ann" });
    });

    it("is in vain with a password that is replaced while it is checked", async () => {
      let thrown: unknown;
      await enter("old", async (name) => {
        const hash = await store.passwordHash(name);
        await saveUser(store, name, "new", true);
        return hash;
      }).catch((error: unknown) => {
        thrown = error;
      });
      expect(thrown).to.have.property("reason", "CREDENTIALS_INVALID");
      expect(await database.reader.all("SELECT * FROM tokens")).to.deep.equal([]);
      await enter("new");
    });
  });
}
