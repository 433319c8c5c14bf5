// Keeps the last lines that a process wrote to stderr: they tell why it ended.
import { redactText } from "../base/secret.ts";

const MAX_LINES = 20;
const MAX_LINE_CHARS = 500;
/** An address is blanked as a whole: one that was cut off in the middle would show its end. */
const MAX_OPEN_CHARS = 8192;

/** Reads a stderr stream to its end and keeps the last lines, credentials blanked. */
export class StderrTail {
  /** Settles when the stream has ended; never rejects. */
  readonly ended: Promise<void>;
  #lines: string[] = [];
  #open = "";

  constructor(stream: ReadableStream<Uint8Array>) {
    this.ended = this.#read(stream);
  }

  /** The last lines so far, oldest first. */
  get lines(): readonly string[] {
    return this.#open === ""
      ? [...this.#lines]
      : [...this.#lines, redactText(this.#open).slice(0, MAX_LINE_CHARS)];
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) this.#add(decoder.decode(chunk, { stream: true }));
  }

  #add(text: string): void {
    const parts = (this.#open + text).split(/\r?\n|\r/);
    this.#open = (parts.pop() ?? "").slice(0, MAX_OPEN_CHARS);
    for (const part of parts) {
      if (part.trim() !== "") this.#lines.push(redactText(part).slice(0, MAX_LINE_CHARS));
    }
    this.#lines = this.#lines.slice(-MAX_LINES);
  }
}
