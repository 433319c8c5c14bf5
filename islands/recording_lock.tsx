// The button of the timeline that locks a recording against deletion, and unlocks it.
import { useEffect } from "preact/hooks";
import type { ProblemView } from "../src/operations/views.ts";
import { Icon } from "./icon.tsx";
import { lockRecording } from "./recordings_client.ts";
import { useAction } from "./use_action.ts";

const TEXT = {
  of: (what: string) => `Lock: ${what}`,
  locked: "Locked: it is not deleted, neither by hand nor for its age. Press to unlock",
  unlocked: "Lock it against deletion",
};

export interface RecordingLockProps {
  id: string;
  isLocked: boolean;
  /** Which recording it is, for who does not see the picture. */
  what: string;
  /** Called when the hub has it so; may take the time to load the new state. */
  onChanged(isLocked: boolean): Promise<void> | void;
  /** Why it could not be changed; undefined when it is tried anew. */
  onProblem(problem: ProblemView | undefined): void;
}

export function RecordingLock({ id, isLocked, what, onChanged, onProblem }: RecordingLockProps) {
  const { busy, problem, run } = useAction();
  useEffect(() => onProblem(problem), [problem]);
  const change = () =>
    run(async () => {
      await lockRecording(id, !isLocked);
      await onChanged(!isLocked);
    });
  return (
    <button
      type="button"
      class={isLocked ? "icon-button is-locked" : "icon-button"}
      aria-label={TEXT.of(what)}
      aria-pressed={isLocked}
      title={isLocked ? TEXT.locked : TEXT.unlocked}
      disabled={busy}
      onClick={() => void change()}
    >
      <Icon name={isLocked ? "locked" : "unlocked"} />
    </button>
  );
}
