import { expect } from "chai";
import { Cipher } from "../../src/secrets/cipher.js";
import { SecretKeyError } from "../../src/secrets/secret-key-error.js";
import { loadOrCreateSecret } from "../../src/secrets/stored-secret.js";
import type { Database } from "../../src/store/knex/database.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";
import { rejection } from "./rejection.js";

for (const target of DATABASES) {
  describe(`a stored secret on ${target.title}`, () => {
    const cipher = new Cipher(Buffer.alloc(32, 1));
    let database: Database;
    let another: Database;

    beforeEach(async () => {
      const location = await target.create();
      database = await openTestDatabase(location);
      // SQLite is opened by one service only: there the others are its own calls.
      const many = database.dialect.capabilities.manyInstances;
      another = many ? await openTestDatabase(location) : database;
    });

    afterEach(async () => {
      await database.close();
      if (another !== database) await another.close();
    });

    it("is made once, at random, and found again", async () => {
      const secret = await loadOrCreateSecret(database, cipher, "one");
      expect(secret).to.have.length(32);
      expect(await loadOrCreateSecret(another, cipher, "one")).to.deep.equal(secret);
      expect(await loadOrCreateSecret(database, cipher, "two")).not.to.deep.equal(secret);
    });

    it("is the same for all who ask for it at the same time", async () => {
      const asked = [database, another, database, another, database, another];
      const secrets = await Promise.all(asked.map((db) => loadOrCreateSecret(db, cipher, "one")));
      expect(new Set(secrets.map((secret) => secret.toString("hex"))).size).to.equal(1);
    });

    it("is not stored as it is", async () => {
      const secret = await loadOrCreateSecret(database, cipher, "one");
      const [row] = await database.reader.all<{ value: string }>("SELECT value FROM secrets");
      expect(row?.value).to.match(/^v1\./);
      expect(row?.value).not.to.contain(secret.toString("base64url"));
    });

    it("tells that the key file is another one", async () => {
      await loadOrCreateSecret(database, cipher, "one");
      const wrong = new Cipher(Buffer.alloc(32, 2));
      const error = await rejection(loadOrCreateSecret(database, wrong, "one"));
      expect(error).to.be.instanceOf(SecretKeyError);
      expect(error.message).to.contain("the stored secret one was encrypted with another");
    });
  });
}
