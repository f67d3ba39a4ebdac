import type { Violations } from "./violations.js";

/** A oneof as it is generated: the member that was given, in camelCase, and its value. */
export interface OneofMember {
  readonly $case: string;
  readonly value: unknown;
}

/**
 * The member of a oneof that was given; records a violation of `field` when none was. `members`
 * are the names to choose from, as in the proto.
 */
export function requiredOneof<Member extends OneofMember>(
  violations: Violations,
  field: string,
  members: readonly string[],
  given: Member | undefined,
): Member | undefined {
  if (given === undefined) {
    violations.add(field, `is mandatory: give exactly one of ${members.join(", ")}`);
  }
  return given;
}
