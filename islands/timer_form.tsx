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
      <div class="timer-quick">
        {QUICK_MIN.map((each) => (
          <button
            key={each}
            type="button"
            class="button is-small"
            aria-label={TEXT.quickOf(each)}
            disabled={busy}
            onClick={() => void start(each)}
          >
            {TEXT.quick(each)}
          </button>
        ))}
        <button
          type="button"
          class="button is-small"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {TEXT.other}
        </button>
      </div>
      {isOpen && (
        <form
          class="timer-form"
          onSubmit={(event) => {
            event.preventDefault();
            void start(Number(minutes));
          }}
        >
          <div class="field">
            <label for="timer-name">{TEXT.name}</label>
            <input
              id="timer-name"
              type="text"
              value={name}
              maxLength={MAX_NAME_CHARS}
              placeholder={TEXT.namePlaceholder}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </div>
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
              value={minutes}
              onInput={(event) => setMinutes(event.currentTarget.value)}
            />
          </div>
          <button type="submit" class="button is-primary" disabled={busy}>{TEXT.start}</button>
        </form>
      )}
    </>
  );
}
