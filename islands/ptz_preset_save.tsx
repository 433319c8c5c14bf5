// Stores where the camera looks now under a name; one that is taken is replaced only after asking.
import { useRef, useState } from "preact/hooks";
import { ConfirmDialog } from "./dialog.tsx";
import type { Preset } from "./ptz_presets.tsx";
import type { Operation } from "./use_operation.ts";

const TEXT = {
  name: "Name for the present position",
  hint: "Name this position",
  save: "Save",
  replaceTitle: (name: string) => `Replace the preset ${name}?`,
  question: (name: string) =>
    `There is a preset “${name}” already. The camera forgets its position, and keeps the present one.`,
  replace: "Replace",
};

/** The longest name that the hub takes. */
const NAME_LENGTH = 64;

/** The preset that has this name; capitals make no other name. */
export function findNamesake(presets: readonly Preset[], name: string): Preset | undefined {
  const wanted = name.trim().toLowerCase();
  return presets.find((each) => each.name.trim().toLowerCase() === wanted);
}

export interface PresetSaveProps {
  presets: Preset[];
  operation: Operation;
  isBlocked: boolean;
}

export function PresetSave({ presets, operation, isBlocked }: PresetSaveProps) {
  const [name, setName] = useState("");
  const [taken, setTaken] = useState<Preset>();
  const input = useRef<HTMLInputElement>(null);
  const save = async (replaced?: Preset) => {
    const known = replaced ? { preset_id: replaced.id } : {};
    const isSaved = await operation.send("save_ptz_preset", { name: name.trim(), ...known });
    setTaken(undefined);
    if (isSaved) setName("");
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (name.trim() === "") return input.current?.focus();
    const namesake = findNamesake(presets, name);
    if (namesake) setTaken(namesake);
    else void save();
  };
  return (
    <>
      <form class="preset-save" onSubmit={submit}>
        <input
          type="text"
          ref={input}
          autocomplete="off"
          required
          maxLength={NAME_LENGTH}
          disabled={isBlocked}
          aria-label={TEXT.name}
          placeholder={TEXT.hint}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" class="button" disabled={isBlocked} aria-disabled={operation.busy}>
          {TEXT.save}
        </button>
      </form>
      <ConfirmDialog
        open={taken !== undefined}
        title={TEXT.replaceTitle(taken?.name ?? "")}
        question={TEXT.question(taken?.name ?? "")}
        confirm={TEXT.replace}
        busy={operation.busy}
        onConfirm={() => void save(taken)}
        onClose={() => setTaken(undefined)}
      />
    </>
  );
}
