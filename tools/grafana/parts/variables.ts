// The variables that the dashboards share: which hub, which cameras, where the hub's pages are.
import {
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PROMETHEUS } from "./datasources.ts";

/** Stands in the committed files; `grafana export` puts the hub's own address there. */
const HUB_URL = "http://raspberrypi.local:7777";

/** The query that lists cameras. */
export const CAMERA_IDS = 'label_values(tapocam_camera_info{job=~"$job",instance=~"$instance"}, camera)';

export function scopeVariables({ hasCameras }: { hasCameras: boolean }) {
  const scope = [
    all("job", "Job", "label_values(tapocam_build_info, job)"),
    all("instance", "Hubs", 'label_values(tapocam_build_info{job=~"$job"}, instance)'),
  ];
  if (hasCameras) scope.push(all("camera", "Cameras", CAMERA_IDS));
  const hub = new TextBoxVariableBuilder("hub")
    .label("Hub's address")
    .description("Where a browser finds the hub: links to its pages begin with it")
    .defaultValue(HUB_URL)
    .current({ text: HUB_URL, value: HUB_URL });
  return [...scope, hub];
}

/** The values of a label, as Prometheus has them in the time that is shown. */
export function labelValues(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(PROMETHEUS)
    .query({ query, refId: "variable" })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc);
}

function all(name: string, label: string, query: string): QueryVariableBuilder {
  return labelValues(name, label, query)
    .multi(true)
    .includeAll(true)
    .allValue(".+")
    .current({ text: ["All"], value: ["$__all"] });
}
