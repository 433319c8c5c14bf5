// Searches the network for Tapo devices: asks three times, and believes nothing that comes back.
import type { Buffer } from "node:buffer";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { type Clock, systemClock } from "../../base/clock.ts";
import { abortError, HubError, isAbort } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import {
  createDiscoveryKeys,
  createProbe,
  type DiscoveryKeys,
  parseReply,
  type TapoAnnouncement,
} from "./discovery.ts";

/** A device that answered, and from where. */
export interface TapoFound extends TapoAnnouncement {
  /** The IPv4 address from which the answer came, whatever it says inside. */
  address: string;
}

/** Where and how long to search. */
export interface TapoSearchOptions {
  /** Broadcast addresses, one for each network; also addresses of single devices. */
  targets: readonly string[];
  timeoutMs: number;
  signal: AbortSignal;
  clock?: Clock;
  /** Default 20002 and 20004. */
  ports?: readonly number[];
  /** Made anew for each search unless given. */
  keys?: DiscoveryKeys;
}

const PORTS = [20002, 20004];
const TIMES = 3;
/** A search answers for a household; more is an attack. */
const MAX_FOUND = 256;
const MAX_REPLIES = 2048;

/**
 * Searches until the time is over. An answer whose encrypted part could be read replaces one without.
 * @throws HubError `unavailable` when no question could be sent at all; AbortError.
 */
export async function searchTapo(options: TapoSearchOptions): Promise<TapoFound[]> {
  const { clock = systemClock, signal } = options;
  const keys = options.keys ?? await createDiscoveryKeys();
  if (signal.aborted) throw abortError();
  const socket = createSocket("udp4");
  const search = new Search(socket, keys);
  try {
    await search.open();
    await search.run({ ...options, clock });
  } finally {
    await search.close();
  }
  return search.found;
}

class Search {
  readonly #socket: Socket;
  readonly #keys: DiscoveryKeys;
  readonly #found = new Map<string, TapoFound>();
  readonly #failed = new AbortController();
  #failure: unknown;
  #replies = 0;
  #sent = 0;
  #isOpen = false;

  constructor(socket: Socket, keys: DiscoveryKeys) {
    this.#socket = socket;
    this.#keys = keys;
  }

  get found(): TapoFound[] {
    return [...this.#found.values()];
  }

  async open(): Promise<void> {
    this.#socket.on("message", (bytes: Buffer, from: RemoteInfo) => this.#hear(bytes, from));
    try {
      await new Promise<void>((resolve, reject) => {
        this.#socket.once("error", reject);
        this.#socket.bind(0, () => {
          this.#socket.off("error", reject);
          resolve();
        });
      });
      this.#isOpen = true;
      this.#socket.on("error", (error: Error) => this.#fail(error));
      this.#socket.setBroadcast(true);
    } catch (error) {
      this.#socket.close();
      throw new HubError("unavailable", "The hub cannot search the network for Tapo devices", {
        cause: error,
      });
    }
  }

  async run(options: TapoSearchOptions & { clock: Clock }): Promise<void> {
    const { clock, timeoutMs } = options;
    using limit = new LinkedSignal(options.signal, this.#failed.signal);
    const pauseMs = Math.min(500, timeoutMs / (TIMES + 1));
    const probe = createProbe(this.#keys.publicKeyPem);
    try {
      for (let time = 0; time < TIMES; time++) {
        await this.#ask(probe, options);
        await clock.sleep(pauseMs, limit.signal);
      }
      if (this.#sent === 0) throw this.#unsentError();
      await clock.sleep(Math.max(0, timeoutMs - TIMES * pauseMs), limit.signal);
    } catch (error) {
      if (isAbort(error) && !options.signal.aborted) throw this.#unsentError();
      throw error;
    }
  }

  close(): Promise<void> {
    if (!this.#isOpen) return Promise.resolve();
    this.#isOpen = false;
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  /** A network that cannot be reached is no reason to leave out the others. */
  async #ask(probe: Uint8Array, { targets, ports = PORTS }: TapoSearchOptions): Promise<void> {
    const sends = targets.flatMap((target) => ports.map((port) => this.#send(probe, { target, port })));
    await Promise.all(sends);
  }

  #send(probe: Uint8Array, { target, port }: { target: string; port: number }): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#socket.send(probe, port, target, (error) => error ? reject(error) : resolve());
    }).then(() => {
      this.#sent++;
    }, (error) => {
      this.#failure = error;
    });
  }

  #hear(bytes: Buffer, from: RemoteInfo): void {
    if (++this.#replies > MAX_REPLIES || this.#found.size >= MAX_FOUND) return;
    const announcement = parseReply(bytes, this.#keys);
    if (!announcement) return;
    const key = `${from.address} ${announcement.mac ?? announcement.deviceId ?? ""}`;
    const known = this.#found.get(key);
    const tellsMore = known?.sdStatus === undefined && announcement.sdStatus !== undefined;
    if (!known || tellsMore) this.#found.set(key, { ...announcement, address: from.address });
  }

  #fail(error: Error): void {
    this.#failure = error;
    // Some systems report a closed port of one device as an error of the socket: nothing to end a search for.
    if (!("code" in error) || error.code !== "ECONNREFUSED") this.#failed.abort(abortError());
  }

  #unsentError(): HubError {
    return new HubError("unavailable", "The hub cannot search the network for Tapo devices", {
      hint: "Check that this machine is in the same network as the cameras",
      cause: this.#failure,
    });
  }
}
