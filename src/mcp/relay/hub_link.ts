// The hub's /mcp, over its Unix socket or its address. One request in, its messages out.
import { isAbort } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import type { Secret } from "../../base/secret.ts";
import type { Message } from "./message.ts";
import { pause } from "./pause.ts";
import { hubAway, hubCut, refusal, type RelayError } from "./problems.ts";
import { readEvents } from "./sse.ts";

/** Where the hub is. */
export interface HubAddress {
  url: string;
  /** Path of its Unix socket; `url` then only names what is asked there. */
  socket?: string | undefined;
  token?: Secret | undefined;
}

/** What the hub answered. */
export interface Reply {
  status: number;
  sessionId: string | undefined;
  messages: AsyncIterable<Incoming>;
  /** Why there are no messages, when the answer is no MCP. */
  refusal: RelayError | undefined;
}

/** A message with its place in the stream, by which a stream can be taken up again. */
export interface Incoming {
  message: Message;
  eventId: string | undefined;
}

/** What is sent. */
export interface Outgoing {
  headers: Record<string, string>;
  body?: Message;
  signal: AbortSignal;
  /** Milliseconds until the answer begins; undefined: as long as it takes. */
  deadlineMs?: number | undefined;
}

/** A hub that is restarted is back within this time; what came meanwhile waits. */
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 100;
const MAX_ANSWER_CHARS = 32_000_000;
const MAX_PROBLEM_CHARS = 4000;

/** Sends to one hub. */
export class HubLink {
  readonly name: string;
  readonly #address: HubAddress;
  readonly #client: Deno.HttpClient;
  readonly #patienceMs: number;
  readonly #whenAway: () => Promise<void>;

  /**
   * @param options.patienceMs how long a hub that is away is waited for.
   * @param options.whenAway called each time that nobody answers; may bring a hub up.
   */
  constructor(address: HubAddress, options: { patienceMs?: number; whenAway?: () => Promise<void> } = {}) {
    const { socket: path } = address;
    this.#address = address;
    this.name = path ?? address.url;
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
    this.#whenAway = options.whenAway ?? (() => Promise.resolve());
    // No connection is kept: one that the hub has left unnoticed, by a restart or while this machine slept, would
    // take a call with it, of which nobody could then say whether it was done.
    const fresh = { poolMaxIdlePerHost: 0 };
    this.#client = Deno.createHttpClient(
      path === undefined ? fresh : { ...fresh, proxy: { transport: "unix", path } },
    );
  }

  /** @throws RelayError when the hub is away or goes away; AbortError. */
  async send(method: "POST" | "GET" | "DELETE", outgoing: Outgoing): Promise<Reply> {
    const response = await this.#patiently(outgoing, (signal) => this.#fetch(method, outgoing, signal));
    const sessionId = response.headers.get("mcp-session-id") ?? undefined;
    const type = response.headers.get("content-type") ?? "";
    const isMcp = response.ok || /^(?:application\/json|text\/event-stream)\b/.test(type);
    return {
      status: response.status,
      sessionId,
      messages: this.#messagesOf(response, isMcp),
      refusal: isMcp ? undefined : await this.#refusalOf(response),
    };
  }

  /**
   * The body is a stream, because fetch sends any other body a second time, unasked, when the hub closes the
   * connection before it has answered: a camera must not be moved twice.
   */
  #fetch(method: string, { headers, body }: Outgoing, signal: AbortSignal): Promise<Response> {
    const { url, token } = this.#address;
    return fetch(url, {
      method,
      headers: {
        accept: method === "GET" ? "text/event-stream" : "application/json, text/event-stream",
        ...(body ? { "content-type": "application/json" } : {}),
        ...(token ? { authorization: `Bearer ${token.reveal()}` } : {}),
        ...headers,
      },
      ...(body ? { body: new Blob([JSON.stringify(body)]).stream() } : {}),
      redirect: "manual",
      signal,
      client: this.#client,
    });
  }

  /** Asks again only while no connection came about: then nothing was sent. */
  async #patiently(
    { signal, deadlineMs }: Outgoing,
    ask: (signal: AbortSignal) => Promise<Response>,
  ): Promise<Response> {
    const until = performance.now() + this.#patienceMs;
    for (;;) {
      // Not with `using`: the answer's stream goes on with this signal when the deadline is past.
      const tried = new LinkedSignal(signal);
      const timer = deadlineMs === undefined ? undefined : setTimeout(() => tried.abort(), deadlineMs);
      try {
        return await ask(tried.signal);
      } catch (error) {
        tried[Symbol.dispose]();
        if (signal.aborted) throw error;
        const words = wordsOf(error, deadlineMs);
        const isUnsent = /\(Connect\)/.test(String(error));
        if (!isUnsent) throw isAbort(error) ? hubAway(this.name, words) : hubCut(this.name);
        const isHopeless = /permission denied|certificate|SUN_LEN/i.test(words);
        if (isHopeless || performance.now() > until) throw hubAway(this.name, words);
      } finally {
        clearTimeout(timer);
      }
      await this.#whenAway();
      await pause(LOOK_EVERY_MS, signal);
    }
  }

  async *#messagesOf(response: Response, isMcp: boolean): AsyncGenerator<Incoming> {
    if (!response.body || !isMcp) return;
    const type = response.headers.get("content-type") ?? "";
    try {
      if (type.startsWith("text/event-stream")) {
        for await (const { data, id } of readEvents(response.body, MAX_ANSWER_CHARS)) {
          if (data !== "") yield { message: JSON.parse(data) as Message, eventId: id };
        }
      } else if (type.startsWith("application/json")) {
        yield { message: await response.json() as Message, eventId: undefined };
      } else {
        await response.body.cancel();
      }
    } catch (error) {
      if (isAbort(error)) throw error;
      throw hubCut(this.name);
    }
  }

  async #refusalOf(response: Response): Promise<RelayError> {
    const hasToken = this.#address.token !== undefined;
    const message = await problemText(response);
    return refusal(this.name, response.status, { hasToken, ...(message === undefined ? {} : { message }) });
  }

  close(): void {
    this.#client.close();
  }
}

/** The system's own words, without fetch's around them; the token is in none of them. */
function wordsOf(error: unknown, deadlineMs: number | undefined): string {
  if (isAbort(error)) return `nothing within ${(deadlineMs ?? 0) / 1000} s`;
  const words = error instanceof Error ? error.message : String(error);
  return /\(Connect\): (.*)$/s.exec(words)?.[1] ?? words;
}

/** The message of a problem+json, or undefined. */
async function problemText(response: Response): Promise<string | undefined> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/problem+json")) {
    await response.body?.cancel();
    return undefined;
  }
  try {
    const { message } = await response.json() as { message?: unknown };
    return typeof message === "string" ? message.slice(0, MAX_PROBLEM_CHARS) : undefined;
  } catch (error) {
    if (isAbort(error)) throw error;
    return undefined;
  }
}
