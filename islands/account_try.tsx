// How trying a camera's accounts stands: its progress, each account's result, or why it could not be tried.
import { useEffect, useRef } from "preact/hooks";
import { AccountChecks } from "./account_checks.tsx";
import { type InputProblem, ProblemNotice } from "./problem_notice.tsx";
import type { AccountCheck } from "./use_account_check.ts";

const TEXT = {
  busy: "Trying the accounts… this takes up to half a minute.",
  tried: "Tried; nothing was saved.",
  notAdded: "The camera was not added.",
  nothing: "Cameras of this kind have no accounts to try.",
};

export interface AccountTryProps {
  check: AccountCheck;
  /** Problems of inputs that are not shown beside an input. */
  inputs: InputProblem[];
}

/** Comes into view whenever it changes: on a phone the button that started it may be all that is seen. */
export function AccountTry({ check: { busy, checks, problem }, inputs }: AccountTryProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (busy || checks || problem) box.current?.scrollIntoView({ block: "nearest" });
  }, [busy, checks, problem]);
  return (
    <div class="account-try" ref={box}>
      <div aria-live="polite">
        {busy && (
          <p class="progress">
            <span class="spinner" /> {TEXT.busy}
          </p>
        )}
        {!busy && checks && (
          <>
            <p class="try-head">
              <strong>{problem ? TEXT.notAdded : checks.length > 0 ? TEXT.tried : TEXT.nothing}</strong>
            </p>
            {checks.length > 0 && <AccountChecks checks={checks} />}
          </>
        )}
      </div>
      {problem && !checks && <ProblemNotice problem={problem} inputs={inputs} />}
    </div>
  );
}
