// What is measured in the house: plugs and timers.
import type { Metric } from "./metric.ts";

const NO_PLUGS = "plugs are not supported yet";

export const HOUSE = {
  tapocam_plug_power_watts: {
    type: "gauge",
    of: "house",
    unit: "watts",
    labels: ["device", "zone"],
    help: "Power that a plug passes on now",
    waitsFor: NO_PLUGS,
  },
  tapocam_plug_energy_joules_total: {
    type: "counter",
    of: "house",
    unit: "joules",
    labels: ["device", "zone"],
    help: "Energy that a plug passed on",
    waitsFor: NO_PLUGS,
  },
  tapocam_timer_remaining_seconds: {
    type: "gauge",
    of: "house",
    unit: "seconds",
    labels: ["timer"],
    help: "What is left of a timer that runs, by its name",
  },
} as const satisfies Record<string, Metric>;
