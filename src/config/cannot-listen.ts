/** An address of the settings cannot be had: taken, not this machine's, or not allowed. */
export class CannotListen extends Error {
  override readonly name = "CannotListen";
}
