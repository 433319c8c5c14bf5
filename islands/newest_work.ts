// Does one piece of work after the other; of what comes meanwhile only the newest is done.

export type Work = () => Promise<void>;

/** For a slider or a number: every value on the way may be left out, the last one never. */
export class NewestWork {
  #next: Work | undefined;
  #running: Promise<void> | undefined;

  /** True while there is something newer to be done than what is being done. */
  get hasNext(): boolean {
    return this.#next !== undefined;
  }

  /** Settles when nothing is left to be done. Work that fails takes with it what waits. */
  run(work: Work): Promise<void> {
    this.#next = work;
    return this.#running ??= this.#runAll();
  }

  async #runAll(): Promise<void> {
    try {
      for (let work = this.#next; work; work = this.#next) {
        this.#next = undefined;
        await work();
      }
    } finally {
      this.#next = undefined;
      this.#running = undefined;
    }
  }
}
