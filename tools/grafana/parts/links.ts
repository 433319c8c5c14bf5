// Links of values into the hub's own pages and to the other dashboards.
import { DashboardLinkBuilder, DashboardLinkType } from "@grafana/grafana-foundation-sdk/dashboard";

/** From a series of a camera to its page with the live picture. */
export function toLive(): DashboardLinkBuilder {
  return link("Live picture", "${hub:raw}/cameras/${__field.labels.camera}");
}

/** The same from a row of a table that has the camera's id in a column. */
export function toLiveOfRow(column: string): DashboardLinkBuilder {
  return link("Live picture", `\${hub:raw}/cameras/\${__data.fields["${column}"]}`);
}

/** To a page of the hub. */
export function toHub(title: string, path: string): DashboardLinkBuilder {
  return link(title, `\${hub:raw}${path}`);
}

/** To another dashboard, with the same time. */
export function toDashboard(title: string, uid: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(`/d/${uid}?\${__url_time_range}`)
    .targetBlank(false);
}

function link(title: string, url: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(true);
}
