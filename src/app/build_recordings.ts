// Recordings, their files and their rows.
import { RecordingFiles } from "../recordings/files.ts";
import { readFreeSpace } from "../recordings/free_space.ts";
import { recordingEvents } from "../recordings/recording_events.ts";
import { Recordings, type RecordingsContext } from "../recordings/recordings.ts";
import type { Journal } from "../events/journal.ts";
import type { Store } from "../store/open_store.ts";
import { RecordingsTable } from "../store/recordings_table.ts";
import type { HubOptions } from "./options.ts";

/** Recordings below the data folder. */
export function buildRecordings(
  { dataDir }: HubOptions,
  { database }: Store,
  parts: Pick<RecordingsContext, "manager" | "media" | "launcher" | "clock" | "log" | "warnings"> & {
    journal: Journal;
  },
): Recordings {
  return new Recordings({
    ...parts,
    files: new RecordingFiles(`${dataDir}/recordings`),
    table: new RecordingsTable(database),
    // The folder is made with the first recording.
    onBegin: recordingEvents(parts),
    freeSpace: async (folder) => await readFreeSpace(folder) ?? await readFreeSpace(dataDir),
  });
}
