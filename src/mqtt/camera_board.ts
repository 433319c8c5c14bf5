// What the broker knows of the cameras: kept in step with those that there are.
import { type Clock, isoTime } from "../base/clock.ts";
import { redact } from "../base/secret.ts";
import type { MqttSection } from "../config/channels.ts";
import type { Camera } from "../devices/camera.ts";
import { OBSERVATION_KINDS, type Preset } from "../devices/capabilities.ts";
import type { DeviceManager } from "../devices/manager.ts";
import type { RuleBook } from "../devices/rule_book.ts";
import type { EventKind } from "../events/event.ts";
import type { Journal } from "../events/journal.ts";
import { type CameraDescription, describeCamera } from "./description.ts";
import { cameraEntities, type DiscoveryContext, type Entity, hubEntities } from "./discovery.ts";
import type { Incoming } from "./link.ts";
import type { Retained } from "./retained.ts";
import { SWITCHES } from "./switches.ts";
import type { Topics } from "./topics.ts";

/** What the board works with. */
export interface CameraBoardDeps {
  section: MqttSection;
  topics: Topics;
  retained: Retained;
  manager: Pick<DeviceManager, "cameras" | "find" | "stays">;
  journal: Pick<Journal, "list">;
  rules: Pick<RuleBook, "of">;
  clock: Clock;
  origin(): string | undefined;
}

/** A camera that is unknown for so long after the start is not one that is still to be found. */
const FOREIGN_FOR_MS = 600_000;

/** Below each camera's name, beside its switches and what it reports. */
const STATE_NAMES = ["status", "attributes", "availability", "last_event", "snapshot", "recording_mode"];

/** Describes every camera and announces its entities. */
export class CameraBoard {
  readonly #deps: CameraBoardDeps;
  readonly #known = new Map<string, CameraDescription>();
  readonly #seen = new Map<string, Set<EventKind>>();
  readonly #announced = new Map<string, Set<string>>();
  /** Cameras whose presets were read: before that nobody knows which are gone. */
  readonly #complete = new Set<string>();
  /** Announcements of an earlier life that are not of this one, with the camera that they are of. */
  readonly #foreign = new Map<string, string>();
  readonly #startedAtMs: number;

  constructor(deps: CameraBoardDeps) {
    this.#deps = deps;
    this.#startedAtMs = deps.clock.monotonic();
  }

