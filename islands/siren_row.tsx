// Sounds a camera's siren, after asking, and silences it.
import { useState } from "preact/hooks";
import { ChangeResult } from "./change_result.tsx";
import { ConfirmDialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useOperation } from "./use_operation.ts";

const TEXT = {
  title: "Siren",
  sounding: "It sounds now.",
  silent: "It is silent.",
  start: "Sound it…",
  stop: "Silence",
  stopOf: (name: string) => `Silence the siren of ${name}`,
  ask: (name: string) => `Sound the siren of ${name}?`,
  question: "It is loud, and sounds until it is silenced or ends by itself.",
  confirm: "Sound the siren",
};

export interface SirenRowProps {
  camera: string;
  name: string;
  /** Absent where the camera does not say: then it can be silenced at any time. */
  isSounding: boolean | undefined;
  refresh: () => Promise<void>;
}

export function SirenRow({ camera, name, isSounding, refresh }: SirenRowProps) {
  const [asking, setAsking] = useState(false);
  const operation = useOperation(camera, refresh);
  const start = async () => {
    await operation.send("sound_siren", { confirm: true });
    setAsking(false);
  };
  return (
    <div class="setting">
      <div class="setting-text">
        <span class="setting-title">{TEXT.title}</span>
        {isSounding !== undefined && (
          <p class="muted" aria-live="polite">{isSounding ? TEXT.sounding : TEXT.silent}</p>
        )}
      </div>
      <div class="form-actions">
        {isSounding !== true && (
          <button type="button" class="button is-small" onClick={() => setAsking(true)}>
            <Icon name="siren" /> {TEXT.start}
          </button>
        )}
        {isSounding !== false && (
          <button
            type="button"
            class={isSounding ? "button is-small is-danger" : "button is-small"}
            aria-label={TEXT.stopOf(name)}
            aria-disabled={operation.busy}
            onClick={() => void operation.send("stop_siren")}
          >
            <Icon name="silent" /> {TEXT.stop}
          </button>
        )}
      </div>
      <ChangeResult busy={operation.busy} verified={operation.verified} />
      {operation.problem && <ProblemNotice problem={operation.problem} onDismiss={operation.clear} />}
      <ConfirmDialog
        open={asking}
        title={TEXT.ask(name)}
        question={TEXT.question}
        confirm={TEXT.confirm}
        busy={operation.busy}
        onConfirm={() => void start()}
        onClose={() => setAsking(false)}
      />
    </div>
  );
}
