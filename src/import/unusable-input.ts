/** A file, or settings, that cannot be understood: nothing is imported. */
export class UnusableInput extends Error {
  override readonly name = "UnusableInput";
}
