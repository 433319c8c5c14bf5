// The requests whose answers are not complete: a hub that gives up its folder lets them finish.
import { followStream } from "../base/followed_stream.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { aborted } from "../base/scope.ts";
import type { Handler } from "./listener.ts";

/** Counts calls; what follows something without an end, such as events, is no call. */
export class OpenCalls {
  #open = 0;
  #onIdle = () => {};

  /** The same handler, counted. */
  counted(handler: Handler): Handler {
    return async (request, info) => {
      if (!isCall(request)) return await handler(request, info);
      this.#open++;
      try {
        const response = await handler(request, info);
        if (!response.body) return response;
        this.#open++;
        const { stream } = followStream(
          response.body as ReadableStream<Uint8Array<ArrayBuffer>>,
          () => this.#end(),
        );
        return new Response(stream, response);
      } finally {
        this.#end();
      }
    };
  }

  /** Resolves when every call is answered, or the signal aborts. */
  async settled(signal: AbortSignal): Promise<void> {
    if (this.#open === 0) return;
    using idle = new LinkedSignal(signal);
    this.#onIdle = () => idle.abort();
    await aborted(idle.signal);
  }

  #end(): void {
    if (--this.#open === 0) this.#onIdle();
  }
}

/** MCP's own subscriptions are asked for like calls. */
function isCall({ method, headers }: Request): boolean {
  return method !== "GET" && headers.get("mcp-method") !== "subscriptions/listen";
}
