// What is made of recordings: the timeline, pictures, exports.
import type { CameraSpec } from "../devices/camera.ts";
import { Exports, type ExportsContext } from "../recordings/exports.ts";
import type { RecordingFiles } from "../recordings/files.ts";
import { readFreeSpace } from "../recordings/free_space.ts";
import type { RecordingLibrary } from "../recordings/library.ts";
import type { Recordings } from "../recordings/recordings.ts";
import { Thumbnails } from "../recordings/thumbnails.ts";
import { Timeline } from "../recordings/timeline.ts";
import type { Store } from "../store/open_store.ts";
import { TimelineTable } from "../store/timeline_table.ts";
import type { HubOptions } from "./options.ts";

/** What it is made from. */
interface Sources extends Pick<ExportsContext, "launcher" | "clock" | "log"> {
  recordings: Recordings;
  library: RecordingLibrary;
  recordingFiles: RecordingFiles;
  manager: { readonly cameras: readonly Pick<CameraSpec, "id">[] };
}

/** The parts of the hub that look at recordings; their files lie below the data folder. */
export function buildFootage({ dataDir }: HubOptions, { database }: Store, sources: Sources) {
  const { library, manager, recordingFiles: files } = sources;
  const table = new TimelineTable(database);
  return {
    timeline: new Timeline({ ...sources, table, cameras: () => manager.cameras.map(({ id }) => id) }),
    thumbnails: new Thumbnails({ ...sources, table, files, folder: `${dataDir}/thumbnails` }),
    exports: new Exports({
      ...sources,
      table,
      files,
      library,
      folder: `${dataDir}/exports`,
      // The folder is made with the first export.
      freeSpace: async (folder) => await readFreeSpace(folder) ?? await readFreeSpace(dataDir),
    }),
  };
}
