// The hours of the week in which a rule holds: one row for each window.
import { Icon } from "./icon.tsx";
import { DAYS, NEW_WINDOW, type ScheduleWindow } from "./recording_rules_draft.ts";

const TEXT = {
  title: "When",
  always: "Always.",
  hours: "In these hours, by the hub's clock. To before From: until the next morning.",
  from: "From",
  to: "To",
  add: "Add hours",
  remove: (number: number) => `Remove hours ${number}`,
  window: (number: number) => `Hours ${number}`,
  day: { mon: "Mon", tue: "Tue", wed: "Wed", thu: "Thu", fri: "Fri", sat: "Sat", sun: "Sun" },
};

const MAX_WINDOWS = 32;

export interface ScheduleEditorProps {
  value: ScheduleWindow[];
  onChange: (value: ScheduleWindow[]) => void;
}

export function ScheduleEditor({ value, onChange }: ScheduleEditorProps) {
  const replace = (at: number, window: ScheduleWindow) =>
    onChange(value.map((each, index) => index === at ? window : each));
  return (
    <fieldset class="schedule">
      <legend>{TEXT.title}</legend>
      <p class="field-text">{value.length === 0 ? TEXT.always : TEXT.hours}</p>
      {value.map((window, index) => (
        <WindowRow
          key={index}
          number={index + 1}
          value={window}
          onChange={(changed) => replace(index, changed)}
          onRemove={() => onChange(value.filter((_, other) => other !== index))}
        />
      ))}
      <button
        type="button"
        class="button"
        disabled={value.length >= MAX_WINDOWS}
        onClick={() => onChange([...value, NEW_WINDOW])}
      >
        <Icon name="add" /> {TEXT.add}
      </button>
    </fieldset>
  );
}

interface WindowRowProps {
  number: number;
  value: ScheduleWindow;
  onChange: (value: ScheduleWindow) => void;
  onRemove: () => void;
}

function WindowRow({ number, value, onChange, onRemove }: WindowRowProps) {
  const { days, from, to } = value;
  // One day stays: hours on no day are none.
  const toggle = (day: typeof DAYS[number]) => {
    const chosen = DAYS.filter((each) => each === day ? !days.includes(day) : days.includes(each));
    if (chosen.length > 0) onChange({ ...value, days: chosen });
  };
  return (
    <div class="schedule-window" role="group" aria-label={TEXT.window(number)}>
      <div class="schedule-days">
        {DAYS.map((day) => (
          <button
            key={day}
            type="button"
            class={days.includes(day) ? "day is-on" : "day"}
            aria-pressed={days.includes(day)}
            onClick={() => toggle(day)}
          >
            {TEXT.day[day]}
          </button>
        ))}
      </div>
      <TimeInput label={TEXT.from} value={from} onChange={(time) => onChange({ ...value, from: time })} />
      <TimeInput
        label={TEXT.to}
        value={to === "24:00" ? "00:00" : to}
        onChange={(time) => onChange({ ...value, to: time })}
      />
      <button type="button" class="icon-button" aria-label={TEXT.remove(number)} onClick={onRemove}>
        <Icon name="remove" />
      </button>
    </div>
  );
}

function TimeInput(
  { label, value, onChange }: { label: string; value: string; onChange: (value: string) => void },
) {
  return (
    <label class="schedule-time">
      {label}
      <input
        type="time"
        required
        value={value}
        onChange={({ currentTarget }) => currentTarget.value !== "" && onChange(currentTarget.value)}
      />
    </label>
  );
}
