// Answers discovery on UDP 20002 for all emulated devices, each from its own address.
import dgram, { type RemoteInfo, type Socket } from "node:dgram";
import { randomBytes } from "node:crypto";
import { openFacts, secretFacts } from "./discovery_facts.ts";
import type { TapoEmulator } from "./emulator.ts";
import { answerProbe, readProbe } from "./tdp.ts";

export const TDP_PORT = 20002;

export interface ResponderOptions {
  emulators: readonly TapoEmulator[];
  /** 20002 by default. */
  bindPort?: number;
  /** Each answer comes with packets around it that mean nothing. */
  garbage?: boolean;
}

/**
 * Hears broadcasts to 127.255.255.255 and probes to each device's own address. Where a device's address cannot be
 * used, its answers come from the socket that hears the broadcasts.
 */
export class TapoDiscoveryResponder implements AsyncDisposable {
  readonly #emulators: readonly TapoEmulator[];
  readonly #common: Socket;
  readonly #byHost = new Map<string, Socket>();
  garbage: boolean;
  /** Probes that were answered. */
  probes = 0;
  /** Datagrams that were none: wrong header, length or checksum. */
  rejected = 0;

  private constructor(options: ResponderOptions, common: Socket) {
    this.#emulators = options.emulators;
    this.#common = common;
    this.garbage = options.garbage ?? false;
  }

  static async start(options: ResponderOptions): Promise<TapoDiscoveryResponder> {
    const common = await openSocket("0.0.0.0", options.bindPort ?? TDP_PORT);
    const responder = new TapoDiscoveryResponder(options, common);
    common.on("message", (bytes, from) => responder.#hear(bytes, from, undefined));
    for (const { host } of options.emulators) await responder.#openFor(host);
    return responder;
  }

  /** The port that probes go to. */
  get port(): number {
    return this.#common.address().port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const sockets = [this.#common, ...this.#byHost.values()];
    await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  }

  /** A socket of the same port at the device's address: it hears what is sent there, and answers from there. */
  async #openFor(host: string): Promise<void> {
    if (this.#byHost.has(host)) return;
    const socket = await openSocket(host, this.port).catch(() => undefined);
    if (!socket) return;
    socket.on("message", (bytes, from) => this.#hear(bytes, from, host));
    this.#byHost.set(host, socket);
  }

  #hear(bytes: Uint8Array, from: RemoteInfo, host: string | undefined): void {
    const probe = readProbe(bytes);
    if (!probe) {
      this.rejected++;
      return;
    }
    this.probes++;
    const asked = this.#emulators.filter((one) => one.isOnline && (host === undefined || one.host === host));
    for (const emulator of asked) {
      const socket = this.#byHost.get(emulator.host) ?? this.#common;
      const answer = answerProbe(probe, openFacts(emulator), secretFacts(emulator));
      const packets = this.garbage ? [...garbagePackets(answer), answer] : [answer];
      for (const packet of packets) socket.send(packet, from.port, from.address);
    }
  }
}

/** Nothing, noise, half an answer, and an answer whose text is damaged. */
function garbagePackets(answer: Uint8Array): Uint8Array[] {
  const damaged = answer.slice();
  damaged.fill(0x7f, 16, 24);
  return [new Uint8Array([0]), randomBytes(64), answer.slice(0, answer.length >> 1), damaged];
}

function openSocket(address: string, port: number): Promise<Socket> {
  const socket = dgram.createSocket({ type: "udp4", reuseAddr: true });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, address, () => {
      socket.removeListener("error", reject);
      socket.on("error", () => {}); // an answer to somebody who has gone
      resolve(socket);
    });
  });
}
