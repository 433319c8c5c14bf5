// All recordings of the hub that go on, one a camera, and how those ended that are over. `run` does the work.
import { Changes } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { abortable, aborted } from "../base/scope.ts";
import type { Camera } from "../devices/camera.ts";
import type { DeviceManager } from "../devices/manager.ts";
import type { Media } from "../media/media.ts";
import type { Launcher } from "../process/launcher.ts";
import type { RecordingsTable } from "../store/recordings_table.ts";
import type { RecordingFiles } from "./files.ts";
import type { RecordingListener } from "./recording_events.ts";
import { Recorder } from "./recorder.ts";
import type { RecorderContext, RecorderOrder } from "./recorder_order.ts";
import type { EndedRecording, EndReason, RunningRecording } from "./recording.ts";
import { repair } from "./repair.ts";
import { recordSource } from "./sources.ts";
import type { RecordingChange, RecordWish, RuleWish } from "./wishes.ts";

/** What recordings need of the house. */
export interface RecordingsContext {
  files: RecordingFiles;
  table: RecordingsTable;
  manager: Pick<DeviceManager, "get" | "find" | "requireSoon" | "stays">;
  media: Pick<Media, "find">;
  launcher: Launcher;
  clock: Clock;
  log: Logger;
  /** Told when a recording begins, and when one is over. */
  onChange?(change: RecordingChange): void;
  /** Why nothing may be recorded now: the disk is nearly full, the folder is away. */
  refusal(): Promise<HubError | undefined>;
  encoder: RecorderContext["encoder"];
  /** True where an event went on at a camera at that monotonic time or later. */
  hadEvent(camera: string, sinceMs: number): boolean;
  /** Told of each recording that begins. */
  onBegin?: RecordingListener | undefined;
}

type OrderWish = Pick<RecorderOrder, "cause" | "durationMs" | "preRollMs" | "segmentMs" | "keepsJpeg">;

/** How long a camera may take to give the first bytes. */
const BEGIN_WITHIN_MS = 30_000;

interface Active {
  recorder: Recorder;
  ended: Promise<EndedRecording>;
}

/** Starts and ends recordings. */
export class Recordings {
  /** Notified when a recording ends, and when it is over. */
  readonly changes = new Changes();
  readonly #context: RecordingsContext;
  readonly #active = new Map<string, Active>();
  readonly #last = new Map<string, EndedRecording>();
  /** Also those that give way to another one of their camera, until they are closed. */
  readonly #all = new Set<Active>();
  #isStopping = false;

  constructor(context: RecordingsContext) {
    this.#context = context;
  }

