// A person asked for this try: then the hub goes further than it goes by itself, once.

/** Those given for a device at present. Each is good for one decision, or until its try is over. */
export class PersonsWord {
  readonly #given = new Set<symbol>();

  /** Returns what is to be called when the try is over: the word counts no longer then, and others still do. */
  give(): () => void {
    const word = Symbol();
    this.#given.add(word);
    return () => void this.#given.delete(word);
  }

  /** True if one was given and not taken yet; it is used up then. */
  take(): boolean {
    const [word] = this.#given;
    return word !== undefined && this.#given.delete(word);
  }
}
