// Records a camera from its page, and shows for how long it has been recorded.
import { useEffect } from "preact/hooks";
import type { RecordingStatusView } from "../src/operations/recording_views.ts";
import { formatRunning } from "./format.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { fetchRecordingStatus } from "./recordings_client.ts";
import { useNow } from "./use_now.ts";
import { useOperation } from "./use_operation.ts";
import { type Polled, usePolled } from "./use_polled.ts";

const TEXT = {
  record: "Record",
  starting: "Starting…",
  stop: "Stop recording",
  ending: "Ending…",
  all: "Recordings",
  waiting: "The camera is away. The recording goes on when it is back.",
  byRule: "It is being recorded all the time, by its rule.",
  byEvent: "It is being recorded, because something happens.",
  blocked: (reason: string) => `It is not recorded at present: ${reason}`,
  ended: (reason: string) => `The last recording ended: ${reason}`,
};

const REFRESH_MS = 3_000;

/** The state of a camera's recording, kept fresh. */
export function useRecording(camera: string): Polled<RecordingStatusView> {
  const idle = { camera_id: camera, recording: false, state: "idle" } as const;
  const polled = usePolled<RecordingStatusView>(idle, () => fetchRecordingStatus(camera), REFRESH_MS);
  useEffect(() => void polled.refresh(), []);
  return polled;
}

export interface RecordButtonProps {
  camera: string;
  /** A camera that gives no picture cannot be recorded. */
  available: boolean;
}

/** Begin or end, and the way to what was recorded. What went wrong stands below the buttons. */
export function RecordButton({ camera, available }: RecordButtonProps) {
  const { value: status, refresh } = useRecording(camera);
  const operation = useOperation(camera, refresh);
  const { busy } = operation;
  // What a rule records is not a person's to stop: it gives way while somebody records.
  const isOn = status.recording && status.cause === "manual";
  const act = () => void operation.send(isOn ? "stop_recording" : "start_recording");
  return (
    <>
      <button
        type="button"
        class={isOn ? "button is-recording" : "button"}
        disabled={busy || (!available && !isOn)}
        onClick={act}
      >
        <Icon name={isOn ? "stop" : "record"} />
        {isOn ? busy ? TEXT.ending : <Running status={status} /> : busy ? TEXT.starting : TEXT.record}
      </button>
      <a class="button" href={`/recordings?view=list&camera=${encodeURIComponent(camera)}`}>
        <Icon name="film" /> {TEXT.all}
      </a>
      <RecordNotice status={status} />
      {operation.problem && <ProblemNotice problem={operation.problem} onDismiss={operation.clear} />}
    </>
  );
}

function Running({ status }: { status: RecordingStatusView }) {
  const nowMs = useNow();
  const sinceMs = Date.parse(status.started_at ?? "");
  return (
    <>
      {TEXT.stop} <span class="running-time">{formatRunning(nowMs - sinceMs)}</span>
    </>
  );
}

/** Tells what a person did not ask for: a camera that is away, a disk that is full. */
function RecordNotice({ status: { state, last, recording, cause, rule } }: { status: RecordingStatusView }) {
  if (recording && cause !== "manual" && state === "recording") {
    return <p class="muted" role="status">{cause === "event" ? TEXT.byEvent : TEXT.byRule}</p>;
  }
  const text = rule?.problem !== undefined
    ? TEXT.blocked(rule.problem)
    : state === "waiting"
    ? TEXT.waiting
    : !recording && last?.reason !== undefined
    ? TEXT.ended(last.reason)
    : undefined;
  if (text === undefined) return null;
  return (
    <p class="notice is-warning" role="status">
      <Icon name="warning" />
      <span class="notice-text">{text}</span>
    </p>
  );
}
