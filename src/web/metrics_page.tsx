// The page of metrics: charts of the history, which the browser loads by itself.
import { readQuery } from "../../islands/chart_range.ts";
import { MetricsView } from "../../islands/metrics_view.tsx";
import type { CameraView } from "../operations/views.ts";
import { Island } from "./island.tsx";
import type { PageProps } from "./layout.tsx";

const TEXT = { title: "Metrics" };

/** What the page needs to know of the hub. */
export interface MetricsPageDeps {
  cameras(): CameraView[];
  /** How often something is measured. */
  metricsIntervalMs(): number;
}

/** The page for a query such as `?range=7d&camera=door,yard` or `?from=…&to=…`; what cannot be is left out. */
export function metricsPage(query: Record<string, string>, deps: MetricsPageDeps): PageProps {
  const props = {
    cameras: deps.cameras().map(({ id, name }) => ({ id, name })),
    query: readQuery(query),
    intervalMs: deps.metricsIntervalMs(),
    nowMs: Date.now(),
  };
  return {
    title: TEXT.title,
    path: "/metrics-view",
    stylesheets: ["metrics.css"],
    signedIn: true,
    children: (
      <div class="measure">
        <Island name="MetricsView" component={MetricsView} props={props} />
      </div>
    ),
  };
}
