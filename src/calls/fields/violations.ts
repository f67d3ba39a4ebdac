import { type Fault, ServiceError } from "../../requests/service-error.js";

/** More than are ever told; the rest of a message that is wrong everywhere is not recorded. */
const MAX_RECORDED = 100;

/** Collects what is wrong with a request, so that the caller learns all of it at once. */
export class Violations {
  readonly #faults: Fault[];
  readonly #path: string;

  constructor(path = "", faults: Fault[] = []) {
    this.#path = path;
    this.#faults = faults;
  }

  /** Records that a field, named by its snake_case path, breaks a rule. Never quote a secret. */
  add(field: string, description: string): void {
    if (this.#faults.length >= MAX_RECORDED) return;
    this.#faults.push({ reason: "INVALID_REQUEST", field: this.#path + field, description });
  }

  /** The same collection for the fields below a path, such as `items[3]`. */
  within(path: string): Violations {
    return new Violations(`${this.#path}${path}.`, this.#faults);
  }

  /** Fails with INVALID_REQUEST when anything was recorded. */
  throwIfAny(): void {
    const [first, ...rest] = this.#faults;
    if (first !== undefined) throw new ServiceError([first, ...rest]);
  }
}

/**
 * What `read` makes of a request, unless it records a violation. Checks return something of the
 * right type in any case, so that reading goes on to the end; it is of no use after a violation.
 */
export function validate<T>(read: (violations: Violations) => T): T {
  const violations = new Violations();
  const result = read(violations);
  violations.throwIfAny();
  return result;
}
