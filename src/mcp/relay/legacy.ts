// The older era: one session at the hub. When the hub has forgotten it, it is opened again unseen by the client.
import { isAbort } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import type { HubLink } from "./hub_link.ts";
import { failure, type Id, isAnswer, isRequest, type Message, type Write } from "./message.ts";
import { GrowingPause } from "./pause.ts";
import { hubCut, RelayError, rpcError } from "./problems.ts";

/** What a new session must be told again. */
interface Remembered {
  initialize?: Message;
  level?: Message;
  subscribed: Map<string, Message>;
}

/** Waits before the stream of notifications is opened again. */
const LISTEN_AGAIN = { firstMs: 100, maxMs: 10_000 };
/** The answer to anything but a tool's call begins within this time. */
const ANSWER_MS = 30_000;
const FAREWELL_MS = 1000;
const NEWEST = "2025-11-25";

/** Carries the messages of one client. */
export class LegacyRelay {
  readonly #hub: HubLink;
  readonly #write: Write;
  readonly #stop = new AbortController();
  readonly #remembered: Remembered = { subscribed: new Map() };
  /** Requests that the hub has not begun to answer. */
  readonly #unsent = new Map<Id, AbortController>();
  /** The handshake is answered before anything that follows it is sent. */
  #handshake: Promise<void> = Promise.resolve();
  #sessionId: string | undefined;
  #version = NEWEST;
  #reopening: Promise<void> | undefined;
  #listening: Promise<void> | undefined;
  /** The connection of the stream of notifications. */
  #stream: LinkedSignal | undefined;

  constructor(hub: HubLink, write: Write) {
    this.#hub = hub;
    this.#write = write;
  }

  /** Resolves when the message is answered or passed on; never rejects. */
  handle(message: Message): Promise<void> {
    const isHandshake = message.method === "initialize" || message.method === "notifications/initialized";
    const turn = this.#handshake.then(() => this.#handle(message));
    if (isHandshake) this.#handshake = turn;
    return turn;
  }

