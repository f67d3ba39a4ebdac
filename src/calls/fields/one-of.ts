/** What is said of a field of which no member was given, or of several mandatory fields. */
export function oneOf(members: readonly string[]): string {
  return `is mandatory: give exactly one of ${members.join(", ")}`;
}
