// Recordings as events of the journal, from their beginning to their end.
import type { Clock } from "../base/clock.ts";
import type { Journal } from "../events/journal.ts";
import type { EndedRecording } from "./recording.ts";

/** A recording that has begun; returns what is to be told of its end. */
export type RecordingListener = (
  begun: Pick<EndedRecording, "id" | "camera" | "cause">,
) => (ended: EndedRecording) => void;

/** Takes recordings down. */
export function recordingEvents(
  { journal, clock }: { journal: Pick<Journal, "open">; clock: Clock },
): RecordingListener {
  return ({ id: recording, camera, cause }) => {
    const startedAtMs = clock.now();
    const startedMonotonicMs = clock.monotonic();
    const event = journal.open({
      camera,
      kind: "recording",
      source: "hub",
      startedAtMs,
      // After a crash it is known from this what the file was recorded for: see repair.ts.
      details: { recording, cause },
    });
    return ({ because, count, parts, error }) => {
      event.note({
        because,
        parts: count,
        ...(parts.length === 0 ? {} : { bytes: parts.reduce((sum, part) => sum + part.sizeBytes, 0) }),
        ...(error === undefined ? {} : { error: error.message }),
      });
      event.close(startedAtMs + clock.monotonic() - startedMonotonicMs);
    };
  };
}
