// The requests of a client on stdio that are not answered yet: at the end of stdin they are waited for.
import { LinkedSignal } from "../../base/linked_signal.ts";
import { type Id, isAnswer, isRequest, type Message } from "./message.ts";
import { pause } from "./pause.ts";

/** How long answers are waited for: a picture or a movement takes longer than a list. */
const GRACE_MS = { call: 10_000, other: 1500 };

/** Counts what comes and what is answered. */
export class OpenRequests {
  readonly #methods = new Map<Id, string>();
  #onAnswered = () => {};

  /** Takes note of a message of the client. */
  received({ id, method, params }: Message): void {
    if (method === "notifications/cancelled") this.#settle(params?.["requestId"] as Id);
    // That one is answered only when the connection ends.
    if (method === undefined || !isRequest({ jsonrpc: "2.0", id: id ?? null, method })) return;
    if (method !== "subscriptions/listen") this.#methods.set(id as Id, method);
  }

  /** Takes note of a message to the client. */
  sent(message: Message): void {
    if (isAnswer(message)) this.#settle(message.id as Id);
  }

  /** Resolves when all are answered, their grace is over or the signal aborts. */
  async settled(signal: AbortSignal): Promise<void> {
    if (this.#methods.size === 0) return;
    const hasCall = [...this.#methods.values()].includes("tools/call");
    using grace = new LinkedSignal(signal);
    this.#onAnswered = () => grace.abort();
    await pause(hasCall ? GRACE_MS.call : GRACE_MS.other, grace.signal);
  }

  #settle(id: Id): void {
    if (this.#methods.delete(id) && this.#methods.size === 0) this.#onAnswered();
  }
}
