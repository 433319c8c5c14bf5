// The form that adds a camera: its inputs, the trying of its accounts, and what came of that.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { AccountTry } from "./account_try.tsx";
import type { AddedCamera, NewCamera } from "./api.ts";
import { CameraField, Field } from "./camera_field.tsx";
import { type CameraDraft, draftValue, mustFill, sortInputProblems, withOption } from "./camera_form.ts";
import { offerAnyway } from "./check_text.ts";
import { Icon } from "./icon.tsx";
import type { InputProblem } from "./problem_notice.tsx";
import type { CameraFieldView } from "../src/operations/views.ts";
import { useAccountCheck } from "./use_account_check.ts";

const TEXT = {
  name: "Name",
  nameHelp: "Shown on the dashboard, for example “Front door”.",
  more: "More options",
  submit: "Add camera",
  try: "Try it",
  anyway: "Add anyway",
  anywayHelp: "Adds the camera as it is; the hub goes on trying to reach it.",
};

/** The longest name that the hub takes. */
const NAME_LENGTH = 100;

export interface AddCameraFormProps {
  /** What is sent, made of the draft. */
  camera: NewCamera;
  draft: CameraDraft;
  fields: { main: CameraFieldView[]; more: CameraFieldView[] };
  /** The fields are what a found device still needs. */
  isNeeded?: boolean;
  /** Offers to try the accounts without adding the camera. */
  canTry: boolean;
  onDraft: (draft: CameraDraft) => void;
  onAdded: (added: AddedCamera) => void;
  /** The inputs that every camera has, with what is wrong with them. */
  children: (problems: Record<string, InputProblem>) => ComponentChildren;
}

/** Keeps everything typed when the camera is not added. */
export function AddCameraForm(props: AddCameraFormProps) {
  const { camera, fields: { main, more }, onAdded } = props;
  const check = useAccountCheck();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("input, select")?.focus(), []);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [check.problem]);
  const names = ["name", "id", "type", ...[...main, ...more].map((field) => field.name)];
  const { byInput, others } = sortInputProblems(check.problem, names);
  const add = async (force: boolean) => {
    const added = await check.add(camera, force);
    if (added) onAdded(added);
  };
  const anyway = offerAnyway(check.problem && check.checks ? check.checks : []);
  const hasWrong = more.some(({ name }) => byInput[name] !== undefined);
  return (
    <form
      class="form"
      ref={form}
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        void add(false);
      }}
    >
      <OptionFields {...props} list={main} problems={byInput} />
      {props.children(byInput)}
      {more.length > 0 && (
        // An input that is wrong must be seen.
        <details
          class="more"
          open={hasWrong}
          onInvalidCapture={(event) => event.currentTarget.setAttribute("open", "")}
        >
          <summary>{TEXT.more}</summary>
          <div class="form">
            <OptionFields {...props} list={more} problems={byInput} />
          </div>
        </details>
      )}
      <AccountTry check={check} inputs={others} />
      <div class="form-actions">
        <button type="submit" class="button is-primary" disabled={check.busy !== undefined}>
          <Icon name="add" /> {TEXT.submit}
        </button>
        {props.canTry && (
          <button
            type="button"
            class="button"
            disabled={check.busy !== undefined}
            onClick={() => areAccountsFilled(form.current) && void check.try(camera)}
          >
            {TEXT.try}
          </button>
        )}
        {anyway !== "none" && check.busy === undefined && (
          <button
            type="button"
            class={anyway === "sensible" ? "button" : "link-button"}
            title={TEXT.anywayHelp}
            onClick={() => void add(true)}
          >
            {TEXT.anyway}
          </button>
        )}
      </div>
    </form>
  );
}

/** Trying uses no name, so none need be given for it. */
function areAccountsFilled(form: HTMLFormElement | null): boolean {
  const inputs = form?.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select") ?? [];
  return [...inputs].every((input) => input.name === "name" || input.reportValidity());
}

interface OptionFieldsProps extends Pick<AddCameraFormProps, "draft" | "isNeeded" | "onDraft"> {
  list: CameraFieldView[];
  problems: Record<string, InputProblem>;
}

function OptionFields({ draft, isNeeded = false, onDraft, list, problems }: OptionFieldsProps) {
  return (
    <>
      {list.map((field) => (
        <CameraField
          key={field.name}
          field={field}
          required={mustFill(draft, field, list, isNeeded)}
          value={draftValue(draft, field)}
          problem={problems[field.name]}
          onChange={(value) => onDraft(withOption(draft, field.name, value))}
        />
      ))}
    </>
  );
}

export interface NameFieldProps {
  draft: CameraDraft;
  problem: InputProblem | undefined;
  onDraft: (draft: CameraDraft) => void;
}

export function NameField({ draft, problem, onDraft }: NameFieldProps) {
  return (
    <Field label={TEXT.name} required help={TEXT.nameHelp} problem={problem}>
      {(ties) => (
        <input
          {...ties}
          name="name"
          type="text"
          autocomplete="off"
          maxLength={NAME_LENGTH}
          value={draft.name}
          onInput={(event) => onDraft({ ...draft, name: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}
