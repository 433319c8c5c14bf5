// A switch of a camera with its name, what it means, and what came of the last change.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { ChangeResult } from "./change_result.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { Switch } from "./switch.tsx";
import type { Operation } from "./use_operation.ts";

const TEXT = { unknown: "The camera does not say how this stands." };

export interface SwitchRowProps {
  title: string;
  help?: string;
  /** Absent while the camera does not say. */
  isOn: boolean | undefined;
  operation: Operation;
  onChange: (isOn: boolean) => void;
  /** What belongs below the switch. */
  children?: ComponentChildren;
}

export function SwitchRow({ title, help, isOn, operation, onChange, children }: SwitchRowProps) {
  const id = useId();
  const text = isOn === undefined ? TEXT.unknown : help;
  return (
    <div class="setting is-beside">
      <div class="setting-text">
        <label for={id}>{title}</label>
        {text && <p class="muted" id={`${id}-text`}>{text}</p>}
      </div>
      <Switch
        id={id}
        isOn={isOn === true}
        busy={operation.busy}
        describedBy={text && `${id}-text`}
        onChange={onChange}
      />
      {children}
      <ChangeResult busy={operation.busy} verified={operation.verified} />
      {operation.problem && <ProblemNotice problem={operation.problem} onDismiss={operation.clear} />}
    </div>
  );
}
