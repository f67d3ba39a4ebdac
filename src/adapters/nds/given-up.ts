/** The most transactions remembered; the oldest is forgotten for one more. */
const CAPACITY = 10_000;

/** The commands of a session that ended as unknown and may still be answered. */
export class GivenUp {
  readonly #requests = new Map<number, string>();

  /** Remembers a command with its readable form. */
  add(transaction: number, request: string): void {
    this.#requests.delete(transaction);
    if (this.#requests.size >= CAPACITY) {
      for (const oldest of this.#requests.keys()) {
        this.#requests.delete(oldest);
        break;
      }
    }
    this.#requests.set(transaction, request);
  }

  /** Forgets a command; its readable form if it was remembered. */
  take(transaction: number): string | undefined {
    const request = this.#requests.get(transaction);
    if (request !== undefined) this.#requests.delete(transaction);
    return request;
  }
}
