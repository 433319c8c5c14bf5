// The card in a camera: how it stands, how full it is, and the way to erase it.
import { useId, useState } from "preact/hooks";
import type { ControlsView } from "../src/operations/views.ts";
import { ChangeResult } from "./change_result.tsx";
import { Dialog } from "./dialog.tsx";
import { formatBytes } from "./format.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { type Operation, useOperation } from "./use_operation.ts";

const TEXT = {
  title: "Memory card",
  none: "There is no card in the camera.",
  unknown: "The camera does not tell about its card at the moment.",
  state: (state: string) => `State: ${state}`,
  free: (free: string, total: string) => `${free} of ${total} free`,
  size: (total: string) => `${total} in size`,
  used: "Used",
  erase: "Erase…",
  ask: "Erase the card?",
  question: "Every recording on the card is lost. This cannot be undone.",
  type: (word: string) => `Type “${word}” to confirm`,
  confirm: "Erase the card",
  cancel: "Cancel",
};

const WORD = "erase";

type Medium = NonNullable<ControlsView["storage"]>[number];

export interface CameraStorageProps {
  camera: string;
  /** Absent while the camera does not tell. */
  media: Medium[] | undefined;
  refresh: () => Promise<void>;
}

export function CameraStorage({ camera, media, refresh }: CameraStorageProps) {
  return (
    <section class="card">
      <h2>{TEXT.title}</h2>
      {!media && <p class="muted">{TEXT.unknown}</p>}
      {media?.length === 0 && <p class="muted">{TEXT.none}</p>}
      {media?.map((medium) => (
        <MediumRow
          key={medium.id}
          camera={camera}
          medium={medium}
          refresh={refresh}
        />
      ))}
    </section>
  );
}

function MediumRow(
  { camera, medium, refresh }: { camera: string; medium: Medium; refresh: () => Promise<void> },
) {
  const [asking, setAsking] = useState(false);
  const operation = useOperation(camera, refresh);
  const isAbsent = medium.state === "absent";
  return (
    <div class="medium">
      <p>{isAbsent ? TEXT.none : TEXT.state(medium.state)}</p>
      {!isAbsent && <Space medium={medium} />}
      {!isAbsent && (
        <div class="form-actions">
          <button type="button" class="button is-small" onClick={() => setAsking(true)}>
            <Icon name="remove" /> {TEXT.erase}
          </button>
        </div>
      )}
      <ChangeResult busy={operation.busy} verified={operation.verified} />
      {operation.problem && <ProblemNotice problem={operation.problem} onDismiss={operation.clear} />}
      <EraseDialog
        open={asking}
        medium={medium}
        operation={operation}
        onClose={() => setAsking(false)}
      />
    </div>
  );
}

function Space({ medium: { total_bytes: total, free_bytes: free } }: { medium: Medium }) {
  if (total === undefined) return null;
  if (free === undefined) return <p class="muted">{TEXT.size(formatBytes(total))}</p>;
  return (
    <>
      <meter min={0} max={total} value={total - free} aria-label={TEXT.used} />
      <p class="muted">{TEXT.free(formatBytes(free), formatBytes(total))}</p>
    </>
  );
}

interface EraseDialogProps {
  open: boolean;
  medium: Medium;
  operation: Operation;
  onClose: () => void;
}

/** A click alone is too easy for what cannot be undone. */
function EraseDialog({ open, medium, operation, onClose }: EraseDialogProps) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const isSure = typed.trim().toLowerCase() === WORD;
  const close = () => {
    setTyped("");
    onClose();
  };
  const erase = async (event: Event) => {
    event.preventDefault();
    if (!isSure) return;
    await operation.send("format_camera_storage", { storage_id: medium.id, confirm: true });
    close();
  };
  return (
    <Dialog open={open} title={TEXT.ask} onClose={close}>
      <form class="form" onSubmit={(event) => void erase(event)}>
        <p>{TEXT.question}</p>
        <div class="field">
          <label for={id}>{TEXT.type(WORD)}</label>
          <input
            id={id}
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={close}>{TEXT.cancel}</button>
          <button type="submit" class="button is-danger" disabled={!isSure || operation.busy}>
            {TEXT.confirm}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
