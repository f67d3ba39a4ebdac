import type { FoundItem, Resolution } from "../../requests/check-create.js";
import type { CreateRequest } from "../../requests/create-request.js";
import type { Acceptance } from "../request-store.js";
import type { Tx } from "./database.js";
import { type Earlier, findRecent } from "./find-earlier.js";
import { foundItem, type ItemRow } from "./found-item.js";
import { selectMany } from "./many-rows.js";
import type { PreparedCreates } from "./prepare-creates.js";
import { resolveSetTopBoxes } from "./resolve-set-top-boxes.js";
import type { GivenRows } from "./row-shape.js";

/** A create of a batch, with what the database holds for it. */
export interface ResolvedCreate {
  readonly acceptance: Acceptance;
  /** The database's time, the same for the whole batch. */
  readonly now: number;
  /** The number that the request gets if it is stored. */
  readonly number: number;
  readonly requestKey: number | undefined;
  readonly found: Resolution;
  readonly earlier: Earlier | undefined;
}

/**
 * What is known without it is left out, which takes 0.96 times the processor time of a create in the
 * store (SQLite, batches of 200): V8 looks for each short text among all names that it knows.
 */
interface ResolvedRow extends ItemRow {
  readonly place: number;
  /** Null but in the row of the first. */
  readonly now: number | null;
  readonly number: number;
  readonly subscription_id: string | null;
  /** Null also where the create names it. */
  readonly subscription_number: string | null;
  readonly provider_state: string | null;
  readonly earlier_number: number | null;
  readonly earlier_hash: string | null;
}

const RESOLVED_COLUMNS: readonly (keyof ResolvedRow)[] = [
  "place",
  "now",
  "number",
  "subscription_id",
  "subscription_number",
  "item_id",
  "item_type",
  "item_subscription_id",
  "serial_number",
  "alternative_code",
  "ca_id",
  "provider",
  "provider_state",
  "earlier_number",
  "earlier_hash",
];

/** The columns of a table that its rows are named by, its key first, and those of the names given. */
type NameColumns = Readonly<Record<string, string>>;
const SUBSCRIPTION_NAMES: NameColumns = { id: "sub_id", number: "sub_number" };
const CARD_NAMES: NameColumns = {
  id: "card_id",
  serial_number: "card_serial",
  alternative_code: "card_code",
};

/**
 * The row that is named. A batch whose creates use one kind of name all looks it up by that, others
 * by the id that belongs to whichever name there is: 11.0 and 13.5 us for the whole statement for
 * each create on PostgreSQL.
 */
function isNamed(table: string, alias: string, columns: NameColumns, given: GivenRows): string {
  const used = Object.entries(columns).filter(([, name]) => !given.absent.has(name));
  const [only, ...others] = used;
  if (only !== undefined && others.length === 0) return `${alias}.${only[0]} = x.${only[1]}`;
  const ids = used.map(([column, name]) =>
    column === "id" ? `x.${name}` : `(SELECT id FROM ${table} WHERE ${column} = x.${name})`,
  );
  return `${alias}.id = coalesce(${ids.join(", ")})`;
}

/** Looks up every name of a batch in one statement; results in the order of the batch. */
export async function resolveCreates(tx: Tx, batch: PreparedCreates): Promise<ResolvedCreate[]> {
  const boxes = await resolveSetTopBoxes(tx, batch.acceptances);
  const { joinRow } = tx.dialect;
  const rows = await selectMany<ResolvedRow>(
    tx,
    RESOLVED_COLUMNS,
    `SELECT x.place, CASE WHEN x.place = 0 THEN $now END AS now,
       ${tx.dialect.nextRequestNumber("x.place")} AS number,
       s.id AS subscription_id, nullif(s.number, x.sub_number) AS subscription_number,
       c.id AS item_id, c.type AS item_type,
       nullif(c.subscription_id, s.id) AS item_subscription_id,
       nullif(c.serial_number, x.card_serial) AS serial_number,
       c.alternative_code, c.ca_id, c.provider, p.life_cycle_state AS provider_state,
       r.number AS earlier_number, r.body_hash AS earlier_hash
     FROM ${batch.names.from}
     ${joinRow("subscriptions", "s", isNamed("subscriptions", "s", SUBSCRIPTION_NAMES, batch.names))}
     ${joinRow("installed_items", "c", isNamed("installed_items", "c", CARD_NAMES, batch.names))}
     ${joinRow("providers", "p", "p.name = c.provider")}
     ${tx.dialect.joinEarlier}`,
    batch.names.bindings,
  );
  rows.sort((a, b) => a.place - b.place);
  // Numbers rise with the place in the batch, whatever order the rows came in.
  const numbers = rows.map((row) => row.number).sort((a, b) => a - b);
  const [first] = numbers;
  if (first !== undefined && !tx.requestIds.knowsAllBefore(first)) {
    await tx.requestIds.catchUp(tx);
    return resolveCreates(tx, batch);
  }
  const recent = await findRecent(tx, batch.sought);
  const now = rows[0]?.now ?? undefined;
  return batch.acceptances.map((acceptance, place) => {
    const row = rows[place];
    const number = numbers[place];
    if (row === undefined || number === undefined || now === undefined) {
      throw new Error("a create that was not looked up");
    }
    return {
      acceptance,
      now,
      number,
      requestKey: batch.sought[place]?.request_key,
      found: resolution(row, acceptance.create, boxes.get(place)),
      earlier:
        row.earlier_number === null
          ? recent.get(place)
          : { number: row.earlier_number, bodyHash: row.earlier_hash },
    };
  });
}

function resolution(
  row: ResolvedRow,
  { subscription, smartcard }: CreateRequest,
  setTopBox: FoundItem | undefined,
): Resolution {
  const { subscription_id: id, subscription_number: number } = row;
  return {
    subscription: id === null ? undefined : { id, number: number ?? subscription.value },
    item: foundItem(row, smartcard.value, id ?? undefined),
    setTopBox,
    providerState: row.provider_state ?? undefined,
  };
}
