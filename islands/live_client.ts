// The live-picture protocol over one shared WebSocket; without the DOM, so that it can be tested.

/** Where the shared socket stands. "unavailable": it never opened, so pictures need another way. */
export type LiveConnection = "idle" | "connecting" | "open" | "waiting" | "unavailable";

/** The side of a WebSocket that the client uses. */
export interface LiveSocket {
  send(text: string): void;
  close(): void;
}

/** What a socket reports. `closed` comes exactly once, also when opening failed. */
export interface LiveSocketEvents {
  opened(): void;
  text(data: string): void;
  binary(data: ArrayBuffer): void;
  closed(): void;
}

/** Time and chance, injected. `after` returns a function that cancels the call. */
export interface LiveTimers {
  after(delayMs: number, run: () => void): () => void;
  random(): number;
}

/** One picture. `ageMs` is its age when the hub sent it. */
export interface LiveFrame {
  camera: string;
  seq: number;
  capturedAtMs: number;
  ageMs: number;
  jpeg: ArrayBuffer;
}

/** One viewer of a camera. The promise of `frame` settles once the picture is drawn; only then is it acknowledged. */
export interface LiveListener {
  frame(frame: LiveFrame): Promise<void>;
  status(status: string, reason?: string): void;
  error(message: string): void;
  connection(state: LiveConnection): void;
}

/** What is asked of the hub for one camera; all absent means as the camera delivers. */
export interface LiveOptions {
  fps?: number;
  /** Scaled by the hub to this. */
  width?: number;
  /** As the camera delivers, from its smaller stream where that is no smaller than this. */
  enoughWidth?: number;
  /** With the privacy zones covered, also for who may see them. */
  masked?: boolean;
}

interface Subscription {
  camera: string;
  options: LiveOptions;
  listeners: Set<LiveListener>;
  failures: number;
  cancelRetry: (() => void) | undefined;
}

type Header = Omit<LiveFrame, "jpeg">;

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
const RESUBSCRIBE_MS = 3_000;
const IDLE_CLOSE_MS = 10_000;
const ATTEMPTS_BEFORE_FALLBACK = 3;

/** Doubles from `firstMs` per failure up to the longest wait; the upper half of it is left to chance. */
export function retryDelayMs(failures: number, firstMs: number, random: number): number {
  const full = Math.min(LONGEST_RETRY_MS, firstMs * 2 ** Math.max(0, failures - 1));
  return full / 2 + (full / 2) * random;
}

/** Shares one socket among all pictures of a page; connects with the first, closes some seconds after the last. */
export class LiveClient {
  readonly #openSocket: (events: LiveSocketEvents) => LiveSocket;
  readonly #timers: LiveTimers;
  readonly #subscriptions = new Map<string, Subscription>();
  #socket: LiveSocket | undefined;
  #state: LiveConnection = "idle";
  #everOpened = false;
  #failures = 0;
  #announced: Header | undefined;
  #cancelRetry: (() => void) | undefined;
  #cancelIdle: (() => void) | undefined;

  constructor(openSocket: (events: LiveSocketEvents) => LiveSocket, timers: LiveTimers) {
    this.#openSocket = openSocket;
    this.#timers = timers;
  }

