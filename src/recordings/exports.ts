// Exports: stretches of recordings as files to be taken away. They are made one at a time, and kept for a day.
import { Changes } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { abortError, explainFileError, HubError, isAbort, toHubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Logger } from "../base/log.ts";
import { Turns } from "../base/turns.ts";
import type { Launcher } from "../process/launcher.ts";
import type { TimelineTable } from "../store/timeline_table.ts";
import {
  type Export,
  EXPORT_ID,
  exportFile,
  KEEP_EXPORT_MS,
  MAX_EXPORT_MS,
  readExportFile,
} from "./export.ts";
import { runExport } from "./export_job.ts";
import { type ExportPlan, planExport } from "./export_plan.ts";
import { type RecordingFiles, removeFile } from "./files.ts";
import { type FreeSpace, reserveOf } from "./free_space.ts";
import type { RecordingLibrary } from "./library.ts";
import { newRecordingId } from "./recording.ts";
import { refuseSpan } from "./timeline.ts";

/** What they need of the house. */
export interface ExportsContext {
  /** The folder in which they are written and kept. */
  folder: string;
  table: Pick<TimelineTable, "filesIn">;
  library: Pick<RecordingLibrary, "get">;
  files: Pick<RecordingFiles, "locate" | "open">;
  launcher: Launcher;
  clock: Clock;
  log: Logger;
  freeSpace(folder: string): Promise<FreeSpace | undefined>;
}

/** What is wanted. */
export interface ExportWish {
  camera: string;
  fromMs: number;
  toMs: number;
}

/** How many may wait. */
const MAX_WAITING = 4;
/** How many files of recordings one export holds: a day in pieces of a minute. */
const MAX_FILES = 1500;
const SWEEP_EVERY_MS = 600_000;
const PART = ".part";

interface Job {
  state: Export;
  end: AbortController;
  over: Promise<void>;
}

/** Makes, lists and removes them. */
export class Exports {
  readonly #context: ExportsContext;
  /** Those that were asked for since the hub started, also those that failed. */
  readonly #jobs = new Map<string, Job>();
  readonly #turns = new Turns(1);
  readonly #changes = new Changes();
  readonly #stopping = new AbortController();

  constructor(context: ExportsContext) {
    this.#context = context;
  }

  /** Removes what is old, and what an ended hub left half written; at the end stops what is being made. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    while (!signal.aborted) {
      await this.sweep();
      await clock.sleep(SWEEP_EVERY_MS, signal).catch((error) => {
        if (!isAbort(error)) throw error;
      });
    }
    this.#stopping.abort(abortError());
    await Promise.all([...this.#jobs.values()].map(({ over }) => over));
  }

  /** Says what would be made, and checks all that can be checked before. @throws HubError as `start`. */
  async plan({ camera, fromMs, toMs }: ExportWish): Promise<ExportPlan> {
    refuseSpan(fromMs, toMs, MAX_EXPORT_MS);
    const { table, library, files } = this.#context;
    const ids = await table.filesIn(camera, fromMs, toMs, MAX_FILES + 1);
    if (ids.length > MAX_FILES) {
      throw new HubError("invalid_input", `More than ${MAX_FILES} files lie in that time`, {
        hint: "Export less at a time",
      });
    }
    const found = await Promise.all(ids.map((id) => library.get(id)));
    const plan = await planExport(found, { fromMs, toMs }, files);
    await this.#refuseFull(plan);
    return plan;
  }

