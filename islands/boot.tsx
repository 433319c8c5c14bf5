// Brings the islands of a server-rendered page to life; the entry of the browser bundle.
import { type ComponentType, hydrate } from "preact";
import { createLiveClient, LiveContext } from "./live_socket.ts";

const live = createLiveClient();

/** One chunk each, so that a page loads only what stands on it. */
const ISLANDS: Record<string, (root: Element, props: string) => Promise<void>> = {
  CameraGrid: async (root, props) => mount(root, (await import("./camera_grid.tsx")).CameraGrid, props),
  CameraPage: async (root, props) => mount(root, (await import("./camera_page.tsx")).CameraPage, props),
  AlertBanner: async (root, props) => mount(root, (await import("./alert_banner.tsx")).AlertBanner, props),
  TimersCard: async (root, props) => mount(root, (await import("./timers_card.tsx")).TimersCard, props),
  EventList: async (root, props) => mount(root, (await import("./event_list.tsx")).EventList, props),
  RecordingList: async (root, props) =>
    mount(root, (await import("./recording_list.tsx")).RecordingList, props),
  PushCard: async (root, props) => mount(root, (await import("./push_card.tsx")).PushCard, props),
  AlertList: async (root, props) => mount(root, (await import("./alert_list.tsx")).AlertList, props),
  AlertBadge: async (root, props) => mount(root, (await import("./alert_badge.tsx")).AlertBadge, props),
  RecordingsTimeline: async (root, props) =>
    mount(root, (await import("./recordings_timeline.tsx")).RecordingsTimeline, props),
  MetricsView: async (root, props) => mount(root, (await import("./metrics_view.tsx")).MetricsView, props),
  AccountForm: async (root, props) => mount(root, (await import("./account_form.tsx")).AccountForm, props),
};

function mount<P extends object>(root: Element, Island: ComponentType<P>, json: string): void {
  const props = JSON.parse(json) as P;
  hydrate(
    <LiveContext.Provider value={live}>
      <Island {...props} />
    </LiveContext.Provider>,
    root,
  );
  // Before this, a press on a button does nothing: tests wait for it.
  root.setAttribute("data-ready", "");
}

for (const root of document.querySelectorAll("[data-island]")) {
  const props = root.nextElementSibling?.textContent ?? "{}";
  void ISLANDS[root.getAttribute("data-island") ?? ""]?.(root, props);
}
