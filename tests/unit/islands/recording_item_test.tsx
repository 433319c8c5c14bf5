// A row of the list of recordings as the server renders it: its lock, and what a locked one does not offer.
import { assertEquals } from "@std/assert";
import { renderToString } from "preact-render-to-string";
import { RecordingItem } from "../../../islands/recording_item.tsx";
import type { RecordingView } from "../../../src/operations/recording_views.ts";

const RECORDING = {
  id: "k3m9x2abc7qp",
  camera_id: "door",
  started_at: "2026-11-22T14:02:00.000Z",
  duration_s: 60,
  size_bytes: 1_000_000,
  part: 1,
  cause: "event",
  gaps: [],
  ended_because: "stopped",
  locked: false,
  missing: false,
  links: { video: "/v", download: "/d" },
} as unknown as RecordingView;

function buttons(locked: boolean): string[] {
  const none = () => {};
  const recording = { ...RECORDING, locked };
  const html = renderToString(
    <RecordingItem recording={recording} name="Door" onPlay={none} onDelete={none} onLock={none} />,
  );
  return [...html.matchAll(/<button([^>]*)>/g)].map(([, attributes = ""]) =>
    `${/title="([^"]*)"/.exec(attributes)?.[1]}${/\bdisabled\b/.test(attributes) ? " (off)" : ""}`
  );
}

Deno.test("[REC-LOCK] a recording is locked in the list, and a locked one cannot be deleted there", () => {
  assertEquals(buttons(false), ["Play", "Lock, so that nothing deletes it", "Delete"]);
  assertEquals(buttons(true), ["Play", "Unlock", "Locked: unlock it to delete it (off)"]);
});
