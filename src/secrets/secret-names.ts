/** Words that mark the name of a field whose value is never shown or logged. */
const SECRET_WORDS = ["password", "passphrase", "secret", "token", "pin", "credential", "key"];

/** True for the name of a field that may hold a secret, such as `admin_password` or `newPin`. */
export function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word) =>
    SECRET_WORDS.some((secret) => word === secret || word === `${secret}s`),
  );
}

/** A copy of plain data in which every secret reads `[hidden]`, at any depth. */
export function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value === "string") return value.replaceAll(/(\/\/)[^/@\s]+@/g, "$1[hidden]@");
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isSecretName(name) ? "[hidden]" : hideSecrets(member),
    ]),
  );
}
