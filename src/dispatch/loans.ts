/** Places of a provider that are promised to claims made beside the dispatcher's own. */
export class Loans {
  #places = 0;
  #whenRepaid: (() => void)[] = [];

  /** How many are promised just now. */
  get places(): number {
    return this.#places;
  }

  lend(places: number): void {
    this.#places += places;
  }

  repay(places: number): void {
    this.#places -= places;
    if (this.#places === 0) for (const tell of this.#whenRepaid.splice(0)) tell();
  }

  /** Resolves when nothing is lent. */
  async repaid(): Promise<void> {
    if (this.#places === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenRepaid.push(resolve);
    });
  }
}
