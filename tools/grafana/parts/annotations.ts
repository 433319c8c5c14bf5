// Marks on every graph: when something moved, when somebody came, when a camera was lost.
import { AnnotationQueryBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { INFINITY } from "./datasources.ts";
import { eventMarksQuery } from "./events.ts";
import { infinityTarget } from "./infinity.ts";

/** Each can be turned on and off above the dashboard. */
export function eventMarks(): AnnotationQueryBuilder[] {
  return [
    mark("Motion", "blue", '.kind == "motion"'),
    mark(
      "People, doorbell, packages",
      "orange",
      '.kind == "person" or .kind == "doorbell" or .kind == "package"',
    ),
    mark("Cameras lost", "red", '.kind == "camera_state" and .details.status != "online"'),
    mark("Alerts and sirens", "purple", '.kind == "alert" or .kind == "alarm"'),
  ];
}

function mark(name: string, colour: string, which: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(INFINITY)
    .enable(true)
    .iconColor(colour)
    .target(infinityTarget("Marks", eventMarksQuery(which)));
}
