// Where the panels' data comes from. Every panel asks the sources that the two variables name: none is fixed.
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { DatasourceVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";

/** Ids of the sources as the provisioning makes them; the variables begin with these. */
export const PROMETHEUS_UID = "tapocam-prometheus";
export const INFINITY_UID = "tapocam-infinity";
const INFINITY_TYPE = "yesoreyeram-infinity-datasource";

export const PROMETHEUS: DataSourceRef = { type: "prometheus", uid: "${datasource}" };
/** Its base URL is the hub's: queries name paths such as /api/events. */
export const INFINITY: DataSourceRef = { type: INFINITY_TYPE, uid: "${infinity}" };
/** An Infinity source that the user makes for other hosts than the hub. */
export const INCIDENTS: DataSourceRef = { type: INFINITY_TYPE, uid: "${incidents}" };

/** The variables with which a user chooses others. */
export function datasourceVariables(): DatasourceVariableBuilder[] {
  return [
    new DatasourceVariableBuilder("datasource")
      .label("Prometheus")
      .description("The Prometheus that scrapes the hub")
      .type("prometheus")
      .current({ text: "Tapo Camera MCP metrics", value: PROMETHEUS_UID }),
    new DatasourceVariableBuilder("infinity")
      .label("Hub")
      .description("The Infinity source whose URL is that of the hub")
      .type(INFINITY_TYPE)
      .current({ text: "Tapo Camera MCP hub", value: INFINITY_UID }),
  ];
}

/** The source of the local incidents: only those whose name says so can be chosen, and there is none at first. */
export function incidentsVariable(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder("incidents")
    .label("Incidents source")
    .description('An Infinity source of your own, named like "Incidents", that may reach the feed\'s host')
    .type(INFINITY_TYPE)
    .regex("/incident/i");
}
