// What is known of a camera, as tables: stream figures, device, configuration, picture formats.
import type { ComponentChildren } from "preact";
import type { CameraDetailView, StreamView } from "../src/operations/views.ts";
import { formatAge, formatBytes, formatClock, formatCount, formatFps } from "./format.ts";
import { useNow } from "./use_now.ts";

const TEXT = {
  stream: "Stream",
  camera: "Camera",
  options: "Configuration",
  modes: "Picture formats",
  notRunning: "Not running: the hub reads the camera only while somebody watches.",
  rows: {
    codec: "Format",
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
  perSecond: (bytes: string) => `${bytes}/s`,
  size: (width: number, height: number) => `${width} × ${height}`,
  rates: (rates: string) => `${rates}\u00a0fps`,
};

type Row = [title: string, value: ComponentChildren];

/** All tables of a camera; a figure that is not known has no row. */
export function CameraDetails({ camera }: { camera: CameraDetailView }) {
  return (
    <div class="camera-details">
      {camera.stream && <StreamTable stream={camera.stream} />}
      <CameraTable camera={camera} />
      <OptionsTable options={camera.options} />
      {camera.modes && camera.modes.length > 0 && <ModesTable modes={camera.modes} />}
    </div>
  );
}

function StreamTable({ stream }: { stream: StreamView }) {
  const { rows } = TEXT;
  const { width, height, fps, bytes_per_second: rate, age_ms: age } = stream;
  const list: Row[] = [[rows.codec, stream.codec.toUpperCase()]];
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
      {!stream.running && <p class="muted">{TEXT.notRunning}</p>}
      <Rows list={list} />
    </Card>
  );
}

function CameraTable({ camera }: { camera: CameraDetailView }) {
  const now = useNow(10_000);
  const { rows } = TEXT;
  const list: Row[] = [
    [rows.id, <code key="id">{camera.id}</code>],
    [rows.type, camera.type],
    [rows.origin, TEXT.origins[camera.origin]],
    [rows.since, <time key="since" dateTime={camera.since}>{formatClock(camera.since, now)}</time>],
    ...Object.entries(camera.device ?? {}),
  ];
  if (camera.capabilities.length > 0) list.push([rows.capabilities, camera.capabilities.join(", ")]);
  return (
    <Card title={TEXT.camera}>
      <Rows list={list} />
    </Card>
  );
}

function OptionsTable({ options }: { options: CameraDetailView["options"] }) {
  const list = Object.entries(options).map(([name, value]): Row => [name, optionText(value)]);
  return list.length === 0 ? null : (
    <Card title={TEXT.options}>
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

function optionText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function Card({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Rows({ list }: { list: Row[] }) {
  return (
    <dl class="rows">
      {list.map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
