// What the hub knows of a camera's address, accounts and stream, and the way to change it.
import type { CameraDetailView, CameraTypeView } from "../src/operations/views.ts";
import { isFromFile } from "./camera_state.tsx";
import { Card, type Row, Rows } from "./card.tsx";
import { Icon } from "./icon.tsx";
import { SHOWN_SECRET } from "./options_draft.ts";
import { OptionsForm } from "./options_form.tsx";

const TEXT = {
  title: "Configuration",
  change: "Change",
  none: "Nothing is set; the defaults count.",
  fromFile: "This camera stands in the configuration file; it is changed there.",
  secret: "stored, not shown",
  yes: "yes",
  no: "no",
};

export interface CameraOptionsProps {
  camera: CameraDetailView;
  /** Its kind, for the names of its options; absent where that is not known, and nothing can be changed. */
  type: CameraTypeView | undefined;
  editing: boolean;
  onEdit: (editing: boolean) => void;
  refresh: () => Promise<void>;
}

export function CameraOptions({ camera, type, editing, onEdit, refresh }: CameraOptionsProps) {
  // Who may only look is not told them.
  if (!camera.options) return null;
  const isFixed = isFromFile(camera);
  if (type && editing && !isFixed) {
    return (
      <Card title={TEXT.title}>
        <OptionsForm camera={camera} type={type} refresh={refresh} onClose={() => onEdit(false)} />
      </Card>
    );
  }
  const list = Object.entries(camera.options).map((
    [name, value],
  ): Row => [titleOf(name, type), optionText(value)]);
  if (list.length === 0 && !type) return null;
  return (
    <Card title={TEXT.title}>
      {list.length > 0 ? <Rows list={list} /> : <p class="muted">{TEXT.none}</p>}
      {isFixed && <p class="muted">{TEXT.fromFile}</p>}
      {type && !isFixed && (
        <div class="form-actions">
          <button type="button" class="button is-small" onClick={() => onEdit(true)}>
            <Icon name="edit" /> {TEXT.change}
          </button>
        </div>
      )}
    </Card>
  );
}

function titleOf(name: string, type: CameraTypeView | undefined): string {
  return type?.fields.find((field) => field.name === name)?.title ?? name;
}

function optionText(value: unknown): string {
  if (typeof value === "boolean") return value ? TEXT.yes : TEXT.no;
  if (value === SHOWN_SECRET) return TEXT.secret;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
