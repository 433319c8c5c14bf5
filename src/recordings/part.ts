// One file of a recording, from its first picture to its row in the list.
import { HubError, toHubError } from "../base/errors.ts";
import { Scope } from "../base/scope.ts";
import type { Encoder } from "../process/record_args.ts";
import type { StoredRecording } from "../store/recordings_table.ts";
import { type ClosedFile, pathOf } from "./files.ts";
import type { Gaps } from "./gaps.ts";
import { beginWriting, type Writing } from "./part_writer.ts";
import type { PartFeed } from "./record_source.ts";
import { isAsked, type RecorderContext, type RecorderOrder } from "./recorder_order.ts";
import { type EndReason, factsOf, partId } from "./recording.ts";

/** What a file is of. */
export interface PartFacts {
  recording: string;
  /** Counts from 1. */
  part: number;
  order: RecorderOrder;
  feed: PartFeed;
  gaps: Gaps;
  /** How much of the file was there before it was asked for; known when it is closed. */
  preRollMs(): number;
  /** Why the file ends. */
  reason(failure: unknown, hasRest: boolean): EndReason;
  /** Told when the first bytes are on the disk. */
  onBegun(): void;
  /** True when another file is to begin. */
  isDue(): boolean;
}

/** What became of it. */
export interface PartEnd {
  /** Undefined where nothing of it could be kept. */
  stored: StoredRecording | undefined;
  /** Why it could not be written on, or not be listed. */
  failure: HubError | undefined;
  /** Set where a file is on the disk and not in the list. */
  unlisted: HubError | undefined;
}

const LOOK_FOR_BYTES_MS = 100;
/** How often what is written is brought to the disk, so that a power cut takes no more. */
const SYNC_EVERY_MS = 10_000;
/** Who asked waits for the first bytes; a rule writes once a group of pictures, at least so often. */
const FRAGMENT_S = { asked: 1, byRule: 5 };

/** A file that is being written. */
export class Part {
  /** Resolves when nothing more is fed into it, with what goes into the next file where the recording goes on. */
  readonly fed: Promise<PartFeed | undefined>;
  /** Resolves when it is closed and listed, or why it is not. Never rejects for what disks do. */
  readonly closed: Promise<PartEnd>;
  readonly #facts: PartFacts;
  readonly #context: RecorderContext;
  readonly #path: string;
  readonly #beganMs: number;
  readonly #encoder: Encoder | undefined;
  #isOpen = true;

  private constructor(
    facts: PartFacts,
    context: RecorderContext,
    { path, encoder, writing }: { path: string; encoder: Encoder | undefined; writing: Writing },
  ) {
    this.#facts = facts;
    this.#context = context;
    this.#path = path;
    this.#encoder = encoder;
    this.#beganMs = context.clock.monotonic();
    this.fed = writing.fed;
    this.closed = this.#follow(writing);
  }

  /** @throws HubError `storage_full`, `forbidden`, `unavailable` where the file cannot begin. */
  static async begin(facts: PartFacts, context: RecorderContext, signal: AbortSignal): Promise<Part> {
    const { order, feed, recording, part, isDue } = facts;
    const path = pathOf(order.camera, feed.startedAtMs, partId(recording, part));
    const encoder: Encoder | undefined = order.keepsJpeg ? undefined : await context.encoder.get();
    const full = await context.files.prepare(path);
    const manner = { encoder, maxS: isAsked(order) ? FRAGMENT_S.asked : FRAGMENT_S.byRule };
    const name = `record ${order.camera}`;
    const writing = beginWriting({ name, feed, path: full, manner, isDue }, context, signal);
    return new Part(facts, context, { path, encoder, writing });
  }

  /** How much of it is on the disk while it is written; 0 afterwards. */
  async size(): Promise<number> {
    return this.#isOpen ? await this.#context.files.sizeWhileWritten(this.#path) : 0;
  }

  async #follow(writing: Writing): Promise<PartEnd> {
    const watching = new Scope();
    watching.spawn((signal) => this.#watch(signal));
    let failure: HubError | undefined;
    try {
      await writing.written;
    } catch (error) {
      failure = toHubError(error);
      if (this.#encoder && failure.kind === "internal") this.#context.encoder.giveUp(this.#encoder);
    }
    watching.stop();
    await watching.join();
    const hasRest = await this.fed !== undefined;
    try {
      return await this.#close(failure, hasRest);
    } catch (error) {
      return { stored: undefined, failure: failure ?? toHubError(error), unlisted: undefined };
    } finally {
      this.#isOpen = false;
    }
  }

  /** Tells of the first bytes, then brings what is written to the disk again and again. */
  async #watch(signal: AbortSignal): Promise<void> {
    const { files, clock } = this.#context;
    while (await files.sizeWhileWritten(this.#path) === 0) await clock.sleep(LOOK_FOR_BYTES_MS, signal);
    this.#facts.onBegun();
    while (!signal.aborted) {
      await clock.sleep(SYNC_EVERY_MS, signal);
      await files.sync(this.#path);
    }
  }

  async #close(failure: HubError | undefined, hasRest: boolean): Promise<PartEnd> {
    const closed = await this.#context.files.close(this.#path);
    if (closed === "unreadable") {
      this.#context.log.warn("A file of a recording cannot be read; it is kept with the ending .broken", {
        camera: this.#facts.order.camera,
        file: this.#path,
      });
    }
    if (closed === "unreadable" || closed === "empty") {
      return { stored: undefined, failure, unlisted: undefined };
    }
    const stored = this.#rowOf(closed, failure, hasRest);
    try {
      await this.#context.table.insert(stored);
      return { stored, failure, unlisted: undefined };
    } catch (error) {
      const unlisted = notListed(stored, error);
      return { stored: undefined, failure: unlisted, unlisted };
    }
  }

  #rowOf({ init, sizeBytes, durationMs }: ClosedFile, failure: unknown, hasRest: boolean): StoredRecording {
    const { order, recording, part, feed, gaps, preRollMs, reason } = this.#facts;
    const endedAtMs = feed.startedAtMs + durationMs;
    return {
      id: partId(recording, part),
      recording,
      part,
      camera: order.camera,
      path: this.#path,
      startedAtMs: Math.round(feed.startedAtMs),
      endedAtMs: Math.round(endedAtMs),
      durationMs: Math.round(durationMs),
      sizeBytes,
      preRollMs: part === 1 ? Math.round(preRollMs()) : 0,
      ...factsOf(init),
      endedBecause: reason(failure, hasRest),
      gaps: gaps.within(feed.startedAtMs, endedAtMs),
      cause: order.cause,
      hasEvent: order.cause === "event" || order.hadEvent(this.#beganMs),
      isLocked: false,
    };
  }
}

/** The file stays: at the next start it is found and listed. */
function notListed({ id, path }: StoredRecording, error: unknown): HubError {
  const { kind, message } = toHubError(error);
  return new HubError(
    kind === "storage_full" ? kind : "internal",
    `A file of the recording is on the disk, but could not be listed: ${message}`,
    {
      hint: "Free some space where the hub keeps its data; when the hub starts anew it lists the file",
      details: { recording_id: id, file: path },
      cause: error,
    },
  );
}
