// The page of alerts: what the server renders before the browser keeps it fresh.
import { AlertList, ALERTS_SHOWN } from "../../islands/alert_list.tsx";
import { type AlertsNow, MAX_LETTERS } from "../../islands/alerts_client.ts";
import type { CameraView } from "../operations/views.ts";
import { Island } from "./island.tsx";
import type { PageProps } from "./layout.tsx";

const TEXT = { title: "Alerts" };

/** What the page needs to know of the hub. */
export interface AlertsPageDeps {
  cameras(): CameraView[];
  /** The newest alerts, and the newest messages that were given up. */
  alerts(limit: number, letters: number): Promise<AlertsNow>;
}

export async function alertsPage(deps: AlertsPageDeps): Promise<PageProps> {
  const props = {
    now: await deps.alerts(ALERTS_SHOWN, MAX_LETTERS),
    cameras: deps.cameras().map(({ id, name }) => ({ id, name })),
  };
  return {
    title: TEXT.title,
    path: "/alerts",
    signedIn: true,
    alerts: props.now.page.unacknowledged,
    children: (
      <div class="measure">
        <Island name="AlertList" component={AlertList} props={props} />
      </div>
    ),
  };
}
