import type { Tx } from "./database.js";

/** A request as it is found by its request_id. */
export interface KeyedRequest {
  readonly number: number;
  /** Undefined without a request_id, and where no key is needed. */
  readonly key: number | undefined;
}

/**
 * How requests are found that were stored before under the same principal and request_id:
 * `Dialect.joinEarlier` finds those that the database has an index of, and this tells the rest.
 */
export interface RequestIds {
  /** What the index knows a request_id by, a safe integer; undefined where that is itself. */
  keyOf(createdBy: string, requestId: string): number | undefined;
  /** Numbers of requests that the index lacks, or may lack, and that may have this key. */
  recent(key: number): readonly number[];
  /** False when a request was stored before this number that it was not told of. */
  knowsAllBefore(number: number): boolean;
  /** Has the index take in whatever it lacks. */
  catchUp(tx: Tx): Promise<void>;
  /** Is told of requests that the transaction stores. */
  note(tx: Tx, stored: readonly KeyedRequest[]): void;
}
