// A person asked for this try: then the hub goes further than it goes by itself, once.

/** Good for one decision, or until the try is over. */
export class PersonsWord {
  #isGiven: boolean;

  constructor(isGiven: boolean) {
    this.#isGiven = isGiven;
  }

  give(): void {
    this.#isGiven = true;
  }

  /** True if it was given and not taken yet; it is used up then. */
  take(): boolean {
    const wasGiven = this.#isGiven;
    this.#isGiven = false;
    return wasGiven;
  }
}
