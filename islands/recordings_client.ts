// Asks the hub for recordings: what there is, what goes on, begin, end, delete.
import type { RecordingStatusView, RecordingView } from "../src/operations/recording_views.ts";
import { callApi, callOperation } from "./api.ts";

/** Some recordings, newest first. */
export interface RecordingList {
  recordings: RecordingView[];
  /** How many fit the choice altogether. */
  total: number;
}

/** Recordings and what is being recorded now. */
export interface RecordingsNow extends RecordingList {
  running: RecordingStatusView[];
}

/** The newest recordings, of one camera where one is chosen, and what goes on. */
export async function fetchRecordings(camera: string | undefined, limit: number): Promise<RecordingsNow> {
  const query = new URLSearchParams({ limit: String(limit), ...(camera ? { camera } : {}) });
  const [list, status] = await Promise.all([
    callApi<RecordingList>("GET", `/api/recordings?${query}`),
    callOperation("get_recording_status", {}),
  ]);
  const { recordings, total } = list;
  const running = status.cameras.filter(({ camera_id }) => camera === undefined || camera_id === camera);
  return { recordings, total, running };
}

/** How the recording of a camera stands. */
export async function fetchRecordingStatus(camera: string): Promise<RecordingStatusView> {
  const { cameras: [status] } = await callOperation(
    "get_recording_status",
    {
      camera_id: camera,
    },
  );
  return status ?? { camera_id: camera, recording: false, state: "idle" };
}

/** Keeps one from being deleted, or no longer. */
export async function lockRecording(recording_id: string, isLocked: boolean): Promise<void> {
  await callOperation(isLocked ? "lock_recording" : "unlock_recording", { recording_id });
}

/** Removes one for good; whoever calls this has asked. */
export async function deleteRecording(id: string): Promise<void> {
  await callApi("DELETE", `/api/recordings/${encodeURIComponent(id)}?confirm=true`);
}
