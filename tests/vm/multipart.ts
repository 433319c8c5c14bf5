// Reads the parts of a multipart/x-mixed-replace answer one by one, the way a browser's <img> does.

export interface Part {
  headers: Map<string, string>;
  body: Uint8Array;
  /** performance.now() when the last byte of the part had come. */
  receivedAt: number;
}

/** Yields parts until the connection ends; a part cut short ends the sequence without being yielded. */
export async function* readParts(response: Response): AsyncGenerator<Part> {
  if (!response.body) return;
  const buffer = new Buffered(response.body.getReader());
  try {
    while (true) {
      const head = await buffer.until("\r\n\r\n");
      if (head === null) return;
      const headers = new Map<string, string>();
      for (const line of head.split("\r\n")) {
        const colon = line.indexOf(":");
        if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
      }
      const body = await buffer.take(Number(headers.get("content-length") ?? NaN));
      if (body === null) return;
      yield { headers, body, receivedAt: performance.now() };
    }
  } finally {
    await buffer.reader.cancel().catch(() => {});
  }
}

class Buffered {
  #bytes = new Uint8Array(0);
  constructor(readonly reader: ReadableStreamDefaultReader<Uint8Array>) {}

  async #more(): Promise<boolean> {
    const { value, done } = await this.reader.read();
    if (done) return false;
    const joined = new Uint8Array(this.#bytes.length + value.length);
    joined.set(this.#bytes);
    joined.set(value, this.#bytes.length);
    this.#bytes = joined;
    return true;
  }

  async until(mark: string): Promise<string | null> {
    while (true) {
      // Headers are short; looking further would turn every picture into a string.
      const text = new TextDecoder("latin1").decode(this.#bytes.subarray(0, 2048));
      const at = text.indexOf(mark);
      if (at >= 0) {
        this.#bytes = this.#bytes.slice(at + mark.length);
        return text.slice(0, at);
      }
      if (this.#bytes.length >= 2048) {
        throw new Error("a part without Content-Length or with endless headers");
      }
      if (!await this.#more()) return null;
    }
  }

  async take(length: number): Promise<Uint8Array | null> {
    if (!Number.isInteger(length)) throw new Error("a part without Content-Length");
    while (this.#bytes.length < length) if (!await this.#more()) return null;
    const body = this.#bytes.slice(0, length);
    this.#bytes = this.#bytes.slice(length);
    return body;
  }
}
