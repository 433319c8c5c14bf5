// The foot of a dialog in which something is drafted: whether it is saved, and the ways to keep or to drop it.
import { ChangeResult } from "./change_result.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import type { useOperation } from "./use_operation.ts";

const TEXT = { save: "Save", discard: "Discard changes", unsaved: "Not saved yet" };

export interface DraftActionsProps {
  draft: { isChanged: boolean; reset: () => void };
  operation: Pick<ReturnType<typeof useOperation>, "problem" | "busy" | "verified" | "clear">;
  onSave: () => Promise<unknown>;
}

export function DraftActions({ draft, operation, onSave }: DraftActionsProps) {
  return (
    <>
      {operation.problem && <ProblemNotice problem={operation.problem} onDismiss={operation.clear} />}
      <div class="dialog-actions motion-actions">
        <p class="muted" role="status">{draft.isChanged ? TEXT.unsaved : ""}</p>
        <ChangeResult busy={operation.busy} verified={draft.isChanged ? undefined : operation.verified} />
        <button type="button" class="button" disabled={!draft.isChanged} onClick={draft.reset}>
          {TEXT.discard}
        </button>
        <button
          type="button"
          class="button is-primary"
          disabled={operation.busy || !draft.isChanged}
          onClick={() => void onSave()}
        >
          {TEXT.save}
        </button>
      </div>
    </>
  );
}
