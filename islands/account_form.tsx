// Sets or changes the password of the person who is signed in.
import { useState } from "preact/hooks";
import { callApi } from "./api.ts";
import { Field } from "./camera_field.tsx";
import { sortInputProblems } from "./camera_form.ts";
import { type InputProblem, ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";

const TEXT = {
  user: "User name",
  userHelp: "With this name and the password you can sign in from any device.",
  current: "Current password",
  next: "New password",
  nextHelp: "A long one of your own choice; a sentence works well.",
  show: "Show what is typed",
  set: "Set password",
  change: "Change password",
  busy: "Saving…",
  done: "Saved. The new password counts from now on.",
};

export interface AccountFormProps {
  user?: string;
  passwordSet: boolean;
}

export function AccountForm({ user, passwordSet: initiallySet }: AccountFormProps) {
  const [passwordSet, setPasswordSet] = useState(initiallySet);
  const [typed, setTyped] = useState<Typed>({ username: user ?? "", current: "", next: "" });
  const [shown, setShown] = useState(false);
  const [done, setDone] = useState(false);
  const action = useAction();
  const { byInput, others } = sortInputProblems(action.problem, [
    "username",
    "current_password",
    "new_password",
  ]);
  const submit = async (event: Event) => {
    event.preventDefault();
    setDone(false);
    const body = passwordBody(typed, user !== undefined, passwordSet);
    if (!await action.run(() => callApi("POST", "/api/account/password", body))) return;
    setTyped({ ...typed, current: "", next: "" });
    setPasswordSet(true);
    setDone(true);
  };
  const write = (name: keyof Typed) => (event: { currentTarget: HTMLInputElement }) =>
    setTyped({ ...typed, [name]: event.currentTarget.value });
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <Field label={TEXT.user} required help={TEXT.userHelp} problem={byInput["username"]}>
        {(input) => (
          <input
            {...input}
            type="text"
            autocomplete="username"
            spellcheck={false}
            readOnly={user !== undefined}
            value={typed.username}
            onInput={write("username")}
          />
        )}
      </Field>
      {passwordSet && (
        <PasswordField
          label={TEXT.current}
          autocomplete="current-password"
          shown={shown}
          value={typed.current}
          problem={byInput["current_password"]}
          onInput={write("current")}
        />
      )}
      <PasswordField
        label={TEXT.next}
        help={TEXT.nextHelp}
        autocomplete="new-password"
        shown={shown}
        value={typed.next}
        problem={byInput["new_password"]}
        onInput={write("next")}
      />
      <label class="check">
        <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
        {TEXT.show}
      </label>
      {action.problem && <ProblemNotice problem={action.problem} inputs={others} />}
      <p class="form-done" role="status">{done ? TEXT.done : ""}</p>
      <div class="form-actions">
        <button type="submit" class="button is-primary" disabled={action.busy}>
          {action.busy ? TEXT.busy : passwordSet ? TEXT.change : TEXT.set}
        </button>
      </div>
    </form>
  );
}

interface Typed {
  username: string;
  current: string;
  next: string;
}

function passwordBody({ username, current, next }: Typed, named: boolean, passwordSet: boolean) {
  return {
    ...(named ? {} : { username: username.trim() }),
    ...(passwordSet ? { current_password: current } : {}),
    new_password: next,
  };
}

interface PasswordFieldProps {
  label: string;
  help?: string;
  autocomplete: "current-password" | "new-password";
  shown: boolean;
  value: string;
  problem: InputProblem | undefined;
  onInput: (event: { currentTarget: HTMLInputElement }) => void;
}

function PasswordField({ label, help, autocomplete, shown, value, problem, onInput }: PasswordFieldProps) {
  const kind = shown ? { type: "text" as const } : { type: "password" as const };
  return (
    <Field label={label} required help={help} problem={problem}>
      {(input) => <input {...input} {...kind} autocomplete={autocomplete} value={value} onInput={onInput} />}
    </Field>
  );
}
