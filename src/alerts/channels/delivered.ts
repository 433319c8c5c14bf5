// Who has got a message that others have not: the next try leaves them out.

/** Messages of which it is known who has got them. */
const MAX_REMEMBERED = 200;

/** Remembers recipients by message, the newest messages only. */
export class Delivered {
  readonly #byMessage = new Map<string, Set<string>>();

  /** True when somebody has got a message at an earlier try. */
  has(message: string, recipient: string): boolean {
    return this.#byMessage.get(message)?.has(recipient) ?? false;
  }

  /** Some have got it, and it will be tried again for others. */
  note(message: string, recipients: Iterable<string>): void {
    this.#byMessage.set(message, new Set([...this.#byMessage.get(message) ?? [], ...recipients]));
    const [oldest] = this.#byMessage.keys();
    if (this.#byMessage.size > MAX_REMEMBERED && oldest !== undefined) this.#byMessage.delete(oldest);
  }

  /** Everybody has got it. */
  forget(message: string): void {
    this.#byMessage.delete(message);
  }
}
