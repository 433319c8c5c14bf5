// What is known of a camera, as tables: stream figures, device, picture formats.
import type { CameraDetailView, CameraTypeView, StreamView } from "../src/operations/views.ts";
import { capabilitiesText, factTitle } from "./camera_facts.ts";
import { canShowPicture } from "./camera_state.tsx";
import { Card, type Row, Rows } from "./card.tsx";
import { formatAge, formatBytes, formatClock, formatCount, formatFps } from "./format.ts";
import { useNow } from "./use_now.ts";

const TEXT = {
  stream: "Stream",
  camera: "Camera",
  modes: "Picture formats",
  unwatched: "Not running: the hub reads the camera only while somebody watches.",
  offline: "Not running: the camera is offline.",
  connecting: "Not running yet: the hub is connecting to the camera.",
  starting: "Not running yet: no picture has come so far.",
  rows: {
    codec: "Format",
    source: "Read now",
    size: "Picture size",
    fps: "Read from the camera",
    rate: "Data rate",
    age: "Newest picture",
    viewers: "Viewers",
    frames: "Pictures so far",
    bytes: "Data so far",
    dropped: "Skipped for slow viewers",
    damaged: "Damaged",
    restarts: "Restarts after a failure",
    id: "Identifier",
    type: "Kind",
    origin: "Entered by",
    since: "In this state since",
    capabilities: "Can do",
  },
  origins: { file: "Configuration file", store: "Dashboard or assistant", auto: "Found by the hub" },
  sources: { main: "Full picture", sub: "Smaller stream" },
  perSecond: (bytes: string) => `${bytes}/s`,
  size: (width: number, height: number) => `${width} × ${height}`,
  rates: (rates: string) => `${rates}\u00a0fps`,
};

export interface CameraDetailsProps {
  camera: CameraDetailView;
  /** Its kind, where that is known. */
  type: CameraTypeView | undefined;
}

/** All tables of a camera; a figure that is not known has no row. */
export function CameraDetails({ camera, type }: CameraDetailsProps) {
  return (
    <>
      {camera.stream && canShowPicture(camera) && (
        <StreamTable stream={camera.stream} note={streamNote(camera)} />
      )}
      <CameraTable camera={camera} type={type} />
      {camera.modes && camera.modes.length > 0 && <ModesTable modes={camera.modes} />}
    </>
  );
}

/** Why the stream does not run; undefined while it does. */
export function streamNote({ status, stream }: Pick<CameraDetailView, "status" | "stream">) {
  if (!stream || stream.running) return undefined;
  if (status === "offline" || status === "connecting") return TEXT[status];
  return stream.viewers > 0 ? TEXT.starting : TEXT.unwatched;
}

function StreamTable({ stream, note }: { stream: StreamView; note: string | undefined }) {
  const { rows } = TEXT;
  const { width, height, fps, bytes_per_second: rate, age_ms: age } = stream;
  const list: Row[] = [[rows.codec, stream.codec.toUpperCase()]];
  if (stream.running && stream.source) list.push([rows.source, TEXT.sources[stream.source]]);
  if (width !== undefined && height !== undefined) list.push([rows.size, TEXT.size(width, height)]);
  if (stream.running && fps !== undefined) list.push([rows.fps, formatFps(fps)]);
  if (stream.running && rate !== undefined) list.push([rows.rate, TEXT.perSecond(formatBytes(rate))]);
  if (stream.running && age !== undefined) list.push([rows.age, formatAge(age)]);
  list.push(
    [rows.viewers, formatCount(stream.viewers)],
    [rows.frames, formatCount(stream.frames_total)],
    [rows.bytes, formatBytes(stream.bytes_total)],
    [rows.dropped, formatCount(stream.dropped_total)],
    [rows.damaged, formatCount(stream.damaged_total)],
    [rows.restarts, formatCount(stream.restarts_total)],
  );
  return (
    <Card title={TEXT.stream}>
      {note && <p class="muted">{note}</p>}
      <Rows list={list} />
    </Card>
  );
}

function CameraTable({ camera, type }: CameraDetailsProps) {
  const now = useNow(10_000);
  const { rows } = TEXT;
  const list: Row[] = [
    [rows.id, <code key="id">{camera.id}</code>],
    [rows.type, type?.title ?? camera.type],
    [rows.origin, TEXT.origins[camera.origin]],
    [rows.since, <time key="since" dateTime={camera.since}>{formatClock(camera.since, now)}</time>],
    ...Object.entries(camera.device ?? {}).map(([key, value]): Row => [factTitle(key), value]),
  ];
  if (camera.capabilities.length > 0) {
    list.push([rows.capabilities, capabilitiesText(camera.capabilities)]);
  }
  return (
    <Card title={TEXT.camera}>
      <Rows list={list} />
    </Card>
  );
}

function ModesTable({ modes }: { modes: NonNullable<CameraDetailView["modes"]> }) {
  const list = modes.map(({ format, width, height, fps }): Row => [
    `${format} ${TEXT.size(width, height)}`,
    TEXT.rates(fps.join(", ")),
  ]);
  return (
    <Card title={TEXT.modes}>
      <Rows list={list} />
    </Card>
  );
}
