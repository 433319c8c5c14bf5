// The form for a camera that the hub does not find by itself; its inputs come from the camera type.
import { useEffect, useRef, useState } from "preact/hooks";
import type { CameraTypeView } from "../src/operations/views.ts";
import { callApi } from "./api.ts";
import { CameraField, Field } from "./camera_field.tsx";
import { draftToCamera, draftValue, emptyDraft, sortInputProblems, withOption } from "./camera_form.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";

const TEXT = {
  type: "Kind of camera",
  name: "Name",
  nameHelp: "Shown on the dashboard, for example “Front door”.",
  id: "Identifier",
  idHelp: "Used in addresses and scripts. Made from the name if left empty.",
  submit: "Add camera",
  busy: "Adding…",
};

export interface AddCameraFormProps {
  types: CameraTypeView[];
  onAdded: () => void;
}

/** Keeps what is typed until the camera is added. */
export function AddCameraForm({ types, onAdded }: AddCameraFormProps) {
  const [draft, setDraft] = useState(() => emptyDraft(types[0]?.type ?? ""));
  const action = useAction();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [action.problem]);
  const type = types.find((candidate) => candidate.type === draft.type);
  if (!type) return null;
  const names = ["name", "id", "type", ...type.fields.map((field) => field.name)];
  const { byInput, others } = sortInputProblems(action.problem, names);
  const submit = async (event: Event) => {
    event.preventDefault();
    const added = await action.run(() => callApi("POST", "/api/cameras", draftToCamera(draft, type)));
    if (!added) return;
    setDraft(emptyDraft(draft.type));
    onAdded();
  };
  return (
    <form class="form" ref={form} onSubmit={(event) => void submit(event)}>
      <Field label={TEXT.type} required help={type.summary} problem={byInput["type"]}>
        {(input) => (
          <select
            {...input}
            value={type.type}
            onChange={(event) => setDraft({ ...draft, type: event.currentTarget.value })}
          >
            {types.map((each) => <option key={each.type} value={each.type}>{each.title}</option>)}
          </select>
        )}
      </Field>
      <Field label={TEXT.name} required help={TEXT.nameHelp} problem={byInput["name"]}>
        {(input) => (
          <input
            {...input}
            type="text"
            autocomplete="off"
            value={draft.name}
            onInput={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
        )}
      </Field>
      {type.fields.map((field) => (
        <CameraField
          key={`${type.type}.${field.name}`}
          field={field}
          value={draftValue(draft, field)}
          problem={byInput[field.name]}
          onChange={(value) => setDraft(withOption(draft, field.name, value))}
        />
      ))}
      <Field label={TEXT.id} required={false} help={TEXT.idHelp} problem={byInput["id"]}>
        {(input) => (
          <input
            {...input}
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={draft.id}
            onInput={(event) => setDraft({ ...draft, id: event.currentTarget.value })}
          />
        )}
      </Field>
      {action.problem && <ProblemNotice problem={action.problem} inputs={others} />}
      <div class="form-actions">
        <button type="submit" class="button is-primary" disabled={action.busy}>
          <Icon name="add" /> {action.busy ? TEXT.busy : TEXT.submit}
        </button>
      </div>
    </form>
  );
}
