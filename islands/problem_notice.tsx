// Shows what went wrong and what a person can do about it.
import type { ProblemView } from "../src/operations/views.ts";
import { localTimes } from "./format.ts";
import { Icon } from "./icon.tsx";

const TEXT = {
  dismiss: "Dismiss",
  signedOut: "You are no longer signed in.",
  signIn: "Sign in again",
  expected: (expected: string) => `Expected: ${expected}`,
  meant: (suggestion: string) => `Did you mean “${suggestion}”?`,
};

/** One wrong input, as the hub reports it in `details.problems`. */
export interface InputProblem {
  path: string;
  message: string;
  expected?: string;
  suggestion?: string;
}

export interface ProblemNoticeProps {
  problem: ProblemView;
  /** Problems of inputs that are not shown beside an input. */
  inputs?: InputProblem[];
  onDismiss?: () => void;
}

/** An alert in the place where the failed thing was started. */
export function ProblemNotice({ problem, inputs = [], onDismiss }: ProblemNoticeProps) {
  if (problem.status === 401) return <SignedOut />;
  return (
    <div class="notice is-bad" role="alert">
      <Icon name="warning" />
      <div class="notice-text">
        <p>
          <strong>{localTimes(problem.message, Date.now())}</strong>
        </p>
        {inputs.length > 0 && (
          <ul>
            {inputs.map((input) => (
              <li key={input.path}>
                <code>{input.path}</code>: {describeInput(input)}
              </li>
            ))}
          </ul>
        )}
        {problem.recovery_options.map((option) => <p key={option}>{localTimes(option, Date.now())}</p>)}
      </div>
      {onDismiss && (
        <button
          type="button"
          class="icon-button"
          aria-label={TEXT.dismiss}
          title={TEXT.dismiss}
          onClick={onDismiss}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

/** One sentence or more about a wrong input. */
export function describeInput({ message, expected, suggestion }: InputProblem): string {
  const parts = [message];
  if (expected) parts.push(TEXT.expected(expected));
  if (suggestion) parts.push(TEXT.meant(suggestion));
  return parts.map((part) => /[.!?”]$/.test(part) ? part : `${part}.`).join(" ");
}

function SignedOut() {
  const next = typeof location === "undefined" ? "/" : location.pathname;
  return (
    <div class="notice is-bad" role="alert">
      <Icon name="warning" />
      <p class="notice-text">
        <strong>{TEXT.signedOut}</strong>{" "}
        <a href={`/login?next=${encodeURIComponent(next)}`}>{TEXT.signIn}</a>
      </p>
    </div>
  );
}
