// Shows what trying each account of a camera brought, with what to do about it.
import type { AccountCheckView } from "../src/operations/views.ts";
import { checkText, checkTone } from "./check_text.ts";
import { localTimes } from "./format.ts";
import { Icon } from "./icon.tsx";
import { useNow } from "./use_now.ts";

const ICONS = { good: "check", warning: "warning", bad: "close" } as const;

/** One line for each account: its name, its state, and the hub's words. */
export function AccountChecks({ checks }: { checks: AccountCheckView[] }) {
  const nowMs = useNow(30_000);
  return (
    <ul class="checks">
      {checks.map((check) => (
        <li key={check.account} class={`account-check is-${checkTone(check)}`}>
          <Icon name={ICONS[checkTone(check)]} />
          <div class="check-text">
            <p>
              <strong>{check.title}</strong> <span class="check-state">{checkText(check, nowMs)}</span>
            </p>
            <p>{localTimes(check.message, nowMs)}</p>
            {check.hint && <p class="muted">{localTimes(check.hint, nowMs)}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}
