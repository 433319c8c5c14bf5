// The page of recordings: what the server renders before the browser keeps it fresh. A timeline, and a list.
import { PAGE_SIZE, RecordingList } from "../../islands/recording_list.tsx";
import type { RecordingsNow } from "../../islands/recordings_client.ts";
import { RecordingsTimeline } from "../../islands/recordings_timeline.tsx";
import { momentOf } from "../../islands/timeline_scale.ts";
import type { CameraView } from "../operations/views.ts";
import { Island } from "./island.tsx";
import type { PageProps } from "./layout.tsx";

const TEXT = { title: "Recordings", removed: (id: string) => `${id} (removed)` };

/** What the page needs to know of the hub. */
export interface RecordingsPageDeps {
  cameras(): CameraView[];
  /** The newest recordings, of one camera where one is chosen, and what goes on. */
  recordings(camera: string | undefined, limit: number): Promise<RecordingsNow>;
}

/** The page for a query such as `?camera=door`, `?camera=door&at=1790000000000` or `?view=list`. */
export async function recordingsPage(
  { camera, view, at }: Record<string, string>,
  deps: RecordingsPageDeps,
): Promise<PageProps> {
  return {
    title: TEXT.title,
    path: "/recordings",
    signedIn: true,
    children: (
      <div class="measure">
        {view === "list" ? await list(camera, deps) : await timeline(camera, momentOf(at), deps)}
      </div>
    ),
  };
}

async function list(camera: string | undefined, deps: RecordingsPageDeps) {
  const props = {
    now: await deps.recordings(camera, PAGE_SIZE),
    cameras: deps.cameras().map(({ id, name }) => ({ id, name })),
    ...(camera ? { camera } : {}),
  };
  return <Island name="RecordingList" component={RecordingList} props={props} />;
}

async function timeline(
  camera: string | undefined,
  momentMs: number | undefined,
  deps: RecordingsPageDeps,
) {
  const { recordings: [newest] } = await deps.recordings(camera, 1);
  const known = deps.cameras().map(({ id, name }) => ({ id, name }));
  const isRemoved = camera !== undefined && !known.some(({ id }) => id === camera) && newest !== undefined;
  const props = {
    cameras: isRemoved ? [...known, { id: camera, name: TEXT.removed(camera) }] : known,
    nowMs: Date.now(),
    ...(camera ? { camera } : {}),
    ...(momentMs === undefined ? {} : { momentMs }),
    ...(newest
      ? { latest: { fromMs: Date.parse(newest.started_at), toMs: Date.parse(newest.ended_at) } }
      : {}),
  };
  return <Island name="RecordingsTimeline" component={RecordingsTimeline} props={props} />;
}
