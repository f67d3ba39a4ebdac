import type { Connection } from "./connection.js";
import { TransactionMemory } from "./transaction-memory.js";
import type { Work } from "./work.js";

/** A live session; its connection goes when it does. */
export interface Session {
  readonly source: Source;
  readonly slot: number;
  readonly epoch: number;
}

/** What the CA system holds for one source_id; outlives its connections. */
export class Source {
  readonly inProgress = new Map<number, Work>();
  /** Live sessions by slot. */
  readonly sessions = new Map<number, { epoch: number; connection: Connection }>();
  memory: TransactionMemory;

  constructor(
    readonly id: number,
    readonly memoryLimit: number,
  ) {
    this.memory = new TransactionMemory(memoryLimit);
  }

  /** Remembers nothing any more; what is in progress goes on. */
  forget(): void {
    this.memory = new TransactionMemory(this.memoryLimit);
  }
}
