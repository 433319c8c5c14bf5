// Changes what the hub knows of a camera: its address, its accounts, its stream.
import { useEffect, useRef, useState } from "preact/hooks";
import type { CameraDetailView, CameraFieldView, CameraTypeView } from "../src/operations/views.ts";
import { AccountTry } from "./account_try.tsx";
import { callApi, cameraPath } from "./api.ts";
import { CameraField } from "./camera_field.tsx";
import { sortInputProblems } from "./camera_form.ts";
import { editableFields, hasSecret, optionsChange, type OptionsDraft, optionValue } from "./options_draft.ts";
import { type InputProblem, ProblemNotice } from "./problem_notice.tsx";
import { useAccountCheck } from "./use_account_check.ts";
import { useAction } from "./use_action.ts";

const TEXT = {
  help:
    "The hub lets go of the camera for a moment when these change. Nothing is changed on the camera itself.",
  unchanged: "unchanged",
  forget: (title: string) => `Forget: ${title}`,
  keep: (title: string) => `Keep: ${title}`,
  forgotten: "forgotten when saved",
  try: "Try the accounts",
  save: "Save",
  saving: "Saving…",
  cancel: "Cancel",
};

export interface OptionsFormProps {
  camera: CameraDetailView;
  type: CameraTypeView;
  refresh: () => Promise<void>;
  onClose: () => void;
}

/** Keeps what is typed when the hub refuses it. */
export function OptionsForm({ camera, type, refresh, onClose }: OptionsFormProps) {
  const [draft, setDraft] = useState<OptionsDraft>({});
  const saving = useAction();
  const check = useAccountCheck();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("input, select")?.focus(), []);
  const { options = {}, id, name } = camera;
  const fields = editableFields(type.fields, options);
  const change = optionsChange(fields, options, draft);
  const problem = saving.problem ?? check.problem;
  const { byInput, others } = sortInputProblems(problem, fields.map((field) => field.name));
  const busy = saving.busy || check.busy !== undefined;
  const save = async (event: Event) => {
    event.preventDefault();
    const isSame = Object.keys(change).length === 0;
    const saved = isSame ||
      await saving.run(() => callApi("PATCH", cameraPath(id), { options: change }));
    if (!saved) return;
    await refresh();
    onClose();
  };
  return (
    <form class="form" ref={form} autocomplete="off" onSubmit={(event) => void save(event)}>
      <p class="muted">{TEXT.help}</p>
      {fields.map((field) => (
        <OptionField
          key={field.name}
          field={field}
          isKept={hasSecret(field, options)}
          value={optionValue(field, options, draft)}
          isForgotten={draft[field.name] === null}
          problem={byInput[field.name]}
          onChange={(value) => setDraft({ ...draft, [field.name]: value })}
        />
      ))}
      <AccountTry check={check} inputs={others} />
      {saving.problem && <ProblemNotice problem={saving.problem} inputs={others} />}
      <div class="form-actions">
        <button type="submit" class="button is-primary" disabled={busy}>
          {saving.busy ? TEXT.saving : TEXT.save}
        </button>
        {fields.some(({ kind }) => kind === "secret") && (
          <button
            type="button"
            class="button"
            disabled={busy}
            onClick={() =>
              form.current?.reportValidity() &&
              void check.try({ name, type: type.type, options: change, options_of: id })}
          >
            {TEXT.try}
          </button>
        )}
        <button type="button" class="button" onClick={onClose}>{TEXT.cancel}</button>
      </div>
    </form>
  );
}

interface OptionFieldProps {
  field: CameraFieldView;
  /** The hub has a password for it. */
  isKept: boolean;
  isForgotten: boolean;
  value: string | boolean;
  problem: InputProblem | undefined;
  onChange: (value: string | boolean | null) => void;
}

/** A password that the hub has is not shown; it stays unless another is typed or it is to be forgotten. */
function OptionField({ field, isKept, isForgotten, value, problem, onChange }: OptionFieldProps) {
  const placeholder = isForgotten ? TEXT.forgotten : isKept ? TEXT.unchanged : undefined;
  return (
    <div class="option">
      <CameraField
        field={field}
        required={field.required && !isKept}
        value={value}
        placeholder={placeholder}
        problem={problem}
        onChange={onChange}
      />
      {isKept && !field.required && (
        <button
          type="button"
          class="link-button"
          onClick={() => onChange(isForgotten ? "" : null)}
        >
          {(isForgotten ? TEXT.keep : TEXT.forget)(field.title)}
        </button>
      )}
    </div>
  );
}
