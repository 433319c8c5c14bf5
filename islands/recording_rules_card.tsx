// When a camera is recorded by itself, and for how long that is kept: read, changed and saved on its page.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { callOperation } from "./api.ts";
import { Field } from "./camera_field.tsx";
import { Card } from "./card.tsx";
import { EVENT_TITLES } from "./event_text.ts";
import { ProblemNotice } from "./problem_notice.tsx";
import { changeOf, draftOf, type RecordedEvent, type RulesDraft } from "./recording_rules_draft.ts";
import { ScheduleEditor } from "./schedule_editor.tsx";
import { useAction } from "./use_action.ts";

const TEXT = {
  title: "Recording by itself",
  mode: "Record",
  modes: { off: "Never", events: "When something happens", continuous: "All the time" },
  events: "What counts",
  before: "Seconds before",
  after: "Seconds after",
  keepDays: "Delete after days",
  keepGb: "Keep at most GB",
  keepHelp: "Left empty: as for all cameras. Locked recordings are never deleted.",
  mjpeg: "A camera that sends JPEG",
  mjpegs: { encode: "Encode to H.264", keep: "Keep JPEG (browsers do not play it)" },
  save: "Save",
  saving: "Saving…",
  saved: "Saved.",
  loading: "Reading the rules…",
};

const EVENTS: RecordedEvent[] = [
  ...["motion", "person", "vehicle", "pet", "sound", "tamper"] as const,
  ...["line_crossed", "intrusion", "doorbell", "package"] as const,
];

export function RecordingRulesCard({ camera }: { camera: string }) {
  const [draft, setDraft] = useState<RulesDraft>();
  const [saved, setSaved] = useState(false);
  const action = useAction();
  const load = () =>
    action.run(async () => {
      setDraft(draftOf((await callOperation("get_recording_rules", { camera_id: camera })).recording));
    });
  useEffect(() => void load(), [camera]);
  const change = (part: Partial<RulesDraft>) => {
    setSaved(false);
    setDraft((now) => now && { ...now, ...part });
  };
  const save = (event: Event) => {
    event.preventDefault();
    if (!draft) return;
    void action.run(async () => {
      const done = await callOperation("set_recording_rules", { camera_id: camera, ...changeOf(draft) });
      setDraft(draftOf(done.recording));
      setSaved(true);
    });
  };
  return (
    <Card title={TEXT.title}>
      {!draft && !action.problem && <p class="muted">{TEXT.loading}</p>}
      {draft && (
        <form class="form recording-rules" onSubmit={save}>
          <Choice
            label={TEXT.mode}
            names={TEXT.modes}
            value={draft.mode}
            onChange={(mode) => change({ mode })}
          />
          {draft.mode !== "off" && <RuleFields draft={draft} change={change} />}
          <div class="form-actions">
            <button type="submit" class="button is-primary" disabled={action.busy}>
              {action.busy ? TEXT.saving : TEXT.save}
            </button>
            <span class="form-done" role="status">{saved ? TEXT.saved : ""}</span>
          </div>
        </form>
      )}
      {action.problem && <ProblemNotice problem={action.problem} onDismiss={action.clear} />}
    </Card>
  );
}

interface RuleFieldsProps {
  draft: RulesDraft;
  change: (part: Partial<RulesDraft>) => void;
}

function RuleFields({ draft, change }: RuleFieldsProps) {
  return (
    <>
      <ScheduleEditor value={draft.schedule} onChange={(schedule) => change({ schedule })} />
      {draft.mode === "events" && <EventFields draft={draft} change={change} />}
      <Pair>
        <NumberField
          label={TEXT.keepDays}
          min={0.01}
          max={3650}
          value={draft.keepDays}
          onChange={(keepDays) => change({ keepDays })}
        />
        <NumberField
          label={TEXT.keepGb}
          min={0.01}
          max={1_000_000}
          value={draft.keepGb}
          onChange={(keepGb) => change({ keepGb })}
        />
      </Pair>
      <p class="field-text">{TEXT.keepHelp}</p>
      <Choice
        label={TEXT.mjpeg}
        names={TEXT.mjpegs}
        value={draft.mjpeg}
        onChange={(mjpeg) => change({ mjpeg })}
      />
    </>
  );
}

function EventFields({ draft, change }: RuleFieldsProps) {
  const toggle = (kind: RecordedEvent) =>
    change({ events: EVENTS.filter((each) => draft.events.includes(each) !== (each === kind)) });
  return (
    <>
      <fieldset class="recorded-events">
        <legend>{TEXT.events}</legend>
        {EVENTS.map((kind) => (
          <label key={kind} class="check">
            <input type="checkbox" checked={draft.events.includes(kind)} onChange={() => toggle(kind)} />
            {EVENT_TITLES[kind]}
          </label>
        ))}
      </fieldset>
      <Pair>
        <NumberField
          label={TEXT.before}
          required
          max={60}
          value={draft.preRoll}
          onChange={(preRoll) => change({ preRoll })}
        />
        <NumberField
          label={TEXT.after}
          required
          max={600}
          value={draft.postRoll}
          onChange={(postRoll) => change({ postRoll })}
        />
      </Pair>
    </>
  );
}

function Pair({ children }: { children: ComponentChildren }) {
  return <div class="field-pair">{children}</div>;
}

interface ChoiceProps<V extends string> {
  label: string;
  names: Record<V, string>;
  value: V;
  onChange: (value: V) => void;
}

function Choice<V extends string>({ label, names, value, onChange }: ChoiceProps<V>) {
  return (
    <Field label={label} required>
      {(input) => (
        <select
          {...input}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value as V)}
        >
          {Object.entries<string>(names).map(([each, name]) => <option key={each} value={each}>{name}
          </option>)}
        </select>
      )}
    </Field>
  );
}

interface NumberFieldProps {
  label: string;
  required?: boolean;
  min?: number;
  max: number;
  value: string;
  onChange: (value: string) => void;
}

function NumberField({ label, required = false, min = 0, max, value, onChange }: NumberFieldProps) {
  return (
    <Field label={label} required={required}>
      {(input) => (
        <input
          {...input}
          type="number"
          step="any"
          min={min}
          max={max}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
