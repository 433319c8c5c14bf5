// The dashboard: all cameras as tiles, kept fresh, and the way to add one.
import { useEffect, useRef, useState } from "preact/hooks";
import type { CameraStatus, CameraTypeView, CameraView } from "../src/operations/views.ts";
import { AddCameraDialog } from "./add_camera_dialog.tsx";
import { fetchCameras } from "./api.ts";
import { CameraTile } from "./camera_tile.tsx";
import { statusText } from "./camera_state.tsx";
import { lostText, RefreshProblem } from "./connection_lost.tsx";
import { focusSoon } from "./focus.ts";
import { Icon } from "./icon.tsx";
import { usePolled } from "./use_polled.ts";

const TEXT = {
  title: "Cameras",
  add: "Add camera",
  emptyTitle: "No cameras yet",
  empty:
    "The hub shows Tapo and other network cameras, USB webcams and Pi cameras. Find yours and add it here.",
  changed: (name: string, status: string, reason?: string) =>
    `${name}: ${status}${reason ? `. ${reason}` : ""}`,
};

const REFRESH_MS = 2_000;
/** A browser opens six connections to one host; two stay free for the page itself. */
const MOST_STREAMS = 4;

export interface CameraGridProps {
  cameras: CameraView[];
  types: CameraTypeView[];
}

export function CameraGrid({ cameras: initial, types }: CameraGridProps) {
  const { value: cameras, problem, lostAtMs, refresh } = usePolled(initial, fetchCameras, REFRESH_MS);
  const [adding, setAdding] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const addButton = (
    <button type="button" class="button is-primary" onClick={() => setAdding(true)}>
      <Icon name="add" /> {TEXT.add}
    </button>
  );
  return (
    <>
      <div class="page-head">
        <h1 ref={heading} tabIndex={-1}>{TEXT.title}</h1>
        <p class="page-summary">{lostAtMs === undefined ? summarise(cameras) : lostText(lostAtMs)}</p>
        {cameras.length > 0 && addButton}
      </div>
      <RefreshProblem problem={problem} lostAtMs={lostAtMs} />
      <Announcer cameras={cameras} />
      {cameras.length === 0 && (
        <div class="empty">
          <Icon name="camera" />
          <h2>{TEXT.emptyTitle}</h2>
          <p>{TEXT.empty}</p>
          {addButton}
        </div>
      )}
      <div class={cameras.length === 1 ? "grid is-single" : "grid"}>
        {cameras.map((camera) => (
          <CameraTile
            key={camera.id}
            camera={camera}
            crowded={cameras.length > MOST_STREAMS}
            lost={lostAtMs !== undefined}
            refresh={refresh}
            onRemoved={() => focusSoon(() => heading.current)}
          />
        ))}
      </div>
      <AddCameraDialog
        open={adding}
        cameras={cameras}
        types={types}
        refresh={refresh}
        onClose={() => setAdding(false)}
      />
    </>
  );
}

/** "2 online · 1 offline", the most frequent words of the page, in the order they first occur. */
function summarise(cameras: CameraView[]): string {
  const counts = new Map<CameraStatus, number>();
  for (const { status } of cameras) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count}\u00a0${statusText(status).toLowerCase()}`).join(
    " · ",
  );
}

/** Tells screen readers of each change of a status, once. */
function Announcer({ cameras }: { cameras: CameraView[] }) {
  const known = useRef(new Map<string, CameraStatus>());
  const [text, setText] = useState("");
  useEffect(() => {
    const changed = cameras.filter(({ id, status }) => (known.current.get(id) ?? status) !== status);
    known.current = new Map(cameras.map(({ id, status }) => [id, status]));
    if (changed.length === 0) return;
    setText(
      changed.map(({ name, status, reason }) => TEXT.changed(name, statusText(status), reason)).join(" "),
    );
  }, [cameras]);
  return <p class="visually-hidden" aria-live="polite">{text}</p>;
}
