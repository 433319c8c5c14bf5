// At the start: what a crash or a power cut left half done is cut to what is whole, and listed.
import { abortError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { RecordingsTable } from "../store/recordings_table.ts";
import type { RecordingFiles } from "./files.ts";
import { factsOf, readPartId } from "./recording.ts";

const UNREADABLE = "A file among the recordings cannot be read; it is left as it is";
const UNREADABLE_PART = "A recording that was interrupted cannot be read; it is kept with the ending .broken";

/** What repairing needs. */
export interface RepairContext {
  files: RecordingFiles;
  table: Pick<RecordingsTable, "causeTold" | "find" | "insert" | "parts" | "paths">;
  log: Logger;
  /** True for a recording that goes on. */
  isActive(recording: string): boolean;
}

/**
 * Closes and lists every file that is not listed. Those that were being written and hold no picture are removed; what
 * cannot be read is kept.
 * @throws AbortError, or what the disk says of the folder as a whole.
 */
export async function repair(context: RepairContext, signal: AbortSignal): Promise<void> {
  const { files, table, log, isActive } = context;
  const known = await table.paths();
  for await (const { path, id, camera, startedAtMs, isPart } of files.all()) {
    if (signal.aborted) throw abortError();
    const { recording, part } = readPartId(id);
    if (isActive(recording) || (!isPart && known.has(path))) continue;
    try {
      // One that began and ended while the folder was looked through.
      if (!isPart && await table.find(id)) continue;
      const closed = await files.close(path);
      if (closed === "unreadable") {
        log.warn(isPart ? UNREADABLE_PART : UNREADABLE, { camera, recording: id, file: path });
        continue;
      }
      if (closed === "empty") {
        log.info("A recording without a picture was removed", { camera, recording: id });
        continue;
      }
      // Where nobody tells, it is treated as one that somebody asked for, which is kept longer.
      const cause = (await table.parts(recording))[0]?.cause ?? await table.causeTold(camera, recording) ??
        "manual";
      await table.insert({
        id,
        recording,
        part,
        camera,
        path,
        startedAtMs,
        endedAtMs: startedAtMs + closed.durationMs,
        durationMs: closed.durationMs,
        sizeBytes: closed.sizeBytes,
        preRollMs: 0,
        ...factsOf(closed.init),
        endedBecause: "interrupted",
        gaps: [],
        cause,
        hasEvent: cause === "event",
        isLocked: false,
      });
      log.info("A recording that was interrupted was put right", { camera, recording: id });
    } catch (error) {
      log.warn("A recording could not be put right", { camera, recording: id, error });
    }
  }
}
