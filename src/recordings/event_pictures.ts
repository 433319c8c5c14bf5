// Keeps a picture of what is observed, when it begins: only where the camera is being looked at anyway.
import type { Clock } from "../base/clock.ts";
import { isAbort } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { aborted } from "../base/scope.ts";
import type { EventHandle } from "../events/entry.ts";
import { type HubEvent, isObserved } from "../events/event.ts";
import type { Journal } from "../events/journal.ts";
import type { EventPictureFiles } from "./event_picture_files.ts";
import type { FreeSpace } from "./free_space.ts";
import { refusalOf } from "./free_space.ts";

/** A JPEG and when it was taken. */
export interface EventPicture {
  bytes: Uint8Array;
  capturedAtMs: number;
}

/** What keeping pictures of events needs of the house. */
export interface EventPicturesDeps {
  files: EventPictureFiles;
  journal: Pick<Journal, "onBegin" | "picturesNamed">;
  clock: Clock;
  log: Logger;
  /** A small picture of a camera whose stream runs; undefined for one whose stream would have to be started. */
  take(camera: string, signal: AbortSignal): Promise<EventPicture | undefined>;
  freeSpace(): Promise<FreeSpace | undefined>;
  /** What all pictures together may take; 0 keeps none. */
  maxBytes(): number;
}

/** Pictures that wait for their turn; what begins beyond them has none. */
const MAX_UNDER_WAY = 8;
/** What begins within this time at the same camera has the same picture. */
const SHARED_MS = 1000;
/** A picture of later shows something else. */
const LATEST_MS = 5000;
/** Events of which it is known whether they have a picture before the journal has that. */
const MAX_REMEMBERED = 100;
/** Ids of one question to the journal. */
const ASK_AT_ONCE = 500;

/** Takes pictures of events. `run` does the work. */
export class EventPictures {
  readonly #deps: EventPicturesDeps;
  readonly #underWay = new Set<Promise<unknown>>();
  /** Ids of the pictures of what began lately, by `keyOf`. */
  readonly #ids = new Map<string, Promise<string | undefined>>();
  readonly #newest = new Map<string, { atMs: number; picture: Promise<EventPicture | undefined> }>();
  #hasTold = false;

  constructor(deps: EventPicturesDeps) {
    this.#deps = deps;
  }

  /** Takes pictures until the signal aborts. Never fails: events are there without pictures, too. */
  async run(signal: AbortSignal): Promise<void> {
    const { journal, log } = this.#deps;
    const loaded = this.#load();
    const leave = journal.onBegin(({ camera, kind, startedAtMs }, event) => {
      if (camera === undefined || !isObserved(kind) || this.#underWay.size >= MAX_UNDER_WAY) return;
      if (this.#deps.maxBytes() <= 0) return;
      const work = this.#keep({ camera, event, startedAtMs, loaded }, signal);
      this.#remember(keyOf({ camera, kind, startedAtMs }), work);
      this.#underWay.add(work);
      void work.then(() => this.#underWay.delete(work));
    });
    try {
      await this.#removeOrphans(await loaded);
    } catch (error) {
      log.warn("Pictures that no event names could not be looked for", { error });
    }
    await aborted(signal);
    leave();
    await Promise.all(this.#underWay);
  }

  /** The id of the picture of an event: as the journal has it, else of the one that is being taken; undefined: none. */
  async idOf(
    event: Pick<HubEvent, "camera" | "kind" | "startedAtMs" | "details">,
  ): Promise<string | undefined> {
    const written = event.details?.snapshot;
    return typeof written === "string" ? written : await this.#ids.get(keyOf(event));
  }

  #remember(key: string, id: Promise<string | undefined>): void {
    this.#ids.set(key, id);
    for (const oldest of this.#ids.keys()) {
      if (this.#ids.size <= MAX_REMEMBERED) break;
      this.#ids.delete(oldest);
    }
  }

  async #load(): Promise<string[]> {
    try {
      return await this.#deps.files.load();
    } catch (error) {
      this.#deps.log.warn("The pictures of events could not be read", { error });
      return [];
    }
  }

  /** What a crash left between a picture and its event, or between an event's end and its picture's. */
  async #removeOrphans(ids: readonly string[]): Promise<void> {
    const { files, journal, log } = this.#deps;
    let count = 0;
    for (let at = 0; at < ids.length; at += ASK_AT_ONCE) {
      const some = ids.slice(at, at + ASK_AT_ONCE);
      const named = await journal.picturesNamed(some);
      const orphans = some.filter((id) => !named.has(id));
      await files.remove(orphans);
      count += orphans.length;
    }
    if (count > 0) log.info("Pictures that no event names were removed", { count });
  }

  /** Returns the picture's id. @param begun `loaded`: until then nothing may be saved. */
  async #keep(
    { camera, event, startedAtMs, loaded }: {
      camera: string;
      event: EventHandle;
      startedAtMs: number;
      loaded: Promise<unknown>;
    },
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { files, log, freeSpace, maxBytes } = this.#deps;
    try {
      const picture = await this.#picture(camera, signal);
      if (!picture || picture.capturedAtMs - startedAtMs > LATEST_MS) return undefined;
      await loaded;
      if (refusalOf(await freeSpace())) return undefined;
      const snapshot = await files.save(picture.bytes, picture.capturedAtMs, maxBytes());
      event.note({ snapshot });
      this.#hasTold = false;
      return snapshot;
    } catch (error) {
      if (isAbort(error)) return undefined;
      // Of a camera that fails, or a disk that is full, each event would tell.
      if (!this.#hasTold) log.warn("A picture of an event could not be kept", { camera, error });
      this.#hasTold = true;
      return undefined;
    }
  }

  async #picture(camera: string, signal: AbortSignal): Promise<EventPicture | undefined> {
    const nowMs = this.#deps.clock.monotonic();
    const known = this.#newest.get(camera);
    // Where there was none the stream may run by now.
    const shared = known && nowMs - known.atMs < SHARED_MS ? await known.picture : undefined;
    if (shared) return shared;
    const picture = this.#deps.take(camera, signal);
    this.#newest.set(camera, { atMs: nowMs, picture });
    return picture;
  }
}

function keyOf({ camera, kind, startedAtMs }: Pick<HubEvent, "camera" | "kind" | "startedAtMs">): string {
  return `${camera}|${kind}|${Math.round(startedAtMs)}`;
}
