// One recording: one file after another while its camera comes and goes, until it is over. `run` does the work.
import { sleepOrChange } from "../base/changes.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import { Scope } from "../base/scope.ts";
import type { StoredRecording } from "../store/recordings_table.ts";
import { Gaps, watchPrivacy } from "./gaps.ts";
import { dueFromNow } from "./file_length.ts";
import { Part, type PartEnd } from "./part.ts";
import type { PartFeed, RecordSource } from "./record_source.ts";
import { StreamHold } from "./stream_hold.ts";
import { isAsked, type RecorderContext, type RecorderOrder } from "./recorder_order.ts";
import { type EndReason, newRecordingId, type RunningRecording } from "./recording.ts";

const LOOK_AT_DISK_MS = 5000;
const LOOK_AT_TIME_MS = 1000;
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
  #parts: StoredRecording[] = [];
  /** Files that are listed, and their bytes. */
  #listed = { count: 0, bytes: 0 };
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
  #part: Part | undefined;
  /** Files that are being closed while the next one is written. */
  readonly #closing = new Set<Promise<PartEnd>>();
  readonly #held = new StreamHold();

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

  /** The files that are closed and listed; of a recording by rule only the last. */
  get parts(): readonly StoredRecording[] {
    return this.#parts;
  }

  /** How many are closed and listed. */
  get count(): number {
    return this.#listed.count;
  }

  /** How it stands. */
  async view(): Promise<RunningRecording> {
    const { clock } = this.#context;
    const open = await this.#part?.size() ?? 0;
    const endsAtMs = this.askedAtMs + this.#lateMs + this.order.durationMs;
    return {
      id: this.id,
      camera: this.order.camera,
      cause: this.order.cause,
      state: this.#because ? "ending" : this.#state,
      askedAtMs: this.askedAtMs,
      endsAtMs: Number.isFinite(endsAtMs) ? endsAtMs : undefined,
      elapsedMs: Math.max(0, clock.monotonic() - this.#askedMs - this.#lateMs),
      preRollMs: this.#preRollMs,
      sizeBytes: this.#listed.bytes + open,
      part: this.#written + 1,
      error: this.#error,
    };
  }

  /** Aborts when it ends or is ended. */
  get ending(): AbortSignal {
    return this.#stop.signal;
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
    const [{ clock, log }, { privacy }] = [this.#context, this.order];
    try {
      await using scope = new Scope(this.#stop.signal);
      scope.spawn((signal) => this.#watchDisk(signal));
      scope.spawn((signal) => watchPrivacy(this.#gaps, { clock, privacy }, signal));
      await this.#writeParts(scope);
    } catch (error) {
      if (!isAbort(error)) {
        log.warn("A recording has failed", { camera: this.order.camera, recording: this.id, error });
        this.end("failed", toHubError(error));
      }
    }
    this.end("stopped");
    await Promise.all(this.#closing);
    this.#held.release();
    const early = () => new HubError("conflict", "The recording was stopped before it had begun");
    this.#begun.reject(this.#error ?? early());
  }

  async #writeParts(scope: Scope): Promise<void> {
    const { signal } = this.#stop;
    let rest: PartFeed | undefined;
    for (let failures = 0; !signal.aborted && failures < MAX_FAILURES;) {
      try {
        const feed = rest ?? await this.#open(signal);
        this.#beginTime(feed, scope);
        rest = await this.#writePart(feed);
        failures = 0;
      } catch (error) {
        rest = undefined;
        if (isAbort(error)) throw error;
        this.#error = toHubError(error);
        if (this.#error.kind === "storage_full") return this.end("disk_full");
        const refusal = await this.#context.refusal();
        if (refusal) return this.#refuse(refusal);
        if (++failures === MAX_FAILURES) throw error;
        this.#context.log.warn("A recording could not be written and begins a new file", { error });
        await this.#context.clock.sleep(REST_MS, signal);
      }
    }
  }

  /** Later files take what there is: the camera was away before. */
  async #open(signal: AbortSignal): Promise<PartFeed> {
    const source = await this.#flowing(signal);
    // Known before the first picture is taken: trying encoders takes a moment.
    if (source.isJpeg && !this.order.keepsJpeg) await this.#context.encoder.get();
    const preRollMs = this.#written === 0 ? this.order.preRollMs : undefined;
    return await source.open({ nowMs: this.askedAtMs, preRollMs, isAtLeast: !isAsked(this.order) }, signal);
  }

  /**
   * Waits until the camera's picture flows, and holds it.
   * @throws HubError why it does not, before a recording has begun that somebody asked for; otherwise it waits.
   * AbortError.
   */
  async #flowing(signal: AbortSignal): Promise<RecordSource> {
    const { clock } = this.#context;
    for (;;) {
      if (!this.order.isThere()) this.end("camera_removed");
      if (!this.order.isInUse()) this.end("camera_stopped");
      signal.throwIfAborted();
      const source = this.order.source();
      if (source) this.#held.take(source);
      if (source?.isFlowing) return source;
      const mustBegin = this.#state === "starting" && isAsked(this.order);
      if (!mustBegin) this.#state = "waiting";
      const error = source?.error;
      if (error) {
        this.#error = error;
        if (mustBegin) throw this.#giveUp(error);
      }
      if (source) await sleepOrChange(REST_MS, source.changes, clock, signal);
      else await clock.sleep(REST_MS, signal);
    }
  }

  #giveUp(error: HubError): DOMException {
    this.end("failed", error);
    return new DOMException("The camera gives no picture", "AbortError");
  }

  /** Writes one file. Where the recording goes on at once, the file is closed meanwhile, and what follows returned. */
  async #writePart(feed: PartFeed): Promise<PartFeed | undefined> {
    const part = await Part.begin(
      {
        recording: this.id,
        part: this.#written + 1,
        order: this.order,
        feed,
        gaps: this.#gaps,
        preRollMs: () => this.#preRollMs,
        reason: (failure, hasRest) => this.#reasonOf(failure, hasRest),
        onBegun: () => this.#onBegun(),
        isDue: dueFromNow(this.#context.clock, this.order.segmentMs),
      },
      this.#context,
      this.#stop.signal,
    );
    this.#part = part;
    const rest = await part.fed;
    const closed = part.closed.then((end) => this.#keep(end));
    if (rest) {
      this.#written++;
      this.#closing.add(closed);
      void closed.finally(() => this.#closing.delete(closed));
      return rest;
    }
    const { stored, failure, unlisted } = await closed;
    if (stored || unlisted) this.#written++;
    this.#part = undefined;
    if (this.#state === "recording") this.#state = "waiting";
    if (failure) throw failure;
    return undefined;
  }

  #onBegun(): void {
    this.#state = "recording";
    this.#error = undefined;
    this.#begun.resolve();
  }

  #keep(end: PartEnd): PartEnd {
    this.#unlisted ??= end.unlisted;
    if (end.stored) {
      this.#listed = { count: this.#listed.count + 1, bytes: this.#listed.bytes + end.stored.sizeBytes };
      // One by rule goes on for months.
      this.#parts = isAsked(this.order) ? [...this.#parts, end.stored] : [end.stored];
    }
    if (end.failure) {
      this.#error = end.failure;
      if (end.failure.kind === "storage_full") this.end("disk_full");
    }
    return end;
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
  #reasonOf(failure: unknown, hasRest: boolean): EndReason {
    if (hasRest) return "segment";
    if (this.#because) return this.#because;
    if (failure instanceof HubError && failure.kind === "storage_full") return "disk_full";
    if (failure) return "failed";
    return this.order.isInUse() ? "camera_lost" : "camera_stopped";
  }

  /** Its time begins with the first picture: a camera may take a while to give one. */
  #beginTime(feed: PartFeed, scope: Scope): void {
    if (this.#first) return;
    this.#first = feed;
    if (!Number.isFinite(this.order.durationMs)) return;
    const { clock } = this.#context;
    const leftMs = () => this.#askedMs + this.#lateMs + this.order.durationMs - clock.monotonic();
    scope.spawn(async (signal) => {
      // In short steps: when the first picture was taken is known better after a moment.
      while (leftMs() > 0) await clock.sleep(Math.min(leftMs(), LOOK_AT_TIME_MS), signal);
      this.end("duration");
    });
  }

  /** Looks again and again whether the disk is there and has room for more. */
  async #watchDisk(signal: AbortSignal): Promise<void> {
    const { clock, refusal } = this.#context;
    while (!signal.aborted) {
      await clock.sleep(LOOK_AT_DISK_MS, signal);
      const error = await refusal();
      if (error) this.#refuse(error);
    }
  }

  #refuse(error: HubError): void {
    this.end(error.kind === "storage_full" ? "disk_full" : "folder_missing", error);
  }
}
