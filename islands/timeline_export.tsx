// Exports a stretch of time: which camera, from when to when, what it will hold, and how far those are that were begun.
import { useEffect, useId, useState } from "preact/hooks";
import { Dialog } from "./dialog.tsx";
import { formatBytes, formatClock } from "./format.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import {
  type ExportView,
  fetchExports,
  previewExport,
  removeExport,
  startExport,
} from "./timeline_client.ts";
import type { TimelineCamera } from "./timeline_filter.tsx";
import type { View } from "./timeline_scale.ts";
import { useAction } from "./use_action.ts";
import { usePolled } from "./use_polled.ts";

const TEXT = {
  title: "Export",
  camera: "Camera",
  from: "From",
  to: "To",
  check: "Check",
  confirm: "Export",
  list: "Exports of the last day",
  none: "Nothing was exported in the last day.",
  download: (name: string) => `Download ${name}`,
  cancel: (name: string) => `End or remove ${name}`,
  state: {
    waiting: "waits for its turn",
    running: "is being put together",
    done: "done",
    failed: "failed",
    cancelled: "ended",
  } satisfies Record<ExportView["state"], string>,
};
const POLL_MS = 1000;

export interface TimelineExportProps {
  open: boolean;
  cameras: readonly TimelineCamera[];
  camera: string;
  marked: View;
  onMark(marked: View): void;
  onClose(): void;
}

export function TimelineExport(props: TimelineExportProps) {
  return (
    <Dialog open={props.open} title={TEXT.title} onClose={props.onClose}>
      {props.open && <ExportForm {...props} />}
    </Dialog>
  );
}

function ExportForm({ cameras, camera: first, marked, onMark }: TimelineExportProps) {
  const [camera, setCamera] = useState(first);
  const [would, setWould] = useState<string>();
  const id = useId();
  const { busy, problem, run, clear } = useAction();
  const exports = usePolled<ExportView[]>([], fetchExports, POLL_MS);
  useEffect(() => {
    void exports.refresh();
  }, []);
  useEffect(() => {
    setWould(undefined);
    clear();
  }, [camera, marked.fromMs, marked.toMs]);
  const check = () => run(async () => setWould(await previewExport(camera, marked)));
  const begin = () =>
    run(async () => {
      await startExport(camera, marked);
      setWould(undefined);
      await exports.refresh();
    });
  const time = (name: "fromMs" | "toMs", label: string) => (
    <label class="field" for={`${id}-${name}`}>
      <span>{label}</span>
      <input
        id={`${id}-${name}`}
        type="datetime-local"
        step="1"
        required
        value={localInput(marked[name])}
        onChange={(event) => {
          const atMs = new Date(event.currentTarget.value).getTime();
          if (Number.isFinite(atMs)) onMark({ ...marked, [name]: atMs });
        }}
      />
    </label>
  );
  return (
    <>
      <form
        class="export-form"
        onSubmit={(event) => {
          event.preventDefault();
          void (would === undefined ? check() : begin());
        }}
      >
        <label class="field" for={`${id}-camera`}>
          <span>{TEXT.camera}</span>
          <select
            id={`${id}-camera`}
            value={camera}
            onChange={(event) => setCamera(event.currentTarget.value)}
          >
            {cameras.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </select>
        </label>
        {time("fromMs", TEXT.from)}
        {time("toMs", TEXT.to)}
        {would !== undefined && <p class="export-would" role="status">{would}.</p>}
        {problem && <ProblemNotice problem={problem} />}
        <div class="dialog-actions">
          <button type="submit" class="button is-primary" disabled={busy}>
            {would === undefined ? TEXT.check : TEXT.confirm}
          </button>
        </div>
      </form>
      <ExportList exports={exports.value} cameras={cameras} refresh={exports.refresh} />
    </>
  );
}

function ExportList({ exports, cameras, refresh }: {
  exports: readonly ExportView[];
  cameras: readonly TimelineCamera[];
  refresh: () => Promise<void>;
}) {
  const action = useAction();
  const nameOf = (id: string) => cameras.find((each) => each.id === id)?.name ?? id;
  return (
    <section class="exports" aria-label={TEXT.list}>
      <h3>{TEXT.list}</h3>
      {exports.length === 0 && <p class="muted">{TEXT.none}</p>}
      {action.problem && <ProblemNotice problem={action.problem} onDismiss={action.clear} />}
      <ul>
        {exports.map((each) => {
          const name = `${nameOf(each.camera_id)}, ${formatClock(each.from, Date.now())}`;
          return (
            <li key={each.export_id} class={`export is-${each.state}`}>
              <span class="export-name">{name}</span>
              <span class="muted">
                {TEXT.state[each.state]}
                {each.size_bytes > 0 && ` · ${formatBytes(each.size_bytes)}`}
                {each.reason !== undefined && ` · ${each.reason}`}
              </span>
              {(each.state === "running" || each.state === "waiting") && (
                <progress max={1} value={each.progress} aria-label={name} />
              )}
              <span class="export-actions">
                {each.links && (
                  <a
                    class="icon-button"
                    href={each.links.download}
                    download
                    aria-label={TEXT.download(name)}
                    title={TEXT.download(name)}
                  >
                    <Icon name="download" />
                  </a>
                )}
                <button
                  type="button"
                  class="icon-button"
                  aria-label={TEXT.cancel(name)}
                  title={TEXT.cancel(name)}
                  onClick={() =>
                    void action.run(async () => {
                      await removeExport(each.export_id);
                      await refresh();
                    })}
                >
                  <Icon name="remove" />
                </button>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** A moment as `<input type="datetime-local">` has it, by the clock here. */
export function localInput(atMs: number): string {
  const local = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