  /** Brings everything in step with the cameras as they are now. */
  refresh(): void {
    const { section, manager, retained } = this.#deps;
    if (section.discovery) { for (const entity of hubEntities(this.#context)) this.#announce("", entity); }
    for (const camera of manager.cameras) this.#tell(camera);
    for (const id of [...this.#known.keys()]) if (!manager.stays(id)) this.#forget(id);
    for (const [topic, camera] of this.#foreign) {
      if (retained.has(topic)) this.#foreign.delete(topic);
      else if (this.#isGone(camera)) this.#clearForeign(topic, camera);
    }
  }

  /** Looks up what a camera has reported before. @throws HubError when the database cannot be read. */
  async learn(camera: string): Promise<void> {
    if (this.#seen.has(camera)) return;
    const kinds = new Set<EventKind>();
    for (const kind of OBSERVATION_KINDS) {
      const { events } = await this.#deps.journal.list({ camera, kind, limit: 1 });
      if (events.length > 0) kinds.add(kind);
    }
    this.#seen.set(camera, new Set([...kinds, ...this.#seen.get(camera) ?? []]));
    this.refresh();
  }

  /** A camera has reported something, perhaps for the first time. */
  noteKind(camera: string, kind: EventKind): void {
    const seen = this.#seen.get(camera) ?? new Set();
    this.#seen.set(camera, seen);
    if (seen.has(kind)) return;
    seen.add(kind);
    this.refresh();
  }

  /** The presets of a camera, as its device has just told. */
  notePresets(camera: string, presets: readonly Preset[]): void {
    const before = this.#known.get(camera);
    if (!before) return;
    this.#known.set(camera, { ...before, presets });
    this.#complete.add(camera);
    this.refresh();
  }

  /** Takes an announcement that the broker had kept from before. */
  noteAnnounced({ topic, payload, isRetained }: Incoming): void {
    if (!isRetained || payload.length === 0 || this.#deps.retained.has(topic)) return;
    const camera = cameraOf(payload, this.#deps.topics);
    if (camera !== undefined) this.#foreign.set(topic, camera);
    this.refresh();
  }

  get #context(): DiscoveryContext {
    const { topics, origin, section } = this.#deps;
    return {
      topics,
      origin: origin(),
      canCommand: section.commands,
      hasSnapshots: section.snapshots,
    };
  }

  #tell(camera: Camera): void {
    const { topics, retained, section } = this.#deps;
    const { id } = camera;
    const rules = this.#deps.rules.of(id);
    const seen = this.#seen.get(id) ?? new Set();
    const description = describeCamera({ camera, rules }, this.#known.get(id), seen);
    this.#known.set(id, description);
    const { status, reason, hint, sinceMs } = camera.status;
    retained.set(topics.of(id, "status"), status);
    retained.set(topics.of(id, "recording_mode"), rules.recording.mode);
    retained.set(topics.of(id, "availability"), camera.device ? "online" : "offline");
    const attributes = redact({ name: description.name, since: isoTime(sinceMs), reason, hint });
    retained.set(topics.of(id, "attributes"), JSON.stringify(attributes));
    for (const kind of description.kinds) {
      if (!retained.has(topics.of(id, kind))) retained.set(topics.of(id, kind), "OFF");
    }
    if (!section.discovery) return;
    const entities = cameraEntities(description, this.#context);
    for (const entity of entities) this.#announce(id, entity);
    const wanted = new Set(entities.map(({ topic }) => topic));
    for (const topic of this.#announced.get(id) ?? []) {
      if (wanted.has(topic)) continue;
      this.#announced.get(id)?.delete(topic);
      retained.clear(topic);
    }
  }

  #announce(camera: string, { topic, config }: Entity): void {
    this.#deps.retained.set(topic, JSON.stringify(config));
    const announced = this.#announced.get(camera) ?? new Set();
    this.#announced.set(camera, announced.add(topic));
  }

  /** A camera was removed: nothing of it stays at the broker. */
  #forget(camera: string): void {
    for (const topic of this.#announced.get(camera) ?? []) this.#deps.retained.clear(topic);
    this.#clearStates(camera);
    for (const each of [this.#announced, this.#known, this.#seen, this.#complete]) each.delete(camera);
  }

  #clearStates(camera: string): void {
    const { topics, retained } = this.#deps;
    const names = [...STATE_NAMES, ...OBSERVATION_KINDS, ...SWITCHES.map(({ name }) => name)];
    for (const name of names) retained.clear(topics.of(camera, name));
  }

  /** True when an announcement of a camera that is not wanted now will not be wanted soon either. */
  #isGone(camera: string): boolean {
    const { manager, clock, topics } = this.#deps;
    if (camera === topics.node) return true;
    if (manager.find(camera)) return this.#known.get(camera)?.isKnown === true && this.#complete.has(camera);
    return clock.monotonic() - this.#startedAtMs > FOREIGN_FOR_MS;
  }

  #clearForeign(topic: string, camera: string): void {
    this.#foreign.delete(topic);
    this.#deps.retained.clear(topic);
    if (camera !== this.#deps.topics.node && !this.#deps.manager.find(camera)) this.#clearStates(camera);
  }
}

/** The camera that an announcement is of; the node itself for one of the hub. */
function cameraOf(payload: Uint8Array, { node }: Topics): string | undefined {
  try {
    const { device: told } = JSON.parse(new TextDecoder().decode(payload)) as {
      device?: { identifiers?: unknown[] };
    };
    const [id] = told?.identifiers ?? [];
    if (id === node) return node;
    const prefix = `${node}_`;
    return typeof id === "string" && id.startsWith(prefix) ? id.slice(prefix.length) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
