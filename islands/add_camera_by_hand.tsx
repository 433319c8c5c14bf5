// The second step for a camera that the hub does not find: its kind, and all that can be said of it.
import type { CameraTypeView } from "../src/operations/views.ts";
import { AddCameraForm, NameField } from "./add_camera_form.tsx";
import type { AddedCamera } from "./api.ts";
import { Field } from "./camera_field.tsx";
import { type CameraDraft, draftToCamera, sortFields } from "./camera_form.ts";
import { DialogStep } from "./dialog.tsx";
import type { InputProblem } from "./problem_notice.tsx";

const TEXT = {
  title: "Enter a camera by hand",
  back: "Back to the list",
  type: "Kind of camera",
  id: "Identifier",
  idHelp: "Used in addresses and scripts. Made from the name if left empty.",
};

export interface AddByHandProps {
  types: CameraTypeView[];
  draft: CameraDraft;
  onDraft: (draft: CameraDraft) => void;
  onBack: () => void;
  onAdded: (added: AddedCamera) => void;
}

export function AddByHand({ types, draft, onDraft, onBack, onAdded }: AddByHandProps) {
  const type = types.find((each) => each.type === draft.type);
  if (!type) return null;
  return (
    <DialogStep title={TEXT.title} back={TEXT.back} onBack={onBack}>
      <Field label={TEXT.type} required help={type.summary}>
        {(ties) => (
          <select
            {...ties}
            value={type.type}
            onChange={(event) => onDraft({ ...draft, type: event.currentTarget.value })}
          >
            {types.map((each) => <option key={each.type} value={each.type}>{each.title}</option>)}
          </select>
        )}
      </Field>
      <AddCameraForm
        key={type.type}
        camera={draftToCamera(draft, type)}
        draft={draft}
        fields={sortFields(type)}
        canTry={type.fields.some(({ kind }) => kind === "secret")}
        onDraft={onDraft}
        onAdded={onAdded}
      >
        {(problems) => (
          <>
            <NameField draft={draft} problem={problems["name"]} onDraft={onDraft} />
            <IdField draft={draft} problem={problems["id"]} onDraft={onDraft} />
          </>
        )}
      </AddCameraForm>
    </DialogStep>
  );
}

interface IdFieldProps {
  draft: CameraDraft;
  problem: InputProblem | undefined;
  onDraft: (draft: CameraDraft) => void;
}

function IdField({ draft, problem, onDraft }: IdFieldProps) {
  return (
    <Field label={TEXT.id} required={false} help={TEXT.idHelp} problem={problem}>
      {(ties) => (
        <input
          {...ties}
          type="text"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={draft.id}
          onInput={(event) => onDraft({ ...draft, id: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}
