// Alerts from outside that go on and that nobody has acknowledged, above the cameras.
import { useEffect } from "preact/hooks";
import type { AlertView } from "../src/operations/alert_views.ts";
import { acknowledge, ALERTS_CHANGED, fetchReported } from "./alerts_client.ts";
import { EventFeed } from "./event_feed.ts";
import { after, openEventSocket } from "./event_socket.ts";
import { formatClock } from "./format.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";
import { usePolled } from "./use_polled.ts";

const TEXT = {
  region: "Alerts from outside",
  since: (time: string) => `since ${time}`,
  acknowledge: "Acknowledge",
  acknowledgeOf: (title: string) => `Acknowledge: ${title}`,
  more: (count: number) => count === 1 ? "1 more alert" : `${count} more alerts`,
};

const REFRESH_MS = 15_000;
const SETTLED_MS = 1500;
const MOST_SHOWN = 3;

export function AlertBanner() {
  const { value: alerts, refresh } = usePolled<AlertView[]>([], fetchReported, REFRESH_MS);
  const { busy, problem, run, clear } = useAction();
  // The page is rendered without them: it does not wait for the database.
  useEffect(() => {
    void refresh();
    return followAlerts(() => void refresh());
  }, []);
  return (
    <section class="alert-banner" aria-label={TEXT.region}>
      {problem && <ProblemNotice problem={problem} onDismiss={clear} />}
      <div role="alert">
        {alerts.slice(0, MOST_SHOWN).map(({ id, severity, title, text, started_at }) => (
          <div key={id} class={`notice ${severity === "critical" ? "is-bad" : "is-warning"}`}>
            <Icon name="warning" />
            <p class="notice-text">
              <a href={`/alerts#alert-${id}`}>{title}</a> <span class="alert-banner-text">{text},</span>{" "}
              {TEXT.since(formatClock(started_at, Date.now()))}
            </p>
            <button
              type="button"
              class="button is-small"
              aria-label={TEXT.acknowledgeOf(title)}
              disabled={busy}
              onClick={() =>
                void run(() =>
                  acknowledge(id)
                ).then(refresh)}
            >
              {TEXT.acknowledge}
            </button>
          </div>
        ))}
      </div>
      {alerts.length > MOST_SHOWN && (
        <p class="alert-banner-more">
          <a href="/alerts">{TEXT.more(alerts.length - MOST_SHOWN)}</a>
        </p>
      )}
    </section>
  );
}

/**
 * Calls back when an alert began or ended, until the returned function is called. The rules look at it just after it
 * stands in the journal: so it calls back once more.
 */
function followAlerts(look: () => void): () => void {
  let forget = () => {};
  const changed = () => {
    look();
    forget();
    forget = after(SETTLED_MS, look);
  };
  const feed = new EventFeed({
    filter: { kind: "alert" },
    openSocket: openEventSocket,
    timers: { after, random: Math.random },
  }, { event: changed, gap: changed, state: () => {} });
  feed.start();
  addEventListener(ALERTS_CHANGED, changed);
  return () => {
    feed.stop();
    forget();
    removeEventListener(ALERTS_CHANGED, changed);
  };
}
