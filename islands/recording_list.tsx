// The page of recordings: what was recorded, newest first, to be played, downloaded, locked and deleted.
import { useEffect, useState } from "preact/hooks";
import type { RecordingStatusView, RecordingView } from "../src/operations/recording_views.ts";
import { RefreshProblem } from "./connection_lost.tsx";
import { ConfirmDialog, Dialog } from "./dialog.tsx";
import { formatBytes, formatClock, formatRunning } from "./format.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { RecordingTabs } from "./recording_tabs.tsx";
import { RecordingItem, whenAndWho } from "./recording_item.tsx";
import { deleteRecording, fetchRecordings, lockRecording, type RecordingsNow } from "./recordings_client.ts";
import { useAction } from "./use_action.ts";
import { useNow } from "./use_now.ts";
import { usePolled } from "./use_polled.ts";

const TEXT = {
  list: "Recordings, newest first",
  camera: "Camera",
  every: "All cameras",
  removed: (id: string) => `${id} (removed)`,
  count: (shown: number, total: number) =>
    shown < total ? `the newest ${shown} of ${total}` : total === 1 ? "1 recording" : `${total} recordings`,
  now: (camera: string, time: string) => `${camera} is being recorded, for ${time} so far`,
  older: "Show older recordings",
  emptyTitle: "Nothing has been recorded yet",
  empty:
    "Open a camera and press Record, or let it be recorded by itself. What was recorded will stand here.",
  noneTitle: "No recordings of this camera",
  none: "Open the camera and press Record.",
  ask: "Delete this recording?",
  question: (what: string, size: string) => `${what}, ${size}. It cannot be brought back.`,
  confirm: "Delete the recording",
};

const REFRESH_MS = 5_000;
/** What the page shows at first, and how many more each time. */
export const PAGE_SIZE = 50;
const MAX_SIZE = 500;

export interface RecordingCamera {
  id: string;
  name: string;
}

export interface RecordingListProps {
  now: RecordingsNow;
  cameras: RecordingCamera[];
  camera?: string;
}

export function RecordingList({ now: initial, cameras, camera: first }: RecordingListProps) {
  const [camera, setCamera] = useState(first);
  const [limit, setLimit] = useState(PAGE_SIZE);
  const { value, problem, lostAtMs, refresh } = usePolled(
    initial,
    () => fetchRecordings(camera, limit),
    REFRESH_MS,
    [camera, limit],
  );
  const [played, setPlayed] = useState<RecordingView>();
  const [asked, setAsked] = useState<RecordingView>();
  const locking = useAction();
  const lock = ({ id }: RecordingView, isLocked: boolean) =>
    locking.run(async () => {
      await lockRecording(id, isLocked);
      await refresh();
    });
  const names = new Map(cameras.map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? TEXT.removed(id);
  const choose = (chosen: string | undefined) => {
    setCamera(chosen);
    setLimit(PAGE_SIZE);
    history.replaceState(
      null,
      "",
      `/recordings?view=list${chosen ? `&camera=${encodeURIComponent(chosen)}` : ""}`,
    );
  };
  return (
    <>
      <RecordingTabs view="list" camera={camera} />
      <div class="page-head">
        {value.total > 0 && <p class="page-summary">{TEXT.count(value.recordings.length, value.total)}</p>}
        <CameraChoice camera={camera} cameras={cameras} onChoose={choose} />
      </div>
      <RefreshProblem problem={problem} lostAtMs={lostAtMs} />
      {locking.problem && <ProblemNotice problem={locking.problem} onDismiss={locking.clear} />}
      {value.running.map((each) => (
        <RunningNotice key={each.camera_id} status={each} name={nameOf(each.camera_id)} />
      ))}
      {value.recordings.length === 0 && value.running.length === 0 && (
        <Empty isFiltered={camera !== undefined} />
      )}
      {value.recordings.length > 0 && (
        <ol class="recordings" aria-label={TEXT.list}>
          {value.recordings.map((each) => (
            <RecordingItem
              key={each.id}
              recording={each}
              name={nameOf(each.camera_id)}
              onPlay={() => setPlayed(each)}
              onDelete={() => setAsked(each)}
              onLock={(isLocked) => void lock(each, isLocked)}
            />
          ))}
        </ol>
      )}
      {value.recordings.length < value.total && limit < MAX_SIZE && (
        <button
          type="button"
          class="button"
          onClick={() => setLimit(Math.min(MAX_SIZE, limit + PAGE_SIZE))}
        >
          {TEXT.older}
        </button>
      )}
      <Player recording={played} nameOf={nameOf} onClose={() => setPlayed(undefined)} />
      <DeleteDialog recording={asked} nameOf={nameOf} refresh={refresh} onClose={() => setAsked(undefined)} />
    </>
  );
}

function CameraChoice({ camera, cameras, onChoose }: {
  camera: string | undefined;
  cameras: RecordingCamera[];
  onChoose: (camera: string | undefined) => void;
}) {
  const isKnown = camera === undefined || cameras.some(({ id }) => id === camera);
  const choices = isKnown ? cameras : [...cameras, { id: camera, name: TEXT.removed(camera) }];
  return (
    <div class="events-choice">
      <label for="recordings-camera" class="visually-hidden">{TEXT.camera}</label>
      <select
        id="recordings-camera"
        value={camera ?? ""}
        onChange={(event) => onChoose(event.currentTarget.value || undefined)}
      >
        <option value="">{TEXT.every}</option>
        {choices.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
      </select>
    </div>
  );
}

function RunningNotice({ status, name }: { status: RecordingStatusView; name: string }) {
  const nowMs = useNow();
  const time = formatRunning(nowMs - Date.parse(status.started_at ?? ""));
  return (
    <p class="recordings-now">
      <a href={`/cameras/${encodeURIComponent(status.camera_id)}`}>{TEXT.now(name, time)}</a>
    </p>
  );
}

function Empty({ isFiltered }: { isFiltered: boolean }) {
  return (
    <div class="empty">
      <Icon name="film" />
      <h2>{isFiltered ? TEXT.noneTitle : TEXT.emptyTitle}</h2>
      <p>{isFiltered ? TEXT.none : TEXT.empty}</p>
    </div>
  );
}

interface ChosenProps {
  recording: RecordingView | undefined;
  nameOf: (camera: string) => string;
  onClose: () => void;
}

/** The video is taken out of the page with the dialog: a closed one must not go on loading. */
function Player({ recording, nameOf, onClose }: ChosenProps) {
  const title = recording ? whenAndWho(recording, nameOf(recording.camera_id), Date.now()) : "";
  return (
    <Dialog open={recording !== undefined} title={title} wide onClose={onClose}>
      {recording && <video class="player" src={recording.links.video} controls autoplay playsInline />}
    </Dialog>
  );
}

function DeleteDialog(
  { recording, nameOf, onClose, refresh }: ChosenProps & { refresh: () => Promise<void> },
) {
  const { busy, problem, run, clear } = useAction();
  useEffect(clear, [recording]);
  const remove = async () => {
    if (!recording) return;
    const isDone = await run(async () => {
      await deleteRecording(recording.id);
      await refresh();
    });
    if (isDone) onClose();
  };
  const what = recording
    ? `${nameOf(recording.camera_id)}, ${formatClock(recording.started_at, Date.now())}`
    : "";
  return (
    <ConfirmDialog
      open={recording !== undefined}
      title={TEXT.ask}
      question={TEXT.question(what, formatBytes(recording?.size_bytes ?? 0))}
      confirm={TEXT.confirm}
      busy={busy}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      {problem && <ProblemNotice problem={problem} />}
    </ConfirmDialog>
  );
}
