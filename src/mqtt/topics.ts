// The names of all topics. A camera's topics have one level more than the hub's own: no camera's id can clash.
import type { MqttSection } from "../config/channels.ts";

/** Names topics below a prefix. */
export class Topics {
  readonly prefix: string;
  readonly #discovery: string;
  /** The prefix as one level: it stands in ids at Home Assistant. */
  readonly node: string;

  constructor({ prefix, discovery_prefix }: Pick<MqttSection, "prefix" | "discovery_prefix">) {
    this.prefix = prefix;
    this.#discovery = discovery_prefix;
    this.node = prefix.replaceAll("/", "_");
  }

  /** `online` or `offline`: the hub itself. */
  get hubStatus(): string {
    return `${this.prefix}/status`;
  }

  /** The picture of the newest alert that has one. */
  get alertSnapshot(): string {
    return `${this.prefix}/alert_snapshot`;
  }

  /** Something of a camera, such as `motion`. */
  of(camera: string, what: string): string {
    return `${this.prefix}/${camera}/${what}`;
  }

  /** Where something of a camera is switched. */
  commandOf(camera: string, what: string): string {
    return `${this.of(camera, what)}/set`;
  }

  /** All that is switched. */
  get commands(): string {
    return `${this.prefix}/+/+/set`;
  }

  /** What a command is about; undefined for another topic. */
  parseCommand(topic: string): { camera: string; what: string } | undefined {
    if (!topic.startsWith(`${this.prefix}/`)) return undefined;
    const [camera, what, end, ...more] = topic.slice(this.prefix.length + 1).split("/");
    if (!camera || !what || end !== "set" || more.length > 0) return undefined;
    return { camera, what };
  }

  /** Home Assistant's birth and last will. */
  get birth(): string {
    return `${this.#discovery}/status`;
  }

  /** Where Home Assistant reads what an entity is. */
  discovery(component: string, entity: string): string {
    return `${this.#discovery}/${component}/${this.node}/${entity}/config`;
  }

  /** Where this hub has told what its entities are, now or in an earlier life. */
  get ownDiscovery(): string {
    return `${this.#discovery}/+/${this.node}/+/config`;
  }

  /** True for a topic of `ownDiscovery`. */
  isOwnDiscovery(topic: string): boolean {
    const [component, node, entity, config, ...more] = topic.slice(this.#discovery.length + 1).split("/");
    return topic.startsWith(`${this.#discovery}/`) && Boolean(component && entity) && node === this.node &&
      config === "config" && more.length === 0;
  }

  /** The name of a camera as a device at Home Assistant. */
  device(camera: string): string {
    return `${this.node}_${camera}`;
  }
}