  /** Puts right what a crash left; at the end closes whatever is being written. */
  async run(signal: AbortSignal): Promise<void> {
    // Before the cameras are taken away: then it is the hub that ends their recordings, not they.
    signal.addEventListener("abort", () => this.#endAll(), { once: true });
    if (signal.aborted) this.#endAll();
    await this.repair(signal);
    await aborted(signal);
    await Promise.all([...this.#all].map(({ ended }) => ended));
  }

  /** Closes and lists what is in the folder and in no list: after a crash, or when its disk is back. Never fails. */
  async repair(signal: AbortSignal): Promise<void> {
    const { files, table, log } = this.#context;
    try {
      await repair({ files, table, log, isActive: (id) => this.#isActive(id) }, signal);
    } catch (error) {
      // What cannot be repaired is tried again at the next start; the hub goes on.
      if (!isAbort(error)) log.warn("The folder of recordings could not be looked through", { error });
    }
  }

  /**
   * Ends the recording of a camera that is taken away: a companion of the camera. With one that comes back at once, such
   * as with other options, it goes on in another file.
   */
  readonly accompany = async (camera: Camera, signal: AbortSignal): Promise<void> => {
    await aborted(signal);
    if (!this.#isStopping && this.#context.manager.stays(camera.id)) return;
    const active = this.#active.get(camera.id);
    active?.recorder.end(this.#isStopping ? "hub_stopped" : "camera_removed");
    await active?.ended;
  };

  /**
   * Begins a recording, and returns when there are bytes of it on the disk. One by rule gives way to it.
   * @throws HubError `conflict` where one goes on that somebody asked for, `storage_full`, or why the camera gives no picture.
   */
  async start(cameraId: string, wish: RecordWish, signal: AbortSignal): Promise<RunningRecording> {
    await this.check(cameraId, signal);
    // Another may have begun meanwhile.
    this.#refuseActive(cameraId);
    this.#active.get(cameraId)?.recorder.end("replaced");
    const active = this.#begin(cameraId, {
      cause: "manual",
      durationMs: wish.durationMs,
      preRollMs: wish.preRollMs,
      segmentMs: Infinity,
      keepsJpeg: false,
    });
    try {
      await this.#begunInTime(active.recorder, signal);
    } catch (error) {
      active.recorder.end("stopped");
      await active.ended;
      throw error;
    }
    return await active.recorder.view();
  }

  /** Begins a recording that a rule wants; it waits for its camera. Nothing happens where one goes on. */
  beginByRule(cameraId: string, wish: RuleWish): void {
    if (this.#isStopping || this.cause(cameraId) !== undefined) return;
    this.#begin(cameraId, { ...wish, durationMs: Infinity });
  }

  /** Ends one by rule; one that somebody asked for goes on. */
  endByRule(cameraId: string, because: EndReason): void {
    const active = this.#active.get(cameraId);
    if (active && active.recorder.order.cause !== "manual") active.recorder.end(because);
  }

  /** Says why a recording could not begin now. @throws HubError as `start` does. */
  async check(cameraId: string, signal: AbortSignal): Promise<void> {
    const { manager, refusal } = this.#context;
    manager.get(cameraId);
    this.#refuseActive(cameraId);
    await manager.requireSoon(cameraId, "video", signal);
    const error = await refusal();
    if (error) throw error;
    if (this.#isStopping) throw new HubError("unavailable", "The hub is being stopped");
  }

  /**
   * Ends a recording that somebody asked for, and returns when its last file is closed and listed.
   * @throws HubError `conflict` where none goes on; `internal`, `storage_full` where a file of it could not be listed.
   */
  async stop(cameraId: string, because: EndReason = "stopped"): Promise<EndedRecording> {
    const active = this.#require(cameraId);
    active.recorder.end(because);
    return listed(await active.ended);
  }

  /** Resolves when the recording is over. @throws HubError as `stop` does; AbortError. */
  async over(cameraId: string, signal: AbortSignal): Promise<EndedRecording> {
    return listed(await abortable(this.#require(cameraId).ended, signal));
  }

  /** Who wants the recording of a camera that goes on; undefined where none does, or it is ending. */
  cause(cameraId: string): RecorderOrder["cause"] | undefined {
    const recorder = this.#active.get(cameraId)?.recorder;
    return recorder?.because === undefined ? recorder?.order.cause : undefined;
  }

  /** How the recording of a camera stands; undefined where none goes on. */
  async running(cameraId: string): Promise<RunningRecording | undefined> {
    return await this.#active.get(cameraId)?.recorder.view();
  }

  /** The cameras of which a recording goes on. */
  get cameras(): readonly string[] {
    return [...this.#active.keys()];
  }

  /** The last recording of a camera that ended since the hub started. */
  last(cameraId: string): EndedRecording | undefined {
    return this.#last.get(cameraId);
  }

  #begin(cameraId: string, wish: OrderWish): Active {
    const { manager, media, clock, hadEvent } = this.#context;
    const recorder = new Recorder({
      ...wish,
      camera: cameraId,
      source: () => {
        const lane = media.find(cameraId)?.main;
        return lane && recordSource(lane, clock);
      },
      isThere: () => manager.stays(cameraId),
      isInUse: () => manager.find(cameraId)?.spec.enabled !== false,
      privacy: () => manager.find(cameraId)?.device?.capabilities.privacy,
      hadEvent: (sinceMs) => hadEvent(cameraId, sinceMs),
    }, this.#context);
    const active = { recorder, ended: this.#runToEnd(cameraId, recorder) };
    this.#active.set(cameraId, active);
    this.#all.add(active);
    void active.ended.finally(() => this.#all.delete(active));
    return active;
  }

  async #runToEnd(cameraId: string, recorder: Recorder): Promise<EndedRecording> {
    const { clock, log, onChange } = this.#context;
    const { id, order: { cause } } = recorder;
    log.info("A recording begins", { camera: cameraId, recording: id, cause });
    // Another one may begin while its last file is closed.
    recorder.ending.addEventListener("abort", () => this.changes.notify(), { once: true });
    void recorder.begun.then(() => onChange?.({ type: "begun", camera: cameraId, id, cause }), () => {});
    const tellEnd = this.#context.onBegin?.({ id, camera: cameraId, cause });
    await recorder.run();
    if (this.#active.get(cameraId)?.recorder === recorder) this.#active.delete(cameraId);
    const { because = "stopped", error, unlisted, parts, count } = recorder;
    const isFailure = because === "failed" || because === "disk_full" || because === "folder_missing";
    const ended = {
      id,
      camera: cameraId,
      cause,
      endedAtMs: clock.now(),
      because,
      error: (isFailure ? error : undefined) ?? unlisted,
      unlisted,
      count,
      parts,
    };
    this.#last.set(cameraId, ended);
    log.info("A recording is over", { camera: cameraId, recording: id, because, parts: count });
    onChange?.({ type: "ended", ended });
    this.changes.notify();
    tellEnd?.(ended);
    return ended;
  }

  async #begunInTime(recorder: Recorder, signal: AbortSignal): Promise<void> {
    const timer = new AbortController();
    const late = this.#context.clock.sleep(BEGIN_WITHIN_MS, timer.signal).then(() => true, () => false);
    try {
      const isLate = await abortable(Promise.race([recorder.begun.then(() => false), late]), signal);
      if (!isLate) return;
      throw new HubError("timeout", `No picture came within ${BEGIN_WITHIN_MS / 1000} s`);
    } catch (error) {
      throw isAbort(error) ? error : toHubError(error);
    } finally {
      timer.abort();
    }
  }

  #require(cameraId: string): Active {
    this.#context.manager.get(cameraId);
    const active = this.#active.get(cameraId);
    if (active?.recorder.order.cause === "manual") return active;
    if (active) {
      throw new HubError("conflict", `Camera "${cameraId}" is being recorded by its rule`, {
        hint: "set_recording_rules with mode off ends that",
        details: { recording_id: active.recorder.id },
      });
    }
    throw new HubError("conflict", `Camera "${cameraId}" is not being recorded`, {
      hint: "start_recording begins a recording; list_recordings shows those that are over",
    });
  }

  #refuseActive(cameraId: string): void {
    const active = this.#active.get(cameraId);
    if (active?.recorder.order.cause !== "manual") return;
    throw new HubError("conflict", `Camera "${cameraId}" is being recorded already`, {
      hint: "Wait until it is over, or end it with stop_recording",
      details: { recording_id: active.recorder.id },
    });
  }

  #isActive(id: string): boolean {
    return [...this.#all].some(({ recorder }) => recorder.id === id);
  }

  #endAll(): void {
    this.#isStopping = true;
    for (const { recorder } of this.#all) recorder.end("hub_stopped");
  }
}

function listed(ended: EndedRecording): EndedRecording {
  if (ended.unlisted) throw ended.unlisted;
  return ended;
}
