// A switch. It shows what the camera says, not what was pressed.

export interface SwitchProps {
  id: string;
  isOn: boolean;
  busy?: boolean;
  disabled?: boolean;
  describedBy?: string | undefined;
  onChange: (isOn: boolean) => void;
}

/** Stays reachable while busy, so that it keeps the focus. */
export function Switch({ id, isOn, busy = false, disabled = false, describedBy, onChange }: SwitchProps) {
  return (
    <input
      id={id}
      class="switch"
      type="checkbox"
      role="switch"
      checked={isOn}
      disabled={disabled}
      aria-busy={busy}
      aria-describedby={describedBy}
      onChange={(event) => {
        const wanted = event.currentTarget.checked;
        if (busy) event.currentTarget.checked = isOn;
        else onChange(wanted);
      }}
    />
  );
}
