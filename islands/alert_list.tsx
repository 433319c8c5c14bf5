// The page of alerts: what the rules told of, who has seen it, and whether it reached anybody.
import { useState } from "preact/hooks";
import { AlertItem } from "./alert_item.tsx";
import { AlertSetup } from "./alert_setup.tsx";
import { acknowledge, type AlertChoice, type AlertsNow, fetchAlerts, snooze } from "./alerts_client.ts";
import { RefreshProblem } from "./connection_lost.tsx";
import { DeadLetters } from "./dead_letters.tsx";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";
import { usePolled } from "./use_polled.ts";

const TEXT = {
  title: "Alerts",
  list: "Alerts, newest first",
  summary: (firing: number, unseen: number) =>
    firing === 0 && unseen === 0 ? "All quiet" : [
      ...(firing > 0 ? [`${firing} going on`] : []),
      ...(unseen > 0 ? [`${unseen} not acknowledged`] : []),
    ].join(", "),
  choice: "Which alerts",
  choices: { all: "All alerts", firing: "Going on", unacknowledged: "Not acknowledged" } as Record<
    AlertChoice,
    string
  >,
  acknowledgeAll: "Acknowledge all",
  dead: (count: number) =>
    count === 1 ? "1 message was not delivered." : `${count} messages were not delivered.`,
  look: "See why",
  older: "Show older alerts",
  emptyTitle: "Nothing to report",
  empty: "When a camera is lost, or a rule of the configuration file is met, it will stand here.",
  noneTitle: "No such alerts",
  none: "No alert of this choice is kept.",
  all: "Show all alerts",
};

const REFRESH_MS = 5000;
/** What the page shows at first, and how many more each time. */
export const ALERTS_SHOWN = 50;
const MAX_SHOWN = 500;

export interface AlertListProps {
  now: AlertsNow;
  cameras: { id: string; name: string }[];
}

export function AlertList({ now: initial, cameras }: AlertListProps) {
  const [choice, setChoice] = useState<AlertChoice>("all");
  const [limit, setLimit] = useState(ALERTS_SHOWN);
  const load = () => fetchAlerts(choice, limit);
  const { value, problem, lostAtMs, refresh } = usePolled(initial, load, REFRESH_MS, [choice, limit]);
  const action = useAction();
  const names = new Map(cameras.map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? id;
  const act = (work: () => Promise<void>) => void action.run(() => work().then(refresh));
  const { page, setup, letters } = value;
  return (
    <>
      <div class="page-head">
        <h1>{TEXT.title}</h1>
        <p class="page-summary" role="status">{TEXT.summary(page.firing, page.unacknowledged)}</p>
        <Choice choice={choice} onChoose={setChoice} />
        {page.unacknowledged > 0 && (
          <button
            type="button"
            class="button"
            disabled={action.busy}
            onClick={() => act(() => acknowledge())}
          >
            {TEXT.acknowledgeAll}
          </button>
        )}
      </div>
      <RefreshProblem problem={problem} lostAtMs={lostAtMs} />
      {action.problem && <ProblemNotice problem={action.problem} onDismiss={action.clear} />}
      {page.dead_letters > 0 && (
        <p class="notice is-warning">
          <Icon name="warning" />
          <span class="notice-text">
            {TEXT.dead(page.dead_letters)} <a href="#dead-letters">{TEXT.look}</a>
          </span>
        </p>
      )}
      <div class="alerts-page">
        <div>
          {page.alerts.length === 0 && <Empty choice={choice} onAll={() => setChoice("all")} />}
          {page.alerts.length > 0 && <List {...{ page, setup, names, act }} busy={action.busy} />}
          {page.more && limit < MAX_SHOWN && (
            <button
              type="button"
              class="button"
              onClick={() => setLimit(Math.min(MAX_SHOWN, limit + ALERTS_SHOWN))}
            >
              {TEXT.older}
            </button>
          )}
        </div>
        <div class="alerts-side">
          {page.dead_letters > 0 && (
            <DeadLetters letters={letters} total={page.dead_letters} refresh={refresh} />
          )}
          <AlertSetup setup={setup} cameras={cameras} nameOf={nameOf} refresh={refresh} />
        </div>
      </div>
    </>
  );
}

interface ListProps extends Pick<AlertsNow, "page" | "setup"> {
  names: ReadonlyMap<string, string>;
  busy: boolean;
  act: (work: () => Promise<void>) => void;
}

function List({ page, setup, names, busy, act }: ListProps) {
  return (
    <ol class="alerts" aria-label={TEXT.list}>
      {page.alerts.map((alert) => {
        const { id, rule, camera_id: camera } = alert;
        const name = camera === undefined ? undefined : names.get(camera);
        const subject = {
          rule,
          ...(camera === undefined || name === undefined ? {} : { camera_id: camera }),
        };
        return (
          <AlertItem
            key={id}
            alert={alert}
            camera={camera === undefined
              ? undefined
              : { id: camera, name: name ?? camera, isThere: name !== undefined }}
            channels={setup.channels}
            busy={busy}
            onAcknowledge={() => act(() => acknowledge(id))}
            onSnooze={(hours) => act(() => snooze(subject, hours * 60))}
          />
        );
      })}
    </ol>
  );
}

function Choice({ choice, onChoose }: { choice: AlertChoice; onChoose: (choice: AlertChoice) => void }) {
  return (
    <select
      class="alerts-choice"
      aria-label={TEXT.choice}
      value={choice}
      onChange={(event) => onChoose(event.currentTarget.value as AlertChoice)}
    >
      {Object.entries(TEXT.choices).map(([each, title]) => <option key={each} value={each}>{title}</option>)}
    </select>
  );
}

function Empty({ choice, onAll }: { choice: AlertChoice; onAll: () => void }) {
  const isAll = choice === "all";
  return (
    <div class="empty">
      <Icon name={isAll ? "check" : "search"} />
      <h2>{isAll ? TEXT.emptyTitle : TEXT.noneTitle}</h2>
      <p>{isAll ? TEXT.empty : TEXT.none}</p>
      {!isAll && <button type="button" class="button" onClick={onAll}>{TEXT.all}</button>}
    </div>
  );
}
