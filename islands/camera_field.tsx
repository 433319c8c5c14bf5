// One labelled input of a form, with its help and what is wrong with it.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { CameraFieldView } from "../src/operations/views.ts";
import { describeInput, type InputProblem } from "./problem_notice.tsx";
import { SecretInput } from "./secret_input.tsx";

const TEXT = { optional: "optional", choose: "Choose…" };

/** What ties an input to its label and its texts. */
export interface InputTies {
  id: string;
  required: boolean;
  "aria-invalid": boolean;
  "aria-describedby": string;
}

export interface FieldProps {
  label: string;
  required: boolean;
  help?: string | undefined;
  problem?: InputProblem | undefined;
  children: (input: InputTies) => ComponentChildren;
}

/** A label above an input, and the texts below it. */
export function Field({ label, required, help, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div class={problem ? "field is-wrong" : "field"}>
      <label for={id}>{label} {!required && <span class="field-optional">{TEXT.optional}</span>}</label>
      {children({ id, required, "aria-invalid": problem !== undefined, "aria-describedby": `${id}-text` })}
      <div id={`${id}-text`} class="field-text">
        {help && <p>{help}</p>}
        {problem && <p class="field-problem" role="alert">{describeInput(problem)}</p>}
      </div>
    </div>
  );
}

export interface CameraFieldProps {
  field: CameraFieldView;
  value: string | boolean;
  /** Where that depends on more than the field itself. */
  required?: boolean;
  placeholder?: string | undefined;
  problem?: InputProblem | undefined;
  onChange: (value: string | boolean) => void;
}

/** The input that suits a field of a camera type. */
export function CameraField(props: CameraFieldProps) {
  const { field, required = field.required, problem } = props;
  if (field.kind === "boolean") return <CheckField {...props} />;
  return (
    <Field label={field.title} required={required} help={field.help} problem={problem}>
      {(ties) => <FieldInput {...props} ties={ties} />}
    </Field>
  );
}

function FieldInput({ field, value, placeholder, onChange, ties }: CameraFieldProps & { ties: InputTies }) {
  const text = String(value);
  if (field.kind === "secret") {
    return <SecretInput {...ties} value={text} placeholder={placeholder} onChange={onChange} />;
  }
  if (field.kind !== "choice") {
    return (
      <input
        {...ties}
        {...inputKind(field)}
        placeholder={placeholder}
        value={text}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <select {...ties} value={text} onChange={(event) => onChange(event.currentTarget.value)}>
      {value === "" && <option value="">{TEXT.choose}</option>}
      {field.choices?.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
    </select>
  );
}

function inputKind(field: CameraFieldView) {
  if (field.kind === "text") {
    return { type: "text", autocomplete: "off", autocapitalize: "none", spellcheck: false } as const;
  }
  return {
    type: "number" as const,
    step: "any",
    ...(field.min === undefined ? {} : { min: field.min }),
    ...(field.max === undefined ? {} : { max: field.max }),
  };
}

function CheckField({ field, value, problem, onChange }: CameraFieldProps) {
  const id = useId();
  return (
    <div class={problem ? "field is-wrong" : "field"}>
      <label class="check">
        <input
          type="checkbox"
          checked={value === true}
          aria-describedby={id}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        {field.title}
      </label>
      <div id={id} class="field-text">
        {field.help && <p>{field.help}</p>}
        {problem && <p class="field-problem" role="alert">{describeInput(problem)}</p>}
      </div>
    </div>
  );
}
