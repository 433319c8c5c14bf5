// The link to the alerts in the navigation, with how many nobody has acknowledged.
import { useEffect } from "preact/hooks";
import { ALERTS_CHANGED, countUnseen } from "./alerts_client.ts";
import { usePolled } from "./use_polled.ts";

const TEXT = {
  alerts: "Alerts",
  unseen: (count: number) => count === 1 ? "1 not acknowledged" : `${count} not acknowledged`,
};

const REFRESH_MS = 15_000;
const MOST_SHOWN = 99;

export interface AlertBadgeProps {
  count: number;
  isCurrent: boolean;
}

export function AlertBadge({ count, isCurrent }: AlertBadgeProps) {
  const { value, refresh } = usePolled(count, countUnseen, REFRESH_MS);
  // Most pages are rendered without the count.
  useEffect(() => {
    void refresh();
    const onChange = () => void refresh();
    addEventListener(ALERTS_CHANGED, onChange);
    return () => removeEventListener(ALERTS_CHANGED, onChange);
  }, []);
  return (
    <a href="/alerts" {...(isCurrent ? { "aria-current": "page" as const } : {})}>
      {TEXT.alerts}
      {value > 0 && (
        <span class="nav-count" title={TEXT.unseen(value)}>
          <span aria-hidden="true">{value > MOST_SHOWN ? `${MOST_SHOWN}+` : value}</span>
          <span class="visually-hidden">({TEXT.unseen(value)})</span>
        </span>
      )}
    </a>
  );
}
