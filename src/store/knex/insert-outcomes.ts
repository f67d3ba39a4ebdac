import type { FinalState } from "../../requests/life-cycle.js";
import type { ErrorOrigin } from "../../requests/provisioning-request.js";
import type { Tx } from "./database.js";
import type { ColumnType } from "./dialect.js";
import { RowShape } from "./row-shape.js";

/** A row of `outcomes`. */
export interface OutcomeRow {
  readonly number: number;
  readonly life_cycle_state: FinalState;
  readonly sequence_number: number | undefined;
  readonly transaction_number: number | undefined;
  readonly executed_date: number | undefined;
  readonly request: string | undefined;
  readonly response: string | undefined;
  readonly reference_number: string | undefined;
  readonly answer: string | undefined;
  readonly error_code: string | undefined;
  readonly error_description: string | undefined;
  readonly error_origin: ErrorOrigin | undefined;
  readonly attempts: number;
  readonly process_name: string | undefined;
  readonly process_id: string | undefined;
  readonly ended_by: string;
  readonly ended_date: number;
}

const COLUMNS = {
  number: "bigint",
  life_cycle_state: "text",
  sequence_number: "bigint",
  transaction_number: "bigint",
  executed_date: "bigint",
  request: "text",
  response: "text",
  reference_number: "text",
  answer: "text",
  error_code: "text",
  error_description: "text",
  error_origin: "text",
  attempts: "integer",
  process_name: "text",
  process_id: "text",
  ended_by: "text",
  ended_date: "bigint",
} as const satisfies Record<keyof OutcomeRow, ColumnType>;

const OUTCOMES = new RowShape(COLUMNS, {
  rare: ["answer", "error_code", "error_description", "error_origin"],
  alike: [["life_cycle_state", "attempts", "process_name", "process_id", "ended_by"]],
});

/** Ends requests: their outcomes are added to history, their waiting rows (PINs with them) go. */
export function insertOutcomes(tx: Tx, rows: readonly OutcomeRow[]): void {
  if (rows.length === 0) return;
  tx.insert("outcomes", OUTCOMES, rows);
  tx.run(`DELETE FROM waiting WHERE ${tx.dialect.isOneOf("number")}`, [
    tx.dialect.numbers(rows.map(({ number }) => number)),
  ]);
}
