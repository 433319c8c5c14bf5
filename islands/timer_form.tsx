// How a timer is begun: one press for the usual lengths, a form for all others.
import { useState } from "preact/hooks";
import type { TimerView } from "../src/operations/timer_views.ts";
import { freeName } from "./timers_client.ts";

const TEXT = {
  quick: (minutes: number) => `${minutes} min`,
  quickOf: (minutes: number) => `Start a timer of ${minutes} ${minutes === 1 ? "minute" : "minutes"}`,
  other: "Other…",
  name: "Name",
  namePlaceholder: "Eggs",
  minutes: "Minutes",
  start: "Start",
};

const QUICK_MIN = [1, 3, 5, 10];
const MAX_NAME_CHARS = 60;
const MAX_MIN = 7 * 24 * 60;
const LEAST_MIN = 0.1;

export interface TimerFormProps {
  timers: readonly TimerView[];
  busy: boolean;
  /** Resolves to whether it was begun. */
  onStart(name: string, minutes: number): Promise<boolean>;
}

export function TimerForm({ timers, busy, onStart }: TimerFormProps) {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [minutes, setMinutes] = useState("");
  const start = async (wanted: number) => {
    if (!await onStart(name.trim() || freeName(wanted, timers), wanted)) return;
    setName("");
    setMinutes("");
    setOpen(false);
  };
  return (
    <>
      <QuickTimers busy={busy} isOpen={isOpen} onStart={start} onToggle={() => setOpen(!isOpen)} />
      {isOpen && (
        <form
          class="timer-form"
          onSubmit={(event) => {
            event.preventDefault();
            void start(Number(minutes));
          }}
        >
          <NameField value={name} onInput={setName} />
          <MinutesField value={minutes} onInput={setMinutes} />
          <button type="submit" class="button is-primary" disabled={busy}>{TEXT.start}</button>
        </form>
      )}
    </>
  );
}

interface QuickTimersProps {
  busy: boolean;
  /** Whether the form for all others is shown. */
  isOpen: boolean;
  onStart(minutes: number): Promise<void>;
  onToggle(): void;
}

function QuickTimers({ busy, isOpen, onStart, onToggle }: QuickTimersProps) {
  return (
    <div class="timer-quick">
      {QUICK_MIN.map((each) => (
        <button
          key={each}
          type="button"
          class="button is-small"
          aria-label={TEXT.quickOf(each)}
          disabled={busy}
          onClick={() => void onStart(each)}
        >
          {TEXT.quick(each)}
        </button>
      ))}
      <button type="button" class="button is-small" aria-expanded={isOpen} onClick={onToggle}>
        {TEXT.other}
      </button>
    </div>
  );
}

interface TextFieldProps {
  value: string;
  onInput(value: string): void;
}

function NameField({ value, onInput }: TextFieldProps) {
  return (
    <div class="field">
      <label for="timer-name">{TEXT.name}</label>
      <input
        id="timer-name"
        type="text"
        value={value}
        maxLength={MAX_NAME_CHARS}
        placeholder={TEXT.namePlaceholder}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}

function MinutesField({ value, onInput }: TextFieldProps) {
  return (
    <div class="field">
      <label for="timer-minutes">{TEXT.minutes}</label>
      <input
        id="timer-minutes"
        type="number"
        inputMode="decimal"
        required
        step="any"
        min={LEAST_MIN}
        max={MAX_MIN}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}
