// All recordings of the hub: those that go on, one a camera, and those that are over. `run` does the work.
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { abortable, aborted } from "../base/scope.ts";
import type { Warnings } from "../base/warnings.ts";
import type { Camera } from "../devices/camera.ts";
import type { DeviceManager } from "../devices/manager.ts";
import type { Media } from "../media/media.ts";
import type { Launcher } from "../process/launcher.ts";
import type {
  RecordingPage,
  RecordingQuery,
  RecordingsTable,
  StoredRecording,
} from "../store/recordings_table.ts";
import type { RecordingFiles } from "./files.ts";
import type { FreeSpace } from "./free_space.ts";
import { Recorder, refusalOf } from "./recorder.ts";
import { type EndedRecording, type EndReason, RECORDING_ID, type RunningRecording } from "./recording.ts";
import type { RecordingListener } from "./recording_events.ts";
import { repair } from "./repair.ts";
import { recordSource } from "./sources.ts";

/** What recordings need of the house. */
export interface RecordingsContext {
  files: RecordingFiles;
  table: RecordingsTable;
  manager: Pick<DeviceManager, "get" | "find" | "requireSoon" | "stays">;
  media: Pick<Media, "find">;
  launcher: Launcher;
  clock: Clock;
  log: Logger;
  warnings: Pick<Warnings, "raise" | "clear">;
  freeSpace(folder: string): Promise<FreeSpace | undefined>;
  /** Told of each recording that begins. */
  onBegin?: RecordingListener | undefined;
}

/** How to record. */
export interface RecordWish {
  durationMs: number;
  /** At most so much of before; undefined: as much as there is. */
  preRollMs?: number | undefined;
}

/** How long a camera may take to give the first bytes. */
const BEGIN_WITHIN_MS = 30_000;

interface Active {
  recorder: Recorder;
  ended: Promise<EndedRecording>;
}

/** Starts, ends, lists and removes recordings. */
export class Recordings {
  readonly #context: RecordingsContext;
  readonly #active = new Map<string, Active>();
  readonly #last = new Map<string, EndedRecording>();
  #isStopping = false;

  constructor(context: RecordingsContext) {
    this.#context = context;
  }

