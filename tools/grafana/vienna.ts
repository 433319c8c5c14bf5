// Vienna home security: the apartment's cameras side by side, parcels, visitors, what is unusual, incidents nearby.
import { TextBoxVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { incidentsVariable } from "./parts/datasources.ts";
import { eventLog } from "./parts/events.ts";
import { dashboard } from "./parts/frame.ts";
import { graph, stat } from "./parts/kinds.ts";
import { toHub, toLive } from "./parts/links.ts";
import { hubLogs, live } from "./parts/other_kinds.ts";
import type { Placed } from "./parts/panels.ts";
import { CAMERA, NAME, named } from "./parts/promql.ts";
import { incidents, kept, parcels, patterns } from "./vienna_hub.ts";

export const vienna = dashboard({
  uid: "tapocam-vienna",
  title: "Vienna home security",
  description: "The apartment's cameras side by side, parcels, visitors, what is unusual, incidents nearby",
  tags: ["security", "vienna"],
  timezone: "Europe/Vienna",
  from: "now-24h",
  hasCameras: true,
  variables: [
    incidentsVariable(),
    feed("incidents_json", "Incidents (JSON)", "A URL of a list of objects in JSON; empty: off"),
    feed("incidents_csv", "Incidents (CSV)", "A URL of a CSV file with a heading; empty: off"),
  ],
  sections: [
    { title: "Cameras", panels: wall() },
    { title: "Parcels", panels: parcels() },
    { title: "Visitors", panels: [...visitors(), ...patterns()] },
    { title: "What happened", panels: happened() },
    { title: "What is kept", panels: kept() },
    { title: "Local incidents (off until you name a feed)", isFolded: true, panels: incidents() },
  ],
});

function feed(name: string, label: string, description: string): TextBoxVariableBuilder {
  return new TextBoxVariableBuilder(name).label(label).description(description).defaultValue("").current({
    text: "",
    value: "",
  });
}

function wall(): Placed[] {
  return [
    live({
      title: "${camera}",
      description:
        "The live picture of each camera chosen above. It needs the panel plugin tapo-camera-panel.",
      cameraId: "${camera}",
      size: [8, 8],
      repeat: "camera",
    }),
  ];
}

function visitors(): Placed[] {
  const count = (kind: string) =>
    named(`increase(tapocam_camera_events_total{${CAMERA},kind=~"${kind}"}[$__rate_interval])`);
  return [
    stat({
      title: "Somebody moves now",
      description: "Cameras before which something moves at this moment.",
      unit: "none",
      size: [6, 7],
      noValue: "Nobody looks for motion",
      showsNames: true,
      queries: [{ expr: named(`tapocam_camera_motion_active{${CAMERA}}`), legend: NAME }],
      steps: [["green"], ["orange", 1]],
      links: [toLive()],
    }),
    graph({
      title: "Visitors",
      description: "People and doorbells that cameras told of.",
      unit: "short",
      size: [18, 7],
      noValue: "No camera told of people or a doorbell yet",
      min: 0,
      bars: true,
      isStacked: true,
      queries: [{ expr: count("person|doorbell"), legend: `${NAME} {{kind}}` }],
      links: [toLive()],
    }),
  ];
}

function happened(): Placed[] {
  return [
    hubLogs({
      title: "At the door and around",
      description:
        "People, parcels, doorbells, tampering and alarms of the time that is shown, from the journal.",
      unit: "none",
      size: [24, 9],
      noValue: "Nothing happened",
      query: eventLog('.kind | IN("person", "package", "doorbell", "tamper", "intrusion", "alarm", "alert")'),
      links: [toHub("Events", "/events")],
    }),
  ];
}
