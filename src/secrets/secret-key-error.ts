/** The secret key cannot be had, or is not the one that the database's secrets need. */
export class SecretKeyError extends Error {
  override readonly name = "SecretKeyError";
}
