/** The database that `PROVISIONING_DATABASE_URL` names. */
export type DatabaseTarget =
  | {
      readonly kind: "sqlite";
      /** Path of the database file. */
      readonly file: string;
    }
  | {
      readonly kind: "postgres";
      /** `postgres://user:password@host:port/database`. */
      readonly url: string;
    };

/** Reads a database URL, or says in a phrase what is wrong with it. */
export function parseDatabaseUrl(
  text: string,
): { readonly target: DatabaseTarget } | { readonly fault: string } {
  if (text.startsWith("sqlite:")) {
    // sqlite:///var/lib/x.db is the URL form of the absolute path /var/lib/x.db.
    const file = text.slice("sqlite:".length).replace(/^\/\/(?=\/)/, "");
    return file === "" || file.startsWith("//") || file.startsWith(":")
      ? { fault: "must name a file, such as sqlite:./data/provisioning.db" }
      : { target: Object.freeze({ kind: "sqlite", file }) };
  }
  if (/^postgres(ql)?:\/\//.test(text)) {
    return URL.canParse(text)
      ? { target: Object.freeze({ kind: "postgres", url: text }) }
      : { fault: "must have the form postgres://user:password@host:port/database" };
  }
  return { fault: "must start with sqlite: or postgres://" };
}

/** The target as people may read it: without user and password. */
export function describeTarget(target: DatabaseTarget): string {
  if (target.kind === "sqlite") return `sqlite:${target.file}`;
  const { host, pathname } = new URL(target.url);
  return `postgres://${host}${pathname}`;
}