  async #handle(message: Message): Promise<void> {
    this.#remember(message);
    const isOfRequest = isRequest(message);
    try {
      if (message.method === "notifications/cancelled") this.#forget(message.params?.["requestId"]);
      await this.#deliver(message);
    } catch (error) {
      if (error instanceof RelayError) this.#doubtStream();
      const isCancelled = isAbort(error) || this.#stop.signal.aborted;
      if (isOfRequest && !isCancelled) await this.#write(failure(message.id, rpcError(error)));
    }
    if (message.method === "notifications/initialized") this.#listening ??= this.#listen();
  }

  /** Drops a request that waits for the hub. It may be on its way all the same, so the hub is told, too. */
  #forget(id: unknown): void {
    this.#unsent.get(id as Id)?.abort();
  }

  /** A machine that slept, or whose hub lost its power, may hold a stream by which nothing comes any more. */
  #doubtStream(): void {
    this.#stream?.abort();
  }

  async #deliver(message: Message): Promise<void> {
    if (message.method === "initialize") return void await this.#post(message, this.#write);
    if (this.#sessionId === undefined && this.#remembered.initialize) await this.#reopen(undefined);
    const used = this.#sessionId;
    const status = await this.#post(message, this.#write);
    // Not found: the hub has not looked at the message, so sending it again does nothing twice.
    if (status !== 404) return;
    await this.#reopen(used);
    this.#doubtStream();
    // What the client answers, or cancels, belongs to what the hub has forgotten.
    if (isRequest(message)) await this.#post(message, this.#write);
  }

  /** Posts a message and passes on what comes back. Returns the status; with 404 nothing was passed on. */
  async #post(message: Message, pass: Write): Promise<number> {
    const isOpening = message.method === "initialize";
    const sending = this.#begin(message);
    try {
      const reply = await this.#hub.send("POST", {
        headers: isOpening ? {} : this.#headers(),
        body: message,
        signal: sending.signal,
        deadlineMs: message.method === "tools/call" ? undefined : ANSWER_MS,
      });
      this.#unsent.delete(message.id as Id);
      if (reply.refusal) throw reply.refusal;
      if (reply.status === 404 && !isOpening) {
        await drain(reply.messages);
        return 404;
      }
      if (isOpening) this.#sessionId = reply.sessionId;
      await this.#passOn(message, reply.messages, pass);
      return reply.status;
    } finally {
      this.#unsent.delete(message.id as Id);
      sending.link[Symbol.dispose]();
    }
  }

  #begin(message: Message): { signal: AbortSignal; link: LinkedSignal } {
    const cancel = new AbortController();
    if (isRequest(message)) this.#unsent.set(message.id as Id, cancel);
    const link = new LinkedSignal(this.#stop.signal, cancel.signal);
    return { signal: link.signal, link };
  }

  async #passOn(message: Message, messages: AsyncIterable<{ message: Message }>, pass: Write): Promise<void> {
    let isAnswered = false;
    for await (const { message: back } of messages) {
      if (message.method === "initialize") this.#noteVersion(back);
      isAnswered ||= isAnswer(back);
      // An error that was found before the request was read has no id; the client waits for its own.
      if (!isAnswer(back) || isRequest(message)) {
        await pass(isAnswer(back) ? { ...back, id: message.id as Id } : back);
      }
    }
    if (isRequest(message) && !isAnswered) throw hubCut(this.#hub.name);
  }

  /** One new session, however many messages find the old one gone. */
  async #reopen(gone: string | undefined): Promise<void> {
    if (!this.#reopening && this.#sessionId !== gone) return;
    this.#reopening ??= this.#openAgain().finally(() => this.#reopening = undefined);
    await this.#reopening;
  }

  async #openAgain(): Promise<void> {
    const { initialize, level, subscribed } = this.#remembered;
    if (!initialize) {
      throw new RelayError("conflict", "No session was opened", { recovery: "Send initialize first" });
    }
    this.#sessionId = undefined;
    const drop = () => Promise.resolve();
    await this.#post({ ...initialize, id: "relay-initialize" }, drop);
    await this.#post({ jsonrpc: "2.0", method: "notifications/initialized" }, drop);
    for (const again of [level, ...subscribed.values()]) {
      if (again) await this.#post({ ...again, id: `relay-${again.method}` }, drop);
    }
    await this.#tellToLookAgain();
  }

  /** What happened while the hub was away is unknown. */
  async #tellToLookAgain(): Promise<void> {
    for (const list of ["tools", "resources", "prompts"]) {
      await this.#write({ jsonrpc: "2.0", method: `notifications/${list}/list_changed` });
    }
    for (const uri of this.#remembered.subscribed.keys()) {
      await this.#write({ jsonrpc: "2.0", method: "notifications/resources/updated", params: { uri } });
    }
  }

  /** Holds the stream of notifications open; that the hub is back is noticed here, without a request. */
  async #listen(): Promise<void> {
    const waits = new GrowingPause(LISTEN_AGAIN.firstMs, LISTEN_AGAIN.maxMs);
    const place: { last: string | undefined } = { last: undefined };
    while (!this.#stop.signal.aborted) {
      try {
        const isOver = await this.#followOnce(place, waits);
        if (isOver) return;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (!(error instanceof RelayError) && !isAbort(error)) await this.#write(noticeOf(error));
      }
      await waits.wait(this.#stop.signal);
    }
  }

  /** Follows the stream until it ends; true when the hub has none. */
  async #followOnce(place: { last: string | undefined }, waits: GrowingPause): Promise<boolean> {
    using stream = new LinkedSignal(this.#stop.signal);
    this.#stream = stream;
    const used = this.#sessionId;
    const resume: Record<string, string> = place.last === undefined ? {} : { "last-event-id": place.last };
    const reply = await this.#hub.send("GET", {
      headers: { ...this.#headers(), ...resume },
      signal: stream.signal,
    });
    if (reply.status === 405) return true;
    if (reply.status === 404) {
      await drain(reply.messages);
      place.last = undefined;
      await this.#reopen(used);
      return false;
    }
    if (reply.refusal) throw reply.refusal;
    if (reply.status === 200) waits.reset();
    for await (const { message, eventId } of reply.messages) {
      place.last = eventId ?? place.last;
      if (reply.status === 200) await this.#write(message);
    }
    return false;
  }

  #headers(): Record<string, string> {
    if (this.#sessionId === undefined) return {};
    return { "mcp-session-id": this.#sessionId, "mcp-protocol-version": this.#version };
  }

  #noteVersion({ result }: Message): void {
    const version = (result as { protocolVersion?: unknown } | undefined)?.protocolVersion;
    if (typeof version === "string") this.#version = version;
  }

  #remember(message: Message): void {
    const uri = String(message.params?.["uri"]);
    if (message.method === "initialize") this.#remembered.initialize = message;
    if (message.method === "logging/setLevel") this.#remembered.level = message;
    if (message.method === "resources/subscribe") this.#remembered.subscribed.set(uri, message);
    if (message.method === "resources/unsubscribe") this.#remembered.subscribed.delete(uri);
  }

  /** Ends everything that runs, and the session at the hub. */
  async close(): Promise<void> {
    const headers = this.#headers();
    this.#stop.abort();
    await this.#listening;
    if (this.#sessionId === undefined) return;
    try {
      const reply = await this.#hub.send("DELETE", { headers, signal: AbortSignal.timeout(FAREWELL_MS) });
      await drain(reply.messages);
    } catch (error) {
      // A hub that is away has no session to end.
      if (!(error instanceof RelayError) && !(error instanceof DOMException)) throw error;
    }
  }
}

async function drain(messages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of messages);
}

function noticeOf(error: unknown): Message {
  const { message } = rpcError(error);
  return { jsonrpc: "2.0", method: "notifications/message", params: { level: "error", data: message } };
}
