// What trying a camera's accounts showed, in words, and what the dashboard then offers.
import { assertEquals } from "@std/assert";
import { checksOf, checkText, checkTone, offerAnyway } from "../../../islands/check_text.ts";
import type { AccountCheckView, ProblemView } from "../../../src/operations/views.ts";

const NOW = new Date(2026, 10, 22, 14, 2);
const check = (
  state: AccountCheckView["state"],
  more: Partial<AccountCheckView> = {},
): AccountCheckView => ({
  account: "control",
  title: "Control",
  state,
  message: "…",
  ...more,
});

const ROWS: [AccountCheckView["state"], string, string][] = [
  ["ok", "Works", "good"],
  ["missing", "Not given", "warning"],
  ["not_tried", "Not tried", "warning"],
  ["refused", "Refused", "bad"],
  ["locked_out", "Locked out", "bad"],
  ["unreachable", "Not reachable", "bad"],
  ["failed", "Did not work", "bad"],
];

for (const [state, text, tone] of ROWS) {
  Deno.test(`checkText and checkTone of "${state}"`, () => {
    assertEquals([checkText(check(state), NOW.getTime()), checkTone(check(state))], [text, tone]);
  });
}

Deno.test("checkText says until when the camera takes no logins", () => {
  const locked = check("locked_out", { retry_at: new Date(2026, 10, 22, 14, 32).toISOString() });
  assertEquals(checkText(locked, NOW.getTime()), "Locked out until 14:32");
});

Deno.test("offerAnyway: sensible for a camera that is away, in passing for a wrong password, else not", () => {
  assertEquals(offerAnyway([]), "none");
  assertEquals(offerAnyway([check("ok"), check("missing"), check("not_tried")]), "none");
  assertEquals(offerAnyway([check("ok"), check("unreachable")]), "sensible");
  assertEquals(offerAnyway([check("failed")]), "sensible");
  assertEquals(offerAnyway([check("unreachable"), check("refused")]), "aside");
  assertEquals(offerAnyway([check("locked_out")]), "aside");
});

Deno.test("checksOf finds the checks in a refusal, and nothing in other problems", () => {
  const problem = (details?: Record<string, unknown>): ProblemView => ({
    type: "about:blank",
    title: "",
    status: 502,
    error: "",
    error_code: "device_rejected",
    message: "",
    recovery_options: [],
    ...(details ? { details } : {}),
  });
  const checks = [check("refused")];
  assertEquals(checksOf(problem({ checks })), checks);
  for (
    const other of [undefined, problem(), problem({ checks: "no" }), problem({ checks: [{ state: "odd" }] })]
  ) {
    assertEquals(checksOf(other), undefined);
  }
});
