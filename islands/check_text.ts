// Puts into words what trying the accounts of a camera showed, and decides what may be done after it.
import type { AccountCheckView, ProblemView } from "../src/operations/views.ts";
import { formatClock } from "./format.ts";

const TEXT: Record<AccountCheckView["state"], string> = {
  ok: "Works",
  missing: "Not given",
  not_tried: "Not tried",
  refused: "Refused",
  locked_out: "Locked out",
  unreachable: "Not reachable",
  failed: "Did not work",
};

const until = (time: string) => `Locked out until ${time}`;

/** The colour that goes with the words. */
export type CheckTone = "good" | "warning" | "bad";

/** The state of one account in a word or two. */
export function checkText({ state, retry_at: retryAt }: AccountCheckView, nowMs: number): string {
  return state === "locked_out" && retryAt ? until(formatClock(retryAt, nowMs)) : TEXT[state];
}

/** An account that was not given is no failure: the camera works without, in part. Nor is one that was not tried. */
export function checkTone({ state }: AccountCheckView): CheckTone {
  if (state === "ok") return "good";
  return state === "missing" || state === "not_tried" ? "warning" : "bad";
}

/** The checks in the hub's refusal to add a camera; undefined where it refused for another reason. */
export function checksOf(problem: ProblemView | undefined): AccountCheckView[] | undefined {
  const checks = problem?.details?.["checks"];
  return Array.isArray(checks) && checks.every(isCheck) ? checks : undefined;
}

function isCheck(value: unknown): value is AccountCheckView {
  return typeof value === "object" && value !== null && "state" in value && "message" in value &&
    Object.hasOwn(TEXT, String(value.state));
}

/**
 * Whether adding in spite of the checks is a sensible offer (the camera is off at the moment), one to be made in
 * passing (its password is wrong, and would stay so), or none.
 */
export function offerAnyway(checks: readonly AccountCheckView[]): "sensible" | "aside" | "none" {
  const bad = checks.filter((check) => checkTone(check) === "bad");
  if (bad.length === 0) return "none";
  const isPassword = bad.some(({ state }) => state === "refused" || state === "locked_out");
  return isPassword ? "aside" : "sensible";
}
