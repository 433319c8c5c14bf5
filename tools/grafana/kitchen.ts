// Kitchen: the live picture, timers, whether somebody cooks, what the stove uses, whether it was forgotten.
import { TextBoxVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "./parts/frame.ts";
import { bars, graph, stat, timeline } from "./parts/kinds.ts";
import { toLive } from "./parts/links.ts";
import { live, note } from "./parts/other_kinds.ts";
import { type Placed, words } from "./parts/panels.ts";
import { HUB } from "./parts/promql.ts";
import { CAMERA_IDS, labelValues } from "./parts/variables.ts";

/** The chosen camera, and the plugs of the zone. */
const LOOK = `${HUB},camera=~"$kitchen"`;
const PLUGS = `${HUB},zone=~"$zone"`;
const MOTION = `tapocam_camera_motion_active{${LOOK}}`;
const POWER = `tapocam_plug_power_watts{${PLUGS}}`;
const KWH = `sum(increase(tapocam_plug_energy_joules_total{${PLUGS}}[$__range])) / 3.6e6`;

export const kitchen = dashboard({
  uid: "tapocam-kitchen",
  title: "Kitchen",
  description:
    "The live picture, timers, whether somebody cooks, what the stove uses, whether it was forgotten. " +
    "Not a safety device",
  tags: ["kitchen"],
  timezone: "Europe/Vienna",
  from: "now-3h",
  hasCameras: false,
  variables: [
    labelValues("kitchen", "Kitchen camera", CAMERA_IDS),
    box("zone", "Zone of the plugs", "kitchen", "The zone to which the plugs of the kitchen belong"),
    box("stove_watts", "Stove is on from (W)", "200", "From this power on the stove counts as on"),
    box("price", "Price of a kWh (€)", "0.30", "What a kilowatt-hour costs, with a point, such as 0.30"),
  ],
  sections: [
    { title: "Now", panels: now() },
    { title: "Cooking", panels: cooking() },
    { title: "Energy", panels: energy() },
  ],
});

function box(name: string, label: string, value: string, description: string): TextBoxVariableBuilder {
  return new TextBoxVariableBuilder(name)
    .label(label)
    .description(description)
    .defaultValue(value)
    .current({ text: value, value });
}

function now(): Placed[] {
  return [
    live({
      title: "Kitchen",
      description:
        "The live picture of the camera chosen above. It needs the panel plugin tapo-camera-panel.",
      cameraId: "${kitchen}",
      size: [10, 12],
    }),
    bars({
      title: "Timers",
      description: "What is left of each timer that runs. Timers are set in the hub or by an assistant.",
      unit: "dthms",
      size: [7, 6],
      noValue: "No timer runs",
      min: 0,
      steps: [["red"], ["orange", 60], ["green", 300]],
      queries: [{ expr: `tapocam_timer_remaining_seconds{${HUB}}`, legend: "{{timer}}" }],
    }),
    stat({
      title: "Stove on, kitchen empty",
      description:
        "Power of plugs that draw more than the stove's limit although nothing has moved in the kitchen " +
        "for 15 minutes; plugs that do not tell their power are not seen. Not a safety device: it can be wrong, " +
        "and late.",
      unit: "watt",
      size: [7, 6],
      noValue: "No, or no plug tells it",
      showsNames: true,
      queries: [{
        expr: `(${POWER} > $stove_watts) unless on (job, instance) (max by (job, instance) ` +
          `(max_over_time(${MOTION}[15m])) == 1)`,
        legend: "{{device}}",
      }],
      steps: [["red"]],
    }),
    stat({
      title: "Movement now",
      description: "Whether something moves in the kitchen. Empty where nobody looks for motion.",
      unit: "none",
      size: [3, 6],
      noValue: "Nobody looks",
      queries: [{ expr: MOTION, legend: "{{camera}}" }],
      mappings: words({ 0: ["still", "gray"], 1: ["motion", "orange"] }),
      links: [toLive()],
    }),
    stat({
      title: "Power now",
      description: "What the plugs of the kitchen draw now.",
      unit: "watt",
      size: [4, 6],
      noValue: "No plug tells it",
      queries: [{ expr: `sum(${POWER})`, legend: "power" }],
    }),
    stat({
      title: "Steam or smoke hint (not a safety device)",
      description:
        "Share of the last five minutes in which something moved without a person being seen in the last " +
        "ten: steam and smoke look like that, and so do curtains and pets. A hint, nothing more: it does not " +
        "replace a smoke detector.",
      unit: "percentunit",
      size: [7, 6],
      noValue: "A person is there, or nobody looks",
      decimals: 0,
      queries: [{
        expr: `avg_over_time(${MOTION}[5m]) unless on (job, instance, camera) ` +
          `(increase(tapocam_camera_events_total{${LOOK},kind="person"}[10m]) > 0)`,
        legend: "{{camera}}",
      }],
      steps: [["green"], ["yellow", 0.7], ["orange", 0.9]],
    }),
  ];
}

function cooking(): Placed[] {
  return [
    graph({
      title: "Cooking",
      description:
        "Share of ten minutes in which something moved, against the power of the plugs. Much of both is " +
        "cooking; power without movement is a stove that was left on.",
      unit: "percentunit",
      size: [16, 9],
      noValue: "Nobody looks for motion",
      min: 0,
      queries: [
        { expr: `avg_over_time(${MOTION}[10m])`, legend: "movement" },
        { expr: POWER, legend: "{{device}}" },
      ],
      overrides: [{ of: { query: "B" }, set: { unit: "watt", "custom.axisPlacement": "right" } }],
    }),
    timeline({
      title: "Somebody cooks",
      description:
        "When plugs drew more than the stove's limit while something moved in more than three of ten minutes.",
      unit: "none",
      size: [8, 9],
      noValue: "No plug tells its power",
      queries: [{
        expr: `(max by (job, instance) (${POWER}) > bool $stove_watts) * on (job, instance) ` +
          `(max by (job, instance) (avg_over_time(${MOTION}[10m])) > bool 0.3)`,
        legend: "cooking",
      }],
      mappings: words({ 0: ["no", "gray"], 1: ["cooking", "orange"] }),
    }),
    graph({
      title: "Steam or smoke hint over time (not a safety device)",
      description:
        "Share of five minutes in which something moved without a person being seen. It does not replace " +
        "a smoke detector.",
      unit: "percentunit",
      size: [16, 7],
      noValue: "A person is there, or nobody looks",
      min: 0,
      max: 1,
      steps: [["green"], ["orange", 0.9]],
      showsLimits: true,
      queries: [{
        expr: `avg_over_time(${MOTION}[5m]) unless on (job, instance, camera) ` +
          `(increase(tapocam_camera_events_total{${LOOK},kind="person"}[10m]) > 0)`,
        legend: "{{camera}}",
      }],
    }),
    note({
      title: "Not a safety device",
      description: "What this dashboard must not be used for.",
      size: [8, 7],
      markdown:
        "The hints come from movement in a picture. They can be wrong, and come late or not at all. **Smoke " +
        "detectors and a stove guard are what protects a kitchen.** For an alert, use the rule *stove on, kitchen " +
        "empty* beside them.",
    }),
  ];
}

function energy(): Placed[] {
  const today = (title: string, unit: string, expr: string, description: string) =>
    stat({
      title,
      description,
      unit,
      size: [4, 8],
      decimals: 2,
      noValue: "No plug tells it",
      timeFrom: "now/d",
      queries: [{ expr, legend: "today" }],
    });
  return [
    today("Energy today", "kwatth", KWH, "What the plugs of the kitchen passed on since midnight."),
    today("Cost today", "currencyEUR", `(${KWH}) * $price`, "The same at the price that is set above."),
    graph({
      title: "Energy against movement",
      description: "Energy of each hour, and the share of the hour in which something moved.",
      unit: "kwatth",
      size: [16, 8],
      noValue: "No plug tells it, nobody looks for motion",
      min: 0,
      queries: [
        { expr: `sum(increase(tapocam_plug_energy_joules_total{${PLUGS}}[1h])) / 3.6e6`, legend: "energy" },
        { expr: `avg_over_time(${MOTION}[1h])`, legend: "movement" },
      ],
      overrides: [{ of: { query: "B" }, set: { unit: "percentunit", "custom.axisPlacement": "right" } }],
    }),
  ];
}
