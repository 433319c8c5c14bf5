// One connection to the broker: from the login to its end. It never connects again by itself; who holds it does.
import { Buffer } from "node:buffer";
import type { IClientOptions, MqttClient } from "mqtt";
import { abortError, HubError } from "../base/errors.ts";
import { abortable } from "../base/scope.ts";
import type { MqttSection } from "../config/channels.ts";
import { explainMqttError, notConnected } from "./connect_errors.ts";

/** What came from the broker. */
export interface Incoming {
  topic: string;
  payload: Uint8Array;
  /** True for what the broker had kept, and did not get just now. */
  isRetained: boolean;
}

export interface LinkOptions {
  section: MqttSection;
  /** What the broker tells when the hub goes without a word. */
  will: { topic: string; payload: string };
  onMessage(message: Incoming): void;
}

const CONNECT_MS = 10_000;
const KEEPALIVE_S = 30;
const END_MS = 2000;
/** Messages that the broker has not confirmed yet. */
const MAX_UNCONFIRMED = 5000;

/** An open connection. Everything is sent with QoS 1. */
export class MqttLink {
  readonly #client: MqttClient;
  readonly #broker: string;
  /** Tells who waits for the broker that the connection has ended. */
  readonly #waiting = new Set<(error: HubError) => void>();
  #ended: HubError | undefined;
  #unconfirmed = 0;
  /** Why it ended; pending while it is open. Resolves also after `end`. */
  readonly closed: Promise<HubError>;

  private constructor(client: MqttClient, broker: string) {
    this.#client = client;
    this.#broker = broker;
    let failure: unknown;
    client.on("error", (error) => failure ??= error);
    // mqtt.js keeps to itself what has no code, and in Deno a refused certificate has none.
    client.stream.on("error", (error) => failure ??= error);
    this.closed = new Promise((resolve) => {
      client.once("close", () => {
        const error = this.#ended = explainMqttError(failure, broker);
        for (const tell of [...this.#waiting]) tell(error);
        resolve(error);
      });
    });
  }

  /** Connects and logs in. @throws HubError saying what is wrong; AbortError. */
  static async open({ section, will, onMessage }: LinkOptions, signal: AbortSignal): Promise<MqttLink> {
    if (signal.aborted) throw abortError();
    // Loaded when it is first needed: most hubs have no broker. Bundled, only its default export is left.
    const { default: mqtt } = await import("mqtt");
    const client = mqtt.connect(section.url ?? "", clientOptions(section, will));
    const link = new MqttLink(client, brokerName(section));
    client.on("message", (topic, payload, { retain }) => onMessage({ topic, payload, isRetained: retain }));
    const connected = new Promise<undefined>((resolve) => client.once("connect", () => resolve(undefined)));
    try {
      const failure = await abortable(Promise.race([connected, link.closed]), signal);
      if (failure) throw failure;
      return link;
    } catch (error) {
      client.end(true);
      throw error;
    }
  }

  /**
   * Sends a message; resolves when the broker has confirmed it.
   * @throws HubError `unavailable` when the connection ends before.
   */
  async publish(topic: string, payload: string | Uint8Array, { retain = false } = {}): Promise<void> {
    if (!this.#client.connected) throw notConnected(this.#broker);
    if (this.#unconfirmed >= MAX_UNCONFIRMED) {
      throw new HubError("unavailable", `The MQTT broker ${this.#broker} does not keep up`);
    }
    this.#unconfirmed++;
    try {
      const bytes = typeof payload === "string" ? payload : Buffer.from(payload);
      await this.#whileOpen(this.#client.publishAsync(topic, bytes, { qos: 1, retain }));
    } catch (error) {
      throw error instanceof HubError ? error : explainMqttError(error, this.#broker);
    } finally {
      this.#unconfirmed--;
    }
  }

  /** @throws HubError when the broker does not allow it, or the connection ends before it answers. */
  async subscribe(topics: string[]): Promise<void> {
    try {
      await this.#whileOpen(this.#client.subscribeAsync(topics, { qos: 1 }));
    } catch (error) {
      throw error instanceof HubError ? error : explainMqttError(error, this.#broker);
    }
  }

  /** Rejects when the connection ends first. Nothing of it stays: a connection lasts for months. */
  #whileOpen<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#ended) reject(this.#ended);
      this.#waiting.add(reject);
      work.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  /** Says goodbye, so that the broker does not tell the will; resolves when the connection is closed. */
  async end(): Promise<void> {
    const timer = setTimeout(() => this.#client.end(true), END_MS);
    this.#client.end();
    await this.closed;
    clearTimeout(timer);
  }
}

/** The broker as people may see it. */
export function brokerName({ url = "" }: Pick<MqttSection, "url">): string {
  const parsed = URL.parse(url);
  return parsed === null ? "without an address" : `${parsed.protocol}//${parsed.host}`;
}

function clientOptions(section: MqttSection, will: LinkOptions["will"]): IClientOptions {
  const { username, password, ca } = section;
  return {
    protocolVersion: 4,
    clientId: `tapocam-${crypto.randomUUID().slice(0, 13)}`,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_MS,
    keepalive: KEEPALIVE_S,
    queueQoSZero: false,
    // The default hands its timers to a Web Worker made of a text, which the compiled program cannot start.
    timerVariant: "native",
    will: { ...will, payload: Buffer.from(will.payload), qos: 1, retain: true },
    rejectUnauthorized: true,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca: [ca] }),
  };
}
