// The timers on the start page: those that run, those that are over, and how to begin one. With none it is one line.
import { useEffect, useState } from "preact/hooks";
import type { TimerView } from "../src/operations/timer_views.ts";
import { formatClock, formatDuration } from "./format.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { TimerForm } from "./timer_form.tsx";
import { useRinging } from "./timer_sound.ts";
import { cancelTimer, leftMs, leftText, setLeft, startTimer } from "./timers_client.ts";
import { useAction } from "./use_action.ts";
import { useTimers } from "./use_timers.ts";

const TEXT = {
  title: "Timers",
  lost: "The hub cannot be heard; the times go on here",
  more: "+1 min",
  moreOf: (name: string) => `One minute more: ${name}`,
  cancel: (name: string) => `Cancel: ${name}`,
  cancelled: (name: string) => `“${name}” was cancelled`,
  undo: "Undo",
  done: (name: string) => `${name} is done`,
  doneAt: (time: string) => `at ${time}`,
  late: (time: string, late: string) => `at ${time}, told ${late} late: the hub was off`,
  dismiss: "Dismiss",
  dismissOf: (name: string) => `Dismiss: ${name} is done`,
};

const MINUTE_MS = 60_000;
const UNDO_MS = 10_000;

/** A timer that was cancelled just now. */
interface Cancelled {
  timer: TimerView;
  leftMs: number;
  atMs: number;
}

export function TimersCard({ timers: initial }: { timers: TimerView[] }) {
  const now = useTimers(initial);
  const { timers, nowMs, isLost, ended } = now;
  const { busy, problem, run, clear } = useAction();
  const [cancelled, setCancelled] = useState<Cancelled>();
  const running = timers.filter(({ state }) => state === "running");
  const done = timers.filter(({ state }) => state === "done");
  useRinging(done.some(({ timer_id }) => ended.includes(timer_id)));
  useEffect(() => {
    if (!cancelled) return;
    const gone = setTimeout(() => setCancelled(undefined), UNDO_MS);
    return () => clearTimeout(gone);
  }, [cancelled]);

  const cancel = (timer: TimerView) => {
    const given = { timer, leftMs: leftMs(timer, now, performance.now()), atMs: performance.now() };
    void run(() => cancelTimer(timer)).then((isDone) => isDone && setCancelled(given));
  };
  const undo = ({ timer, leftMs, atMs }: Cancelled) => {
    void run(() => setLeft(timer, leftMs - (performance.now() - atMs)))
      .then((isDone) => isDone && setCancelled(undefined));
  };
  const classes = ["card", "timers", ...(running.length + done.length > 0 ? ["is-busy"] : [])];
  return (
    <section class={classes.join(" ")} aria-label={TEXT.title}>
      <div class="timers-done" role="alert">
        {done.map((timer) => (
          <TimerDone
            key={timer.timer_id}
            timer={timer}
            busy={busy}
            onDismiss={() => void run(() => cancelTimer(timer))}
          />
        ))}
      </div>
      {problem && <ProblemNotice problem={problem} onDismiss={clear} />}
      {running.length > 0 && (
        <ul class="timer-list">
          {running.map((timer) => (
            <TimerRow
              key={timer.timer_id}
              timer={timer}
              leftMs={leftMs(timer, now, nowMs)}
              busy={busy}
              onMore={() => void run(() => setLeft(timer, leftMs(timer, now, performance.now()) + MINUTE_MS))}
              onCancel={() => cancel(timer)}
            />
          ))}
        </ul>
      )}
      {cancelled && <Undo name={cancelled.timer.name} busy={busy} onUndo={() => undo(cancelled)} />}
      <div class="timers-new">
        <h2>{TEXT.title}</h2>
        {isLost && running.length > 0 && <p class="timers-lost">{TEXT.lost}</p>}
        <TimerForm
          timers={timers}
          busy={busy}
          onStart={(name, minutes) => run(() => startTimer(name, minutes))}
        />
      </div>
    </section>
  );
}

function Undo({ name, busy, onUndo }: { name: string; busy: boolean; onUndo: () => void }) {
  return (
    <p class="timer-undo" role="status">
      <span>{TEXT.cancelled(name)}</span>
      <button type="button" class="button is-small" disabled={busy} onClick={onUndo}>
        <Icon name="undo" /> {TEXT.undo}
      </button>
    </p>
  );
}

interface RowProps {
  timer: TimerView;
  leftMs: number;
  busy: boolean;
  onMore: () => void;
  onCancel: () => void;
}

function TimerRow({ timer: { name, zone }, leftMs, busy, onMore, onCancel }: RowProps) {
  return (
    <li class="timer">
      <span class="timer-name">
        {name}
        {zone && <small>{zone}</small>}
      </span>
      <strong class="timer-left" role="timer">{leftText(leftMs)}</strong>
      <button
        type="button"
        class="button is-small"
        aria-label={TEXT.moreOf(name)}
        disabled={busy}
        onClick={onMore}
      >
        {TEXT.more}
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={TEXT.cancel(name)}
        title={TEXT.cancel(name)}
        disabled={busy}
        onClick={onCancel}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

function TimerDone({ timer, busy, onDismiss }: { timer: TimerView; busy: boolean; onDismiss: () => void }) {
  const { name, ends_at, late_s } = timer;
  const time = formatClock(ends_at, Date.now());
  return (
    <div class="notice timer-done">
      <p class="notice-text">
        <strong>{TEXT.done(name)}</strong>{" "}
        <span>
          {late_s === undefined ? TEXT.doneAt(time) : TEXT.late(time, formatDuration(late_s * 1000))}
        </span>
      </p>
      <button
        type="button"
        class="button is-small"
        aria-label={TEXT.dismissOf(name)}
        disabled={busy}
        onClick={onDismiss}
      >
        {TEXT.dismiss}
      </button>
    </div>
  );
}
