// Puts a recording where the hub would: the file and its row.
import { pathOf } from "../../../src/recordings/files.ts";
import type { RecordingsTable, StoredRecording } from "../../../src/store/recordings_table.ts";

/** What is put beside the defaults. */
export interface PutOptions {
  site: { dataDir: string; recordingsTable: RecordingsTable };
  bytes: Uint8Array;
  recording: Pick<StoredRecording, "id" | "camera" | "startedAtMs" | "endedAtMs"> & Partial<StoredRecording>;
}

/** Writes both and returns the row. */
export async function putRecording({ site, bytes, recording }: PutOptions): Promise<StoredRecording> {
  const { id, camera, startedAtMs, endedAtMs } = recording;
  const path = pathOf(camera, startedAtMs, id);
  const row = {
    recording: id,
    part: 1,
    durationMs: endedAtMs - startedAtMs,
    sizeBytes: bytes.length,
    preRollMs: 0,
    codec: "h264",
    width: 160,
    height: 96,
    hasSound: false,
    endedBecause: "stopped",
    gaps: [],
    cause: "manual",
    hasEvent: false,
    isLocked: false,
    ...recording,
    path,
  };
  const full = `${site.dataDir}/recordings/${path}`;
  await Deno.mkdir(full.slice(0, full.lastIndexOf("/")), { recursive: true });
  await Deno.writeFile(full, bytes);
  await site.recordingsTable.insert(row);
  return row;
}
