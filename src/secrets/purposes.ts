/**
 * What each encrypted text in the database is bound to. Whatever is kept encrypted has its purpose
 * here and its part in `store/knex/rotate-secrets.ts`: else a new key would leave it behind.
 */
export const PIN_PURPOSE = "pin";

/** A provider's connection settings. */
export function connectionPurpose(provider: string): string {
  return `connection of provider ${provider}`;
}

/** One of the service's own secrets. */
export function secretPurpose(name: string): string {
  return `secret ${name}`;
}
