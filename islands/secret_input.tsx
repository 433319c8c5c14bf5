// An input for a password, with a button that shows what is typed.
import { useState } from "preact/hooks";
import type { InputTies } from "./camera_field.tsx";
import { Icon } from "./icon.tsx";

const TEXT = {
  show: "Show what is typed",
  hide: "Hide what is typed",
};

export interface SecretInputProps extends InputTies {
  value: string;
  placeholder?: string | undefined;
  onChange: (value: string) => void;
}

/** What is typed is not the browser's to keep: it belongs to the camera, not to this page's login. */
export function SecretInput({ value, placeholder, onChange, ...ties }: SecretInputProps) {
  const [shown, setShown] = useState(false);
  const kind = shown ? { type: "text" as const } : { type: "password" as const };
  const action = shown ? TEXT.hide : TEXT.show;
  return (
    <div class="secret">
      <input
        {...ties}
        {...kind}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        placeholder={placeholder}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <button
        type="button"
        class="icon-button"
        aria-label={action}
        aria-controls={ties.id}
        title={action}
        onClick={() => setShown(!shown)}
      >
        <Icon name={shown ? "covered" : "eye"} />
      </button>
    </div>
  );
}