  /** Puts right what a crash left; at the end closes whatever is being written. */
  async run(signal: AbortSignal): Promise<void> {
    // Before the cameras are taken away: then it is the hub that ends their recordings, not they.
    signal.addEventListener("abort", () => this.#endAll(), { once: true });
    if (signal.aborted) this.#endAll();
    const { files, table, log } = this.#context;
    try {
      await repair({ files, table, log, isActive: (id) => this.#isActive(id) }, signal);
    } catch (error) {
      // What cannot be repaired is tried again at the next start; the hub goes on.
      if (!isAbort(error)) log.warn("The folder of recordings could not be looked through", { error });
    }
    await aborted(signal);
    await Promise.all([...this.#active.values()].map(({ ended }) => ended));
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
   * Begins a recording, and returns when there are bytes of it on the disk.
   * @throws HubError `conflict` where one goes on, `storage_full`, or why the camera gives no picture.
   */
  async start(cameraId: string, wish: RecordWish, signal: AbortSignal): Promise<RunningRecording> {
    await this.check(cameraId, signal);
    // Another may have begun meanwhile.
    this.#refuseActive(cameraId);
    const active = this.#begin(cameraId, wish);
    try {
      await this.#begunInTime(active.recorder, signal);
    } catch (error) {
      active.recorder.end("stopped");
      await active.ended;
      throw error;
    }
    this.#context.warnings.clear("recordings");
    return await active.recorder.view();
  }

  /** Says why a recording could not begin now. @throws HubError as `start` does. */
  async check(cameraId: string, signal: AbortSignal): Promise<void> {
    const { manager, files, freeSpace } = this.#context;
    manager.get(cameraId);
    this.#refuseActive(cameraId);
    await manager.requireSoon(cameraId, "video", signal);
    const error = refusalOf(await freeSpace(files.root));
    if (error) throw error;
    if (this.#isStopping) throw new HubError("unavailable", "The hub is being stopped");
  }

  /**
   * Ends a recording, and returns when its last file is closed and listed.
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

  async list(query: RecordingQuery): Promise<RecordingPage> {
    return await this.#context.table.list(query);
  }

  /** @throws HubError `not_found`. */
  async get(id: string): Promise<StoredRecording> {
    const found = RECORDING_ID.test(id) ? await this.#context.table.find(id) : undefined;
    if (found) return found;
    throw new HubError("not_found", `There is no recording "${id.slice(0, 40)}"`, {
      hint: "list_recordings tells their ids; one that goes on is listed when it is over",
    });
  }

  /** Opens the file; the caller closes it. @throws HubError `not_found`. */
  async open(id: string): Promise<{ recording: StoredRecording; file: Deno.FsFile; sizeBytes: number }> {
    const recording = await this.get(id);
    const file = await this.#context.files.open(recording.path);
    if (file) return { recording, file, sizeBytes: await sizeOf(file) };
    throw new HubError("not_found", `The file of recording "${id}" is gone from the disk`, {
      hint: "Delete the recording, or bring its disk back",
    });
  }

  /** Removes file and row, and looks whether both are gone. @throws HubError `not_found`, or `internal` where they are not. */
  async remove(id: string): Promise<StoredRecording> {
    const { files, table } = this.#context;
    const recording = await this.get(id);
    await files.remove(recording.path);
    await table.remove(id);
    if (await table.find(id) === undefined && !await files.has(recording.path)) return recording;
    throw new HubError("internal", `Recording "${id}" is still there after it was deleted`);
  }

  #begin(cameraId: string, { durationMs, preRollMs }: RecordWish): Active {
    const { manager, media } = this.#context;
    const recorder = new Recorder({
      camera: cameraId,
      durationMs,
      preRollMs,
      source: () => {
        const lane = media.find(cameraId)?.main;
        return lane && recordSource(lane);
      },
      isThere: () => manager.stays(cameraId),
      isInUse: () => manager.find(cameraId)?.spec.enabled !== false,
      privacy: () => manager.find(cameraId)?.device?.capabilities.privacy,
    }, this.#context);
    const active = { recorder, ended: this.#runToEnd(cameraId, recorder) };
    this.#active.set(cameraId, active);
    return active;
  }

  async #runToEnd(cameraId: string, recorder: Recorder): Promise<EndedRecording> {
    const { clock, log, warnings } = this.#context;
    log.info("A recording begins", { camera: cameraId, recording: recorder.id });
    const tellEnd = this.#context.onBegin?.({ id: recorder.id, camera: cameraId });
    await recorder.run();
    this.#active.delete(cameraId);
    const { because = "stopped", error, unlisted, parts } = recorder;
    const failure = because === "failed" || because === "disk_full" ? error : undefined;
    const ended = {
      id: recorder.id,
      camera: cameraId,
      endedAtMs: clock.now(),
      because,
      error: failure ?? unlisted,
      unlisted,
      parts,
    };
    this.#last.set(cameraId, ended);
    tellEnd?.(ended);
    log.info("A recording is over", {
      camera: cameraId,
      recording: recorder.id,
      because,
      parts: parts.length,
    });
    if (because === "disk_full" && failure) {
      warnings.raise(
        "recordings",
        `The recording of "${cameraId}" was ended: ${failure.message}`,
        failure.hint,
      );
    }
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
    if (active) return active;
    throw new HubError("conflict", `Camera "${cameraId}" is not being recorded`, {
      hint: "start_recording begins a recording; list_recordings shows those that are over",
    });
  }

  #refuseActive(cameraId: string): void {
    const active = this.#active.get(cameraId);
    if (!active) return;
    throw new HubError("conflict", `Camera "${cameraId}" is being recorded already`, {
      hint: "Wait until it is over, or end it with stop_recording",
      details: { recording_id: active.recorder.id },
    });
  }

  #isActive(id: string): boolean {
    return [...this.#active.values()].some(({ recorder }) => recorder.id === id);
  }

  #endAll(): void {
    this.#isStopping = true;
    for (const { recorder } of this.#active.values()) recorder.end("hub_stopped");
  }
}

function listed(ended: EndedRecording): EndedRecording {
  if (ended.unlisted) throw ended.unlisted;
  return ended;
}

/** Nobody closes a file that is not handed out. */
async function sizeOf(file: Deno.FsFile): Promise<number> {
  try {
    return (await file.stat()).size;
  } catch (error) {
    file.close();
    throw error;
  }
}
