// Restarts a camera, after asking.
import { useState } from "preact/hooks";
import { ChangeResult } from "./change_result.tsx";
import { ConfirmDialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useOperation } from "./use_operation.ts";

const TEXT = {
  title: "Restart",
  start: "Restart…",
  ask: (name: string) => `Restart ${name}?`,
  question: "The camera is away for about a minute. Nothing set in it is lost.",
  confirm: "Restart the camera",
};

export interface RebootRowProps {
  camera: string;
  name: string;
  refresh: () => Promise<void>;
}

export function RebootRow({ camera, name, refresh }: RebootRowProps) {
  const [asking, setAsking] = useState(false);
  const operation = useOperation(camera, refresh);
  const restart = async () => {
    await operation.send("reboot_camera", { confirm: true });
    setAsking(false);
  };
  return (
    <div class="setting is-beside">
      <span class="setting-title">{TEXT.title}</span>
      <button type="button" class="button is-small" onClick={() => setAsking(true)}>
        <Icon name="retry" /> {TEXT.start}
      </button>
      <ChangeResult busy={operation.busy} verified={operation.verified} />
      {operation.problem && <ProblemNotice problem={operation.problem} onDismiss={operation.clear} />}
      <ConfirmDialog
        open={asking}
        title={TEXT.ask(name)}
        question={TEXT.question}
        confirm={TEXT.confirm}
        busy={operation.busy}
        onConfirm={() => void restart()}
        onClose={() => setAsking(false)}
      />
    </div>
  );
}