  /**
   * Begins to make one, and returns at once.
   * @throws HubError `invalid_input` for the time, `not_found` where nothing was recorded, `conflict` where the picture
   *   changes in between or too many wait, `storage_full`.
   */
  async start(wish: ExportWish): Promise<Export> {
    const plan = await this.plan(wish);
    const waiting = [...this.#jobs.values()].filter(({ state }) => isUnderWay(state)).length;
    if (waiting > MAX_WAITING) {
      throw new HubError("conflict", `${waiting} exports are being made or wait already`, {
        hint: "Wait until one is done, or end one with delete_export",
      });
    }
    const state: Export = {
      id: newRecordingId(),
      ...wish,
      state: "waiting",
      progress: 0,
      askedAtMs: this.#context.clock.now(),
      sizeBytes: 0,
      coveredMs: plan.coveredMs,
      gaps: plan.gaps,
    };
    const end = new AbortController();
    this.#jobs.set(state.id, { state, end, over: this.#make(state, plan, end.signal) });
    return { ...state };
  }

  /** Those that are being made, those that failed since the hub started, and the files; the newest first. */
  async list(): Promise<Export[]> {
    const known = [...this.#jobs.values()].map(({ state }) => ({ ...state }));
    const others = (await this.#files()).filter(({ id }) => !this.#jobs.has(id));
    return [...known, ...others].sort((a, b) => b.askedAtMs - a.askedAtMs);
  }

  /** @throws HubError `not_found`. */
  async get(id: string): Promise<Export> {
    const found = EXPORT_ID.test(id) ? (await this.list()).find((each) => each.id === id) : undefined;
    if (found) return found;
    throw new HubError("not_found", `There is no export "${id.slice(0, 40)}"`, {
      hint: "list_exports tells their ids; each is kept for a day",
    });
  }

  /** Resolves when it is over; tells of each step meanwhile. @throws HubError `not_found`; AbortError. */
  async follow(id: string, onStep: (state: Export) => void, signal: AbortSignal): Promise<Export> {
    const job = this.#jobs.get(id);
    while (job && isUnderWay(job.state)) {
      if (signal.aborted) throw abortError();
      onStep({ ...job.state });
      await this.#changes.next(signal);
    }
    return job ? { ...job.state } : await this.get(id);
  }

  /** Opens the finished file; the caller closes it. @throws HubError `not_found`, `conflict` while it is not finished. */
  async open(id: string): Promise<{ made: Export; file: Deno.FsFile; sizeBytes: number }> {
    const made = await this.get(id);
    if (made.state !== "done") {
      throw new HubError("conflict", `Export "${id}" is not finished: ${made.state}`, {
        hint: "list_exports tells how far it is",
      });
    }
    const file = await Deno.open(this.#path(made));
    return { made, file, sizeBytes: made.sizeBytes };
  }

  /** Ends one that is being made, or removes its file. @throws HubError `not_found`. */
  async remove(id: string): Promise<Export> {
    const found = await this.get(id);
    const job = this.#jobs.get(id);
    job?.end.abort(abortError());
    await job?.over;
    this.#jobs.delete(id);
    await removeFile(this.#path(found));
    return found;
  }

  /** Removes files that are too old, and those that nobody writes any more. Never fails. */
  async sweep(): Promise<void> {
    const { folder, clock, log } = this.#context;
    const oldestMs = clock.now() - KEEP_EXPORT_MS;
    try {
      for (const { name, modifiedAtMs } of await entriesOf(folder)) {
        const id = readExportFile(name.replace(PART, ""))?.id ?? "";
        const job = this.#jobs.get(id);
        if (job && isUnderWay(job.state)) continue;
        if (name.endsWith(PART) || modifiedAtMs < oldestMs) await removeFile(`${folder}/${name}`);
      }
      for (const [id, { state }] of this.#jobs) {
        if (!isUnderWay(state) && state.askedAtMs < oldestMs) this.#jobs.delete(id);
      }
    } catch (error) {
      log.warn("Old exports could not be removed", { error });
    }
  }

  async #make(state: Export, plan: ExportPlan, signal: AbortSignal): Promise<void> {
    const { log } = this.#context;
    using end = new LinkedSignal(signal, this.#stopping.signal);
    const part = this.#path(state) + PART;
    try {
      const work = this.#turns.run(() => this.#write(state, plan, end.signal));
      work.catch(() => {/* told below, unless nobody waits for it any more */});
      await Promise.race([work, leftWaiting(state, end.signal)]);
      const { size } = await Deno.stat(this.#path(state));
      this.#step(state, { state: "done", progress: 1, sizeBytes: size });
      log.info("An export is done", { camera: state.camera, export: state.id });
    } catch (error) {
      await removeFile(part).catch((cause) =>
        log.warn("A broken export could not be removed", { error: cause })
      );
      if (isAbort(error)) return this.#step(state, { state: "cancelled" });
      const failure = toHubError(explainFileError(error, part));
      log.warn("An export failed", { camera: state.camera, export: state.id, error: failure });
      this.#step(state, { state: "failed", error: failure });
    }
  }

  async #write(state: Export, plan: ExportPlan, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw abortError();
    const { folder, launcher } = this.#context;
    const part = this.#path(state) + PART;
    await this.#refuseFull(plan);
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    this.#step(state, { state: "running" });
    const isWhole = await runExport({ plan, path: part, camera: state.camera }, {
      launcher,
      onProgress: ({ writtenMs, sizeBytes }) =>
        this.#step(state, { progress: Math.min(0.99, Math.max(0, writtenMs / plan.coveredMs)), sizeBytes }),
    }, signal);
    if (!isWhole) throw abortError();
    await Deno.rename(part, this.#path(state));
  }

  #step(state: Export, change: Partial<Export>): void {
    Object.assign(state, change);
    this.#changes.notify();
  }

  /** @throws HubError `storage_full` where the disk would be nearly full afterwards. */
  async #refuseFull({ sizeBytes }: ExportPlan): Promise<void> {
    const space = await this.#context.freeSpace(this.#context.folder);
    if (!space || space.freeBytes - sizeBytes >= reserveOf(space)) return;
    const gib = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
    throw new HubError(
      "storage_full",
      `The export needs ${gib(sizeBytes)} GiB; ${gib(space.freeBytes)} GiB of the disk are free, of which ${
        gib(reserveOf(space))
      } GiB must stay free`,
      { hint: "Export less at a time, delete exports or recordings, or free some space on that disk" },
    );
  }

  async #files(): Promise<Export[]> {
    return (await entriesOf(this.#context.folder)).flatMap(({ name, modifiedAtMs, sizeBytes }) => {
      const named = readExportFile(name);
      if (!named) return [];
      return [{ ...named, state: "done" as const, progress: 1, askedAtMs: modifiedAtMs, sizeBytes }];
    });
  }

  #path(named: Pick<Export, "camera" | "fromMs" | "toMs" | "id">): string {
    return `${this.#context.folder}/${exportFile(named)}`;
  }
}

/** Rejects when it is ended while it waits for its turn; later whoever writes it sees to that. Never resolves. */
function leftWaiting(state: Export, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = () => state.state === "waiting" && reject(abortError());
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** False once nothing more becomes of it. */
export function isUnderWay({ state }: Export): boolean {
  return state === "waiting" || state === "running";
}

interface Entry {
  name: string;
  modifiedAtMs: number;
  sizeBytes: number;
}

async function entriesOf(folder: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (!isFile || !readExportFile(name.replace(PART, ""))) continue;
      const { mtime, size } = await Deno.stat(`${folder}/${name}`);
      entries.push({ name, modifiedAtMs: mtime?.getTime() ?? 0, sizeBytes: size });
    }
  } catch (error) {
    // The folder is made with the first export; a file may go while it is looked at.
    if (!(error instanceof Deno.errors.NotFound)) throw explainFileError(error, folder);
  }
  return entries;
}
