/** Who makes a call, once that is proven. */
export interface Principal {
  /** The user's name, as it goes into `created_by`. */
  readonly name: string;
}

/** Every caller of a service that runs without authentication, reachable from this machine only. */
export const LOCAL: Principal = Object.freeze({ name: "local" });

/** The caller of a method that needs no token. */
export const NOBODY: Principal = Object.freeze({ name: "" });
