/** The database cannot be opened; the message names it, without its password, and says why. */
export class DatabaseUnreachable extends Error {
  override readonly name = "DatabaseUnreachable";
}
