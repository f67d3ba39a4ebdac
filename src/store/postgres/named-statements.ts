/** A statement as `pg` takes it; with a name, a connection parses and plans it once. */
export interface NamedStatement {
  readonly text: string;
  readonly name?: string;
}

/** Texts that are remembered: many more than there are, but for lists with their filters. */
const KNOWN = 500;

const TOKEN = /\$now|\?/g;

/**
 * A sub-select is evaluated once for a statement, a plain call for each row that it is looked at in
 * (0.7 us): to find and write a next head took 76 us with the call, 66 with this.
 */
const NOW = "(SELECT provisioning_now())";

/**
 * Turns statements with `?` and `$now` into PostgreSQL's own form. The same text has the same name
 * in every connection.
 */
export class NamedStatements {
  readonly #known = new Map<string, Required<NamedStatement>>();

  named(sql: string): NamedStatement {
    const known = this.#known.get(sql);
    if (known !== undefined) return known;
    const text = postgresForm(sql);
    if (this.#known.size >= KNOWN) return { text };
    const statement = { text, name: `s${this.#known.size}` };
    this.#known.set(sql, statement);
    return statement;
  }

  /** The same without a name: planned each time, with what is known of the tables just then. */
  unnamed(sql: string): NamedStatement {
    return { text: this.#known.get(sql)?.text ?? postgresForm(sql) };
  }
}

function postgresForm(sql: string): string {
  let parameters = 0;
  return sql.replace(TOKEN, (token) => {
    if (token === "$now") return NOW;
    parameters += 1;
    return `$${parameters}`;
  });
}
