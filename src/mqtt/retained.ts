// What the broker is to have kept: told as it changes, and all of it anew to a broker that may have forgotten.
import type { MqttLink } from "./link.ts";

/** Payloads by topic. Without a connection they wait here, the newest of each topic. */
export class Retained {
  readonly #wanted = new Map<string, string | Uint8Array>();
  /** Topics that the broker is to forget; told once more with each connection. */
  readonly #unwanted = new Set<string>();
  #link: Pick<MqttLink, "publish"> | undefined;

  /** Topics that have a payload. */
  has(topic: string): boolean {
    return this.#wanted.has(topic);
  }

  /** The payload of a topic, where it is a text. */
  text(topic: string): string | undefined {
    const payload = this.#wanted.get(topic);
    return typeof payload === "string" ? payload : undefined;
  }

  /** Sets a payload; one that is the same as before is not told again. */
  set(topic: string, payload: string | Uint8Array): void {
    if (this.#wanted.get(topic) === payload) return;
    this.keep(topic, payload);
    this.#tell(topic, payload);
  }

  /** Notes a payload that the broker has got already. */
  keep(topic: string, payload: string | Uint8Array): void {
    this.#unwanted.delete(topic);
    this.#wanted.set(topic, payload);
  }

  /** Makes the broker forget a topic, also one that it has from an earlier life of the hub. */
  clear(topic: string): void {
    this.#wanted.delete(topic);
    this.#unwanted.add(topic);
    this.#tell(topic, "");
  }

  /** Makes the broker forget all of them for which it is so. */
  clearWhere(isSo: (topic: string) => boolean): void {
    for (const topic of [...this.#wanted.keys()]) if (isSo(topic)) this.clear(topic);
  }

  /** Tells everything anew: after a connection was made, or when somebody has asked. */
  tellAll(link: Pick<MqttLink, "publish"> | undefined = this.#link): void {
    this.#link = link;
    for (const topic of this.#unwanted) this.#tell(topic, "");
    for (const [topic, payload] of this.#wanted) this.#tell(topic, payload);
  }

  /** There is no connection any more. */
  detach(): void {
    this.#link = undefined;
  }

  #tell(topic: string, payload: string | Uint8Array): void {
    this.#link?.publish(topic, payload, { retain: true }).catch(() => {
      // The connection ended: all of it is told to the next one.
    });
  }
}
