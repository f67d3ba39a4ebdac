import type { AccountStore } from "../account-store.js";
import type { Database } from "./database.js";

/** The store of users and tokens over any knex database: each call one short statement. */
export function knexAccountStore({ reader, write }: Database): AccountStore {
  return {
    async hasUsers() {
      return (await reader.all("SELECT name FROM users LIMIT 1")).length > 0;
    },

    addUser: ({ name, passwordHash }) =>
      write("create", async (tx) => {
        const added = await tx.all(
          `INSERT INTO users (name, password_hash, created_date) VALUES (?, ?, $now)
           ON CONFLICT (name) DO NOTHING RETURNING name`,
          [name, passwordHash],
        );
        return added.length > 0;
      }),

    // Two instances that start together may both see no user; they add the same name, and the
    // second finds it taken.
    addFirstUser: ({ name, passwordHash }) =>
      write("create", async (tx) => {
        const added = await tx.all(
          `INSERT INTO users (name, password_hash, created_date)
           SELECT ?, ?, $now WHERE NOT EXISTS (SELECT 1 FROM users)
           ON CONFLICT (name) DO NOTHING RETURNING name`,
          [name, passwordHash],
        );
        return added.length > 0;
      }),

    replacePassword: ({ name, passwordHash }) =>
      write("create", async (tx) => {
        const changed = await tx.all(
          "UPDATE users SET password_hash = ? WHERE name = ? RETURNING name",
          [passwordHash, name],
        );
        await tx.all("DELETE FROM tokens WHERE user_name = ?", [name]);
        return changed.length > 0;
      }),

    async passwordHash(userName) {
      const [user] = await reader.all<{ password_hash: string }>(
        "SELECT password_hash FROM users WHERE name = ?",
        [userName],
      );
      return user?.password_hash;
    },

    // The lock: a change of the password is waited for, or waits and then forgets this token too.
    addToken: (tokenHash, { userName, expireDate }, passwordHash) =>
      write("create", async (tx) => {
        const added = await tx.all(
          `INSERT INTO tokens (token_hash, user_name, expire_date, created_date)
           SELECT ?, name, ?, $now FROM users WHERE name = ? AND password_hash = ?
           ${tx.dialect.forShare} RETURNING token_hash`,
          [tokenHash, expireDate, userName, passwordHash],
        );
        return added.length > 0;
      }),

    async findToken(tokenHash) {
      const [token] = await reader.all<{ user_name: string; expire_date: number }>(
        "SELECT user_name, expire_date FROM tokens WHERE token_hash = ?",
        [tokenHash],
      );
      return token && { userName: token.user_name, expireDate: token.expire_date };
    },

    removeToken: (tokenHash) =>
      write("create", async (tx) => {
        await tx.all("DELETE FROM tokens WHERE token_hash = ?", [tokenHash]);
      }),

    removeExpiredTokens: (limit) =>
      write("import", async (tx) => {
        const removed = await tx.all(
          `DELETE FROM tokens WHERE token_hash IN (
             SELECT token_hash FROM tokens WHERE expire_date <= $now
             ORDER BY expire_date LIMIT ? ${tx.dialect.forUpdateSkipLocked})
           RETURNING token_hash`,
          [limit],
        );
        return removed.length;
      }),
  };
}
