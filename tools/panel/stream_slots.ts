// How many moving pictures one page fetches from one hub. Browsers open six connections to a host over HTTP/1.1, and a
// stream keeps its own for ever: a seventh would wait for ever, and with it every single picture and every command.

const MAX_STREAMS = 4;

/** Shared by the panels of a page. */
export class StreamSlots {
  readonly #taken = new Map<string, number>();

  /** Takes a slot of that hub; undefined when all are taken. The returned function gives it back. */
  take(hubUrl: string): (() => void) | undefined {
    const count = this.#taken.get(hubUrl) ?? 0;
    if (count >= MAX_STREAMS) return undefined;
    this.#taken.set(hubUrl, count + 1);
    let isHeld = true;
    return () => {
      if (isHeld) this.#taken.set(hubUrl, (this.#taken.get(hubUrl) ?? 1) - 1);
      isHeld = false;
    };
  }
}
