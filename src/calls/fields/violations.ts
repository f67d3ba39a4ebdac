import { type Fault, ServiceError } from "../../requests/service-error.js";

/** More than are ever told; the rest of a message that is wrong everywhere is not recorded. */
const MAX_RECORDED = 100;

/** Collects what is wrong with a request, so that the caller learns all of it at once. */
export class Violations {
  readonly #faults: Fault[];
  readonly #outdated: Fault[];
  readonly #path: string;

  constructor(path = "", faults: Fault[] = [], outdated: Fault[] = []) {
    this.#path = path;
    this.#faults = faults;
    this.#outdated = outdated;
  }

  /** Records that a field, named by its snake_case path, breaks a rule. Never quote a secret. */
  add(field: string, description: string): void {
    if (this.#faults.length < MAX_RECORDED) this.#faults.push(this.#fault(field, description));
  }

  /**
   * Records that the time of a date is over. It is wrong in a create that is new, and not in one
   * that is repeated: whoever looks for that must hold `outdated` against the others.
   */
  addOutdated(field: string, description: string): void {
    this.#outdated.push(this.#fault(field, description));
  }

  /** What `addOutdated` has recorded. */
  get outdated(): readonly Fault[] {
    return this.#outdated;
  }

  /** The same collection for the fields below a path, such as `items[3]`. */
  within(path: string): Violations {
    return new Violations(`${this.#path}${path}.`, this.#faults, this.#outdated);
  }

  /** Fails with INVALID_REQUEST when anything was recorded, but for what is outdated alone. */
  throwIfAny(): void {
    const [first, ...rest] = this.#faults;
    if (first !== undefined) throw new ServiceError([first, ...rest, ...this.#outdated]);
  }

  #fault(field: string, description: string): Fault {
    return { reason: "INVALID_REQUEST", field: this.#path + field, description };
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
