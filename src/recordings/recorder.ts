// One recording: one file after another while its camera comes and goes, until it is over. `run` does the work.
import { sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { Scope } from "../base/scope.ts";
import type { Switch } from "../devices/capabilities.ts";
import type { Launcher } from "../process/launcher.ts";
import type { RecordingsTable, StoredRecording } from "../store/recordings_table.ts";
import { type ClosedFile, pathOf, type RecordingFiles } from "./files.ts";
import { type FreeSpace, reserveOf } from "./free_space.ts";
import { Gaps, watchPrivacy } from "./gaps.ts";
import { writePart } from "./part_writer.ts";
import { type EndReason, factsOf, newRecordingId, partId, type RunningRecording } from "./recording.ts";
import type { PartFeed, RecordSource } from "./sources.ts";

/** What recording needs of the house. */
export interface RecorderContext {
  launcher: Launcher;
  clock: Clock;
  log: Logger;
  files: RecordingFiles;
  table: Pick<RecordingsTable, "insert">;
  freeSpace(folder: string): Promise<FreeSpace | undefined>;
}

/** What is to be recorded. */
export interface RecorderOrder {
  camera: string;
  durationMs: number;
  /** At most so much of before; undefined: as much as there is. */
  preRollMs: number | undefined;
  /** The camera's picture, asked anew for each file; undefined while the camera is not open. */
  source(): RecordSource | undefined;
  /** False when the camera was removed. */
  isThere(): boolean;
  /** False when somebody has taken the camera out of use. */
  isInUse(): boolean;
  /** What covers its lens. */
  privacy(): Switch | undefined;
}

const LOOK_AT_DISK_MS = 2000;
const LOOK_AT_TIME_MS = 1000;
const LOOK_FOR_BYTES_MS = 100;
/** How long nothing is tried after a file could not be written, or the camera was not there. */
const REST_MS = 1000;
/** So many files in a row that could not be written end the recording. */
const MAX_FAILURES = 3;

/** Records one camera. */
export class Recorder {
  readonly id = newRecordingId();
  readonly order: RecorderOrder;
  readonly askedAtMs: number;
  /** Resolves when the first bytes are on the disk; rejects when the recording ended before. */
  readonly begun: Promise<void>;
  readonly #begun = Promise.withResolvers<void>();
  readonly #context: RecorderContext;
  readonly #askedMs: number;
  readonly #stop = new AbortController();
  readonly #parts: StoredRecording[] = [];
  /** Files that were written, listed or not: no two have one number. */
  #written = 0;
  #unlisted: HubError | undefined;
  readonly #gaps = new Gaps();
  #because: EndReason | undefined;
  #state: RunningRecording["state"] = "starting";
  #error: HubError | undefined;
  /** What its first file is made from. */
  #first: PartFeed | undefined;
  /** The file that is being written. */
  #path: string | undefined;
  #held: { stream: RecordSource["stream"]; release: () => void } | undefined;

  constructor(order: RecorderOrder, context: RecorderContext) {
    this.order = order;
    this.#context = context;
    this.askedAtMs = context.clock.now();
    this.#askedMs = context.clock.monotonic();
    this.begun = this.#begun.promise;
    this.begun.catch(() => {/* who waits for it is told */});
  }

  /** Why it ended, or is ending. */
  get because(): EndReason | undefined {
    return this.#because;
  }

  get error(): HubError | undefined {
    return this.#error;
  }

  /** Why a file that is on the disk is not in the list. */
  get unlisted(): HubError | undefined {
    return this.#unlisted;
  }

  /** The files that are closed and listed. */
  get parts(): readonly StoredRecording[] {
    return this.#parts;
  }

  /** How it stands. */
  async view(): Promise<RunningRecording> {
    const { clock, files } = this.#context;
    const closed = this.#parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const open = this.#path === undefined ? 0 : await files.sizeWhileWritten(this.#path);
    return {
      id: this.id,
      camera: this.order.camera,
      state: this.#because ? "ending" : this.#state,
      askedAtMs: this.askedAtMs,
      endsAtMs: this.askedAtMs + this.#lateMs + this.order.durationMs,
      elapsedMs: Math.max(0, clock.monotonic() - this.#askedMs - this.#lateMs),
      preRollMs: this.#preRollMs,
      sizeBytes: closed + open,
      part: this.#written + 1,
      error: this.#error,
    };
  }

  /** Ends it; the first reason counts. Done when `run` has resolved. */
  end(because: EndReason, error?: HubError): void {
    if (this.#because) return;
    this.#because = because;
    if (error) this.#error = error;
    this.#stop.abort();
  }

  /** Records until the end. Never throws for what cameras and disks do. */
  async run(): Promise<void> {
    const { clock, log } = this.#context;
    const { privacy } = this.order;
    try {
      await using scope = new Scope(this.#stop.signal);
      scope.spawn((signal) => this.#watchDisk(signal));
      scope.spawn((signal) => watchPrivacy(this.#gaps, { clock, privacy }, signal));
      await this.#writeParts(scope);
      this.end("stopped");
    } catch (error) {
      if (!isAbort(error)) {
        log.warn("A recording has failed", { camera: this.order.camera, recording: this.id, error });
        this.end("failed", toHubError(error));
      }
    }
    this.end("stopped");
    this.#held?.release();
    const early = () => new HubError("conflict", "The recording was stopped before it had begun");
    this.#begun.reject(this.#error ?? early());
  }

  async #writeParts(scope: Scope): Promise<void> {
    const { signal } = this.#stop;
    for (let failures = 0; !signal.aborted && failures < MAX_FAILURES;) {
      const source = await this.#flowing(signal);
      try {
        const feed = await source.open({ nowMs: this.askedAtMs, preRollMs: this.#wishedPreRoll }, signal);
        this.#beginTime(feed, scope);
        await this.#writePart(feed);
        failures = 0;
      } catch (error) {
        if (isAbort(error)) throw error;
        this.#error = toHubError(error);
        if (this.#error.kind === "storage_full") return this.end("disk_full");
        if (++failures === MAX_FAILURES) throw error;
        this.#context.log.warn("A recording could not be written and begins a new file", { error });
        await this.#context.clock.sleep(REST_MS, signal);
      }
    }
  }

  /** Later files take what there is: the camera was away before. */
  get #wishedPreRoll(): number | undefined {
    return this.#written === 0 ? this.order.preRollMs : undefined;
  }

  /**
   * Waits until the camera's picture flows, and holds it.
   * @throws HubError why it does not, before the recording has begun; later it waits. AbortError.
   */
  async #flowing(signal: AbortSignal): Promise<RecordSource> {
    const { clock } = this.#context;
    for (;;) {
      if (!this.order.isThere()) this.end("camera_removed");
      if (!this.order.isInUse()) this.end("camera_stopped");
      signal.throwIfAborted();
      const source = this.order.source();
      if (source) this.#hold(source);
      if (source?.isFlowing) return source;
      const hasBegun = this.#state !== "starting";
      if (hasBegun) this.#state = "waiting";
      const error = source?.error;
      if (error) {
        this.#error = error;
        if (!hasBegun) throw this.#giveUp(error);
      }
      if (source) await sleepOrChange(REST_MS, source.changes, clock, signal);
      else await clock.sleep(REST_MS, signal);
    }
  }

  #giveUp(error: HubError): DOMException {
    this.end("failed", error);
    return new DOMException("The camera gives no picture", "AbortError");
  }

  #hold(source: RecordSource): void {
    if (this.#held?.stream === source.stream) return;
    this.#held?.release();
    this.#held = { stream: source.stream, release: source.acquire() };
  }

  async #writePart(feed: PartFeed): Promise<void> {
    const { files, clock, launcher } = this.#context;
    const part = this.#written + 1;
    const id = partId(this.id, part);
    const path = pathOf(this.order.camera, feed.startedAtMs, id);
    const full = await files.prepare(path);
    this.#path = path;
    const scope = new Scope(this.#stop.signal);
    scope.spawn((signal) => this.#tellBegin(path, signal));
    let failure: unknown;
    try {
      await writePart({ name: `record ${this.order.camera}`, feed, path: full }, {
        launcher,
        clock,
      }, this.#stop.signal);
    } catch (error) {
      failure = error;
    }
    scope.stop();
    await scope.join();
    const closed = await files.close(path);
    this.#path = undefined;
    if (closed === "unreadable") {
      this.#context.log.warn("A file of a recording cannot be read; it is kept with the ending .broken", {
        camera: this.order.camera,
        file: path,
      });
    } else if (closed !== "empty") await this.#keep(closed, { id, part, path, feed, failure });
    if (failure) throw failure;
  }

  /** The beginning is told when the disk has something of it. */
  async #tellBegin(path: string, signal: AbortSignal): Promise<void> {
    const { files, clock } = this.#context;
    while (await files.sizeWhileWritten(path) === 0) await clock.sleep(LOOK_FOR_BYTES_MS, signal);
    this.#state = "recording";
    this.#error = undefined;
    this.#begun.resolve();
  }

  async #keep(
    { init, sizeBytes, durationMs }: ClosedFile,
    { id, part, path, feed, failure }: {
      id: string;
      part: number;
      path: string;
      feed: PartFeed;
      failure: unknown;
    },
  ): Promise<void> {
    const endedAtMs = Math.max(feed.lastAtMs, feed.startedAtMs + durationMs);
    const recording: StoredRecording = {
      id,
      recording: this.id,
      part,
      camera: this.order.camera,
      path,
      startedAtMs: Math.round(feed.startedAtMs),
      endedAtMs: Math.round(endedAtMs),
      durationMs: Math.round(durationMs),
      sizeBytes,
      preRollMs: part === 1 ? Math.round(this.#preRollMs) : 0,
      ...factsOf(init),
      endedBecause: this.#because ?? this.#reasonOf(failure),
      gaps: this.#gaps.within(feed.startedAtMs, endedAtMs),
    };
    this.#written++;
    try {
      await this.#context.table.insert(recording);
    } catch (error) {
      this.#unlisted ??= notListed(recording, error);
      throw this.#unlisted;
    }
    this.#parts.push(recording);
  }

  /** How much of it was there before it was asked for. */
  get #preRollMs(): number {
    return this.#first ? Math.max(0, this.askedAtMs - this.#first.startedAtMs) : 0;
  }

  /** How long the first picture took to come. */
  get #lateMs(): number {
    return this.#first ? Math.max(0, this.#first.startedAtMs - this.askedAtMs) : 0;
  }

  /** Why a file ends although the recording does not, or not yet. */
  #reasonOf(failure: unknown): EndReason {
    if (failure instanceof HubError && failure.kind === "storage_full") return "disk_full";
    if (failure) return "failed";
    return this.order.isInUse() ? "camera_lost" : "camera_stopped";
  }

  /** Its time begins with the first picture: a camera may take a while to give one. */
  #beginTime(feed: PartFeed, scope: Scope): void {
    if (this.#first) return;
    this.#first = feed;
    const { clock } = this.#context;
    const leftMs = () => this.#askedMs + this.#lateMs + this.order.durationMs - clock.monotonic();
    scope.spawn(async (signal) => {
      // In short steps: when the first picture was taken is known better after a moment.
      while (leftMs() > 0) await clock.sleep(Math.min(leftMs(), LOOK_AT_TIME_MS), signal);
      this.end("duration");
    });
  }

  /** Looks again and again whether the disk has room for more. */
  async #watchDisk(signal: AbortSignal): Promise<void> {
    const { clock, files, freeSpace } = this.#context;
    while (!signal.aborted) {
      await clock.sleep(LOOK_AT_DISK_MS, signal);
      const error = refusalOf(await freeSpace(files.root));
      if (error) this.end("disk_full", error);
    }
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

/** Why nothing (more) may be recorded on that disk. */
export function refusalOf(
  space: FreeSpace | undefined,
  hint = "Delete recordings, or free some space on that disk",
): HubError | undefined {
  if (!space || space.freeBytes >= reserveOf(space)) return undefined;
  const gib = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  return new HubError(
    "storage_full",
    `Only ${gib(space.freeBytes)} GiB of the disk are free: recording stops below ${
      gib(reserveOf(space))
    } GiB`,
    { hint, details: { free_bytes: space.freeBytes } },
  );
}
