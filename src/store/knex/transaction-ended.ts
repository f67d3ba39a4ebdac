/**
 * A statement came after its transaction was committed or rolled back: a part of its work went on
 * that nobody waited for. A bug, whose statement is not carried out.
 */
export class TransactionEnded extends Error {
  constructor() {
    super("a statement came after its transaction has ended");
    this.name = "TransactionEnded";
  }
}