  /** Starts showing a camera to `listener`; the returned function ends it and may be called twice. */
  subscribe(camera: string, listener: LiveListener, options: LiveOptions = {}): () => void {
    this.#cancelIdle?.();
    const known = this.#subscriptions.get(camera);
    const subscription = known ?? this.#addSubscription(camera, options);
    subscription.listeners.add(listener);
    if (!known) this.#sendSubscribe(subscription);
    if (this.#state === "idle") this.#connect();
    listener.connection(this.#state);
    return () => this.#leave(subscription, listener);
  }

  /** Ends a wait for the next attempt, for example because the network is back. */
  retryNow(): void {
    if (this.#cancelRetry) this.#connect();
  }

  #addSubscription(camera: string, options: LiveOptions): Subscription {
    const subscription = {
      camera,
      options,
      listeners: new Set<LiveListener>(),
      failures: 0,
      cancelRetry: undefined,
    };
    this.#subscriptions.set(camera, subscription);
    return subscription;
  }

  #leave(subscription: Subscription, listener: LiveListener): void {
    subscription.listeners.delete(listener);
    const { camera } = subscription;
    if (subscription.listeners.size > 0 || this.#subscriptions.get(camera) !== subscription) return;
    this.#subscriptions.delete(camera);
    subscription.cancelRetry?.();
    this.#send({ op: "unsubscribe", camera });
    if (this.#subscriptions.size === 0) this.#closeWhenIdle();
  }

  #closeWhenIdle(): void {
    this.#cancelIdle?.();
    this.#cancelIdle = this.#timers.after(IDLE_CLOSE_MS, () => {
      if (this.#subscriptions.size > 0) return;
      this.#cancelRetry?.();
      this.#cancelRetry = undefined;
      const socket = this.#socket;
      this.#socket = undefined;
      this.#announced = undefined;
      this.#setState("idle");
      socket?.close();
    });
  }

  #connect(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    if (this.#state === "idle") this.#setState("connecting");
    let socket: LiveSocket | undefined = undefined;
    const current = () => socket !== undefined && socket === this.#socket;
    socket = this.#openSocket({
      opened: () => current() && this.#opened(),
      text: (data) => current() && this.#receive(data),
      binary: (data) => current() && this.#deliver(data),
      closed: () => current() && this.#closed(),
    });
    this.#socket = socket;
  }

  #opened(): void {
    this.#everOpened = true;
    this.#setState("open");
    for (const subscription of this.#subscriptions.values()) this.#sendSubscribe(subscription);
  }

  #closed(): void {
    this.#socket = undefined;
    this.#announced = undefined;
    if (this.#subscriptions.size === 0) return this.#setState("idle");
    this.#failures++;
    const fallBack = !this.#everOpened && this.#failures >= ATTEMPTS_BEFORE_FALLBACK;
    this.#setState(this.#everOpened ? "waiting" : fallBack ? "unavailable" : "connecting");
    const delayMs = retryDelayMs(this.#failures, FIRST_RETRY_MS, this.#timers.random());
    this.#cancelRetry = this.#timers.after(delayMs, () => this.#connect());
  }

  #receive(data: string): void {
    const message = parseMessage(data);
    if (!message) return;
    // Only a message proves that the hub serves: one that accepts and closes at once must still be waited for longer.
    this.#failures = 0;
    if (message.op === "frame") {
      this.#announced = message.header;
      return;
    }
    const subscription = this.#subscriptions.get(message.camera);
    if (!subscription) return;
    if (message.op === "error") this.#retrySubscription(subscription);
    for (const listener of subscription.listeners) {
      if (message.op === "error") listener.error(message.message);
      else listener.status(message.status, message.reason);
    }
  }

  #deliver(jpeg: ArrayBuffer): void {
    const header = this.#announced;
    const socket = this.#socket;
    this.#announced = undefined;
    const subscription = header && this.#subscriptions.get(header.camera);
    if (!header || !subscription) return;
    subscription.failures = 0;
    const drawn = [...subscription.listeners].map((listener) => listener.frame({ ...header, jpeg }));
    // A damaged picture is acknowledged too: the next one may be whole.
    void Promise.allSettled(drawn).then(() => {
      const still = this.#socket === socket && this.#subscriptions.get(header.camera) === subscription;
      if (still) this.#send({ op: "ack", camera: header.camera, seq: header.seq });
    });
  }

  #retrySubscription(subscription: Subscription): void {
    subscription.failures++;
    subscription.cancelRetry?.();
    const delayMs = retryDelayMs(subscription.failures, RESUBSCRIBE_MS, this.#timers.random());
    subscription.cancelRetry = this.#timers.after(delayMs, () => this.#sendSubscribe(subscription));
  }

  #sendSubscribe(subscription: Subscription): void {
    subscription.cancelRetry?.();
    subscription.cancelRetry = undefined;
    const { camera, options: { enoughWidth, ...options } } = subscription;
    const enough = enoughWidth === undefined ? {} : { enough_width: enoughWidth };
    this.#send({ op: "subscribe", camera, ...options, ...enough });
  }

  #send(message: Record<string, unknown>): void {
    if (this.#state === "open") this.#socket?.send(JSON.stringify(message));
  }

  #setState(state: LiveConnection): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const { listeners } of this.#subscriptions.values()) {
      for (const listener of listeners) listener.connection(state);
    }
  }
}

type Message =
  | { op: "frame"; header: Header }
  | { op: "status"; camera: string; status: string; reason?: string }
  | { op: "error"; camera: string; message: string };

/** Reads a text message of the hub; undefined for one that this client does not know. */
export function parseMessage(data: string): Message | undefined {
  const raw = parseObject(data);
  const camera = raw?.["camera"];
  if (!raw || typeof camera !== "string") return undefined;
  const { op, seq, captured_at_ms: capturedAtMs, age_ms: ageMs, status, reason, message } = raw;
  if (
    op === "frame" && typeof seq === "number" && typeof capturedAtMs === "number" && typeof ageMs === "number"
  ) {
    return { op, header: { camera, seq, capturedAtMs, ageMs } };
  }
  if (op === "status" && typeof status === "string") {
    return { op, camera, status, ...(typeof reason === "string" ? { reason } : {}) };
  }
  if (op === "error" && typeof message === "string") return { op, camera, message };
  return undefined;
}

function parseObject(data: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}
