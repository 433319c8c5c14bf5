// The newer era: every request stands alone. Subscriptions are opened again when the hub has been away.
import { isAbort } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import type { HubLink } from "./hub_link.ts";
import { failure, type Id, isAnswer, isRequest, type Message, type Write } from "./message.ts";
import { GrowingPause } from "./pause.ts";
import { hubCut, RelayError, rpcError } from "./problems.ts";

/** Waits before a subscription is opened again. */
const LISTEN_AGAIN = { firstMs: 100, maxMs: 10_000 };
/** The answer to anything but a tool's call begins within this time. */
const ANSWER_MS = 30_000;

/** Carries the messages of one client. */
export class ModernRelay {
  readonly #hub: HubLink;
  readonly #write: Write;
  readonly #running = new Map<Id, AbortController>();
  readonly #subscriptions = new Set<AbortController>();
  /** The connections of the subscriptions. */
  readonly #streams = new Set<LinkedSignal>();

  constructor(hub: HubLink, write: Write) {
    this.#hub = hub;
    this.#write = write;
  }

  /** Ends a request that runs; false when there is none of that id. Closing its stream is how it is cancelled. */
  cancel(id: unknown): boolean {
    const running = this.#running.get(id as Id);
    running?.abort();
    return running !== undefined;
  }

  /** Resolves when the message is answered; never rejects. */
  async handle(message: Message, version: string): Promise<void> {
    if (!isRequest(message)) return;
    const id = message.id as Id;
    const stop = new AbortController();
    this.#running.set(id, stop);
    try {
      if (message.method === "subscriptions/listen") {
        this.#subscriptions.add(stop);
        await this.#listen(message, version, stop.signal);
      } else await this.#once(message, version, stop.signal);
    } catch (error) {
      if (error instanceof RelayError) this.#doubtStreams();
      if (!stop.signal.aborted || !isAbort(error)) await this.#write(failure(id, rpcError(error)));
    } finally {
      this.#subscriptions.delete(stop);
      if (this.#running.get(id) === stop) this.#running.delete(id);
    }
  }

  closeSubscriptions(): void {
    for (const stop of this.#subscriptions) stop.abort();
  }

  /** Ends everything that runs. */
  close(): void {
    for (const stop of this.#running.values()) stop.abort();
  }

  async #once(message: Message, version: string, signal: AbortSignal): Promise<void> {
    const headers = headersOf(message, version);
    const deadlineMs = message.method === "tools/call" ? undefined : ANSWER_MS;
    const reply = await this.#hub.send("POST", { headers, body: message, signal, deadlineMs });
    if (reply.refusal) throw reply.refusal;
    let isAnswered = false;
    for await (const { message: back } of reply.messages) {
      isAnswered ||= isAnswer(back);
      // An error that was found before the request was read has no id; the client waits for its own.
      await this.#write(isAnswer(back) ? { ...back, id: message.id as Id } : back);
    }
    if (!isAnswered) throw hubCut(this.#hub.name);
  }

  /** A machine that slept, or whose hub lost its power, may hold streams by which nothing comes any more. */
  #doubtStreams(): void {
    for (const stream of this.#streams) stream.abort();
  }

  async #listen(message: Message, version: string, signal: AbortSignal): Promise<void> {
    const waits = new GrowingPause(LISTEN_AGAIN.firstMs, LISTEN_AGAIN.maxMs);
    const state = { isOpen: false };
    while (!signal.aborted) {
      using stream = new LinkedSignal(signal);
      this.#streams.add(stream);
      try {
        const isRefused = await this.#listenOnce(message, version, { state, waits, signal: stream.signal });
        if (isRefused) return;
      } catch (error) {
        const isEnded = error instanceof RelayError || isAbort(error);
        if (signal.aborted || !state.isOpen || !isEnded) throw error;
      } finally {
        this.#streams.delete(stream);
      }
      await waits.wait(signal);
    }
  }

  /** Follows one stream to its end; true when the hub answered with an error. */
  async #listenOnce(
    message: Message,
    version: string,
    { state, waits, signal }: { state: { isOpen: boolean }; waits: GrowingPause; signal: AbortSignal },
  ): Promise<boolean> {
    const headers = headersOf(message, version);
    const reply = await this.#hub.send("POST", { headers, body: message, signal, deadlineMs: ANSWER_MS });
    if (reply.refusal) throw reply.refusal;
    if (state.isOpen) await this.#tellToLookAgain(message);
    for await (const { message: back } of reply.messages) {
      const isAcknowledgement = back.method === "notifications/subscriptions/acknowledged";
      // An empty result ends a subscription; that the hub stops must not end the client's.
      if (back.result !== undefined || (isAcknowledgement && state.isOpen)) continue;
      await this.#write(isAnswer(back) ? { ...back, id: message.id as Id } : back);
      if (back.error) return true;
      state.isOpen = true;
      waits.reset();
    }
    return false;
  }

  /** What happened while the hub was away is unknown. */
  async #tellToLookAgain({ id, params }: Message): Promise<void> {
    const wanted = params?.["notifications"] as Record<string, unknown> | undefined;
    const _meta = { "io.modelcontextprotocol/subscriptionId": id };
    const tell = (name: string, more: Record<string, unknown> = {}) =>
      this.#write({ jsonrpc: "2.0", method: `notifications/${name}`, params: { ...more, _meta } });
    if (wanted?.["toolsListChanged"]) await tell("tools/list_changed");
    if (wanted?.["resourcesListChanged"]) await tell("resources/list_changed");
    if (wanted?.["promptsListChanged"]) await tell("prompts/list_changed");
    const uris = wanted?.["resourceSubscriptions"];
    for (const uri of Array.isArray(uris) ? uris : []) await tell("resources/updated", { uri });
  }
}

/** The headers that mirror the body (SEP-2243); the hub refuses a request without them. */
function headersOf({ method, params }: Message, version: string): Record<string, string> {
  const isNamed = method === "tools/call" || method === "prompts/get" || method === "resources/read";
  const name = method === "resources/read" ? params?.["uri"] : params?.["name"];
  return {
    "mcp-protocol-version": headerText(version),
    "mcp-method": headerText(method ?? ""),
    ...(isNamed && typeof name === "string" ? { "mcp-name": headerText(name) } : {}),
  };
}

function headerText(value: string): string {
  if (/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) return value;
  return `=?base64?${btoa(String.fromCharCode(...new TextEncoder().encode(value)))}?=`;
}
