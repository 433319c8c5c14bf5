// The page of recordings: what the server renders before the browser keeps it fresh.
import { PAGE_SIZE, RecordingList } from "../../islands/recording_list.tsx";
import type { RecordingsNow } from "../../islands/recordings_client.ts";
import type { CameraView } from "../operations/views.ts";
import { Island } from "./island.tsx";
import type { PageProps } from "./layout.tsx";

const TEXT = { title: "Recordings" };

/** What the page needs to know of the hub. */
export interface RecordingsPageDeps {
  cameras(): CameraView[];
  /** The newest recordings, of one camera where one is chosen, and what goes on. */
  recordings(camera: string | undefined, limit: number): Promise<RecordingsNow>;
}

/** The page for a query such as `?camera=door`. */
export async function recordingsPage(
  { camera }: Record<string, string>,
  deps: RecordingsPageDeps,
): Promise<PageProps> {
  const props = {
    now: await deps.recordings(camera, PAGE_SIZE),
    cameras: deps.cameras().map(({ id, name }) => ({ id, name })),
    ...(camera ? { camera } : {}),
  };
  return {
    title: TEXT.title,
    path: "/recordings",
    signedIn: true,
    children: (
      <div class="measure">
        <Island name="RecordingList" component={RecordingList} props={props} />
      </div>
    ),
  };
}
