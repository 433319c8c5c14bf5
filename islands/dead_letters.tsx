// Messages of alerts that could not be delivered: why, and what to do with them.
import { useState } from "preact/hooks";
import type { DeadLetterView } from "../src/operations/alert_views.ts";
import { discardLetters, retryLetters } from "./alerts_client.ts";
import { ConfirmDialog } from "./dialog.tsx";
import { formatClock } from "./format.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";

const TEXT = {
  title: "Messages not delivered",
  all: (shown: number, total: number) => shown < total ? `The newest ${shown} of ${total}.` : "",
  to: (channel: string, time: string) => `to ${channel}, given up ${time}`,
  untitled: (alert: number) => `Alert ${alert}`,
  retry: "Try again",
  retryOf: (title: string, channel: string) => `Try again: ${title}, to ${channel}`,
  retryAll: "Try all again",
  discard: "Discard all",
  ask: "Discard these messages?",
  question: "They are deleted and will not be sent. The alerts themselves stay in the list.",
};

export interface DeadLettersProps {
  letters: DeadLetterView[];
  total: number;
  refresh: () => Promise<void>;
}

export function DeadLetters({ letters, total, refresh }: DeadLettersProps) {
  const { busy, problem, run, clear } = useAction();
  const [isAsking, setAsking] = useState(false);
  const act = (work: () => Promise<void>) => run(() => work().then(refresh));
  const nowMs = Date.now();
  return (
    <section class="card" id="dead-letters">
      <h2>{TEXT.title}</h2>
      {letters.length < total && <p class="muted">{TEXT.all(letters.length, total)}</p>}
      {problem && <ProblemNotice problem={problem} onDismiss={clear} />}
      <ul class="letters">
        {letters.map((letter) => {
          const title = letter.title ?? TEXT.untitled(letter.alert_id);
          return (
            <li key={letter.id}>
              <div class="letter-what">
                <strong>{title}</strong>
                <p class="muted">{TEXT.to(letter.channel, formatClock(letter.gave_up_at, nowMs))}</p>
                <p>{letter.error}</p>
              </div>
              <button
                type="button"
                class="icon-button"
                aria-label={TEXT.retryOf(title, letter.channel)}
                title={TEXT.retry}
                disabled={busy}
                onClick={() => void act(() => retryLetters(letter.id))}
              >
                <Icon name="retry" />
              </button>
            </li>
          );
        })}
      </ul>
      <div class="card-actions">
        <button type="button" class="button" disabled={busy} onClick={() => void act(() => retryLetters())}>
          {TEXT.retryAll}
        </button>
        <button type="button" class="button" disabled={busy} onClick={() => setAsking(true)}>
          {TEXT.discard}
        </button>
      </div>
      <ConfirmDialog
        open={isAsking}
        title={TEXT.ask}
        question={TEXT.question}
        confirm={TEXT.discard}
        busy={busy}
        onClose={() => setAsking(false)}
        onConfirm={() => void act(() => discardLetters()).then(() => setAsking(false))}
      />
    </section>
  );
}
