// A signal that aborts with others, and by itself.
import { abortError } from "./errors.ts";

/**
 * Aborts as soon as one of its sources does, or when told to. To be declared with `using`: leaving the block
 * takes its listeners off the sources.
 *
 * Stands in for `AbortSignal.any`: Deno (2.7.11 and before) collects such a signal as garbage although
 * somebody listens to it, and the listeners then never run.
 */
export class LinkedSignal {
  readonly #controller = new AbortController();
  readonly #sources: readonly AbortSignal[];
  readonly #onAbort = () => this.abort();

  constructor(...sources: AbortSignal[]) {
    this.#sources = sources;
    for (const source of sources) {
      if (source.aborted) this.abort();
      else source.addEventListener("abort", this.#onAbort, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(): void {
    this.#controller.abort(abortError());
  }

  [Symbol.dispose](): void {
    for (const source of this.#sources) source.removeEventListener("abort", this.#onAbort);
  }
}
