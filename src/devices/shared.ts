// What drivers keep beside single cameras, for as long as the hub runs: one object of each kind.

/** Made once and handed down, so that no module keeps anything by itself. */
export class Shared {
  readonly #objects = new Map<new () => unknown, unknown>();

  /** The one object of this class, made when it is first asked for. */
  get<T>(kind: new () => T): T {
    const found = this.#objects.get(kind) ?? new kind();
    this.#objects.set(kind, found);
    return found as T;
  }
}
