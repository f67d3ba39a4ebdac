import { isFinal, LIFE_CYCLE_STATES } from "../../requests/life-cycle.js";
import type { RequestFilter, RequestPage } from "../request-store.js";
import type { Db, Value } from "./database.js";
import { selectMany } from "./many-rows.js";
import { REQUEST_COLUMNS, type RequestRow, selectRequests } from "./request-row.js";

/** One page of requests, by number; the filter's members narrow it together. */
export function listRequests(db: Db, page: RequestPage): Promise<RequestRow[]> {
  const conditions = new Conditions();
  narrow(conditions, page.filter);
  if (page.after !== undefined) {
    conditions.add(page.oldestFirst ? "r.number > ?" : "r.number < ?", page.after);
  }
  const skip = page.skip ?? 0;
  return selectMany<RequestRow>(
    db,
    REQUEST_COLUMNS,
    `${selectRequests(page.full ? "full" : "basic")} ${conditions.where()}
     ORDER BY r.number ${page.oldestFirst ? "ASC" : "DESC"} LIMIT ?${skip > 0 ? " OFFSET ?" : ""}`,
    [...conditions.bindings, page.limit, ...(skip > 0 ? [skip] : [])],
  );
}

class Conditions {
  readonly #texts: string[] = [];
  readonly bindings: Value[] = [];

  add(text: string, ...bindings: Value[]): void {
    this.#texts.push(text);
    this.bindings.push(...bindings);
  }

  /** Adds `column IN (...)`; nothing when there is nothing to narrow to. */
  in(column: string, values: readonly string[] = []): void {
    // A statement has only so many parameters, and a caller may name one thing any number of times.
    const distinct = [...new Set(values)];
    if (distinct.length === 0) return;
    this.add(`${column} IN (${distinct.map(() => "?").join(", ")})`, ...distinct);
  }

  equal(column: string, value: Value | undefined): void {
    if (value !== undefined) this.add(`${column} = ?`, value);
  }

  where(): string {
    return this.#texts.length === 0 ? "" : `WHERE ${this.#texts.join(" AND ")}`;
  }
}

function narrow(conditions: Conditions, filter: RequestFilter): void {
  narrowStates(conditions, filter);
  conditions.in("r.type", filter.types);
  conditions.equal("r.provider", filter.provider);
  const { subscription, smartcard } = filter;
  // By what the name stands for today: a renamed subscription keeps its history.
  if (subscription?.by === "id") conditions.equal("r.subscription_id", subscription.value);
  if (subscription?.by === "number") {
    conditions.add(
      "r.subscription_id = (SELECT id FROM subscriptions WHERE number = ?)",
      subscription.value,
    );
  }
  if (smartcard?.by === "id") conditions.equal("r.item_id", smartcard.value);
  else if (smartcard !== undefined) {
    conditions.add(
      `r.item_id = (SELECT id FROM installed_items WHERE ${smartcard.by} = ?)`,
      smartcard.value,
    );
  }
  conditions.equal("r.caller_reference", filter.callerReference);
  conditions.equal("r.created_by", filter.createdBy);
  if (filter.createdFrom !== undefined) conditions.add("r.created_date >= ?", filter.createdFrom);
  if (filter.createdBefore !== undefined) {
    conditions.add("r.created_date < ?", filter.createdBefore);
  }
  conditions.equal("o.reference_number", filter.referenceNumber);
  if (filter.processId !== undefined) {
    conditions.add(
      "(o.process_id = ? OR (l.head = r.number AND l.owner IS NOT NULL AND l.process_id = ?))",
      filter.processId,
      filter.processId,
    );
  }
}

/** States are derived: a final one is the outcome's, an open one is told by lane and head. */
function narrowStates(conditions: Conditions, filter: RequestFilter): void {
  const states = new Set(filter.lifeCycleStates);
  if (states.size === 0 || states.size === LIFE_CYCLE_STATES.length) return;
  const final = [...states].filter(isFinal);
  const sending = "(l.head = r.number AND l.owner IS NOT NULL)";
  const open: string[] = [];
  if (states.has("PENDING") && states.has("PROCESSING")) open.push("w.number IS NOT NULL");
  else if (states.has("PENDING")) open.push(`(w.number IS NOT NULL AND NOT ${sending})`);
  else if (states.has("PROCESSING")) open.push(sending);
  if (final.length > 0) open.push(`o.life_cycle_state IN (${final.map(() => "?").join(", ")})`);
  conditions.add(`(${open.join(" OR ")})`, ...final);
}
