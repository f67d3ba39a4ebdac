/**
 * Does one kind of work at the end of a turn, one at a time, and again when it was asked for
 * meanwhile: what is asked for many times in a turn is done once.
 *
 *   idle ──asked──▶ waiting ──end of the turn──▶ working ──asked meanwhile──▶ working, once more
 *   working ──done, or failed──▶ idle
 */
export class Pump {
  readonly #work: () => Promise<void>;
  readonly #failed: (error: unknown) => void;
  #turn: NodeJS.Immediate | undefined;
  #isWorking = false;
  #worked: Promise<void> | undefined;
  #again = false;

  constructor(work: () => Promise<void>, failed: (error: unknown) => void) {
    this.#work = work;
    this.#failed = failed;
  }

  /** It was asked for since this time's work began. */
  get askedMeanwhile(): boolean {
    return this.#again;
  }

  ask(): void {
    if (this.#isWorking) this.#again = true;
    else
      this.#turn ??= setImmediate(() => {
        this.#turn = undefined;
        this.#worked = this.#run();
      });
  }

  /** Begins nothing that was asked for by now. */
  cancel(): void {
    clearImmediate(this.#turn);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#worked;
  }

  async #run(): Promise<void> {
    this.#isWorking = true;
    try {
      do {
        this.#again = false;
        await this.#work();
      } while (this.#again);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isWorking = false;
    }
  }
}
