// Cases of the alert rule about the stove.
import { ALWAYS, AT_HUB, HUB, hub, type RuleCase } from "./rule_case.ts";

const watts = hub("tapocam_plug_power_watts", ',device="stove",zone="kitchen"');
const moves = `tapocam_camera_motion_active{camera="kitchen",${AT_HUB}}`;
const reports = `tapocam_camera_motion_events_total{camera="kitchen",${AT_HUB}}`;
const empty = { [moves]: `0${ALWAYS}`, [reports]: `0${ALWAYS}` };
const rule = "StoveOnKitchenEmpty";

export const KITCHEN_CASES: readonly RuleCase[] = [
  {
    rule,
    atS: 1000,
    series: { ...empty, [watts]: `1500${ALWAYS}` },
    fires: {
      labels: HUB,
      summary: "The stove is on and the kitchen is empty",
      description:
        "The stove draws 1500 W, and nothing has moved in the kitchen for 15 minutes. This is a hint, " +
        "not a safety device.",
    },
  },
  { rule, atS: 1000, series: { ...empty, [watts]: `5${ALWAYS}` } },
  { rule, atS: 1000, series: { ...empty, [watts]: `1500${ALWAYS}`, [moves]: `0x19 1 0${ALWAYS}` } },
  // It moved between two scrapes: only the count tells.
  { rule, atS: 1000, series: { ...empty, [watts]: `1500${ALWAYS}`, [reports]: `0x19 1${ALWAYS}` } },
  // Nobody looks: nobody knows.
  { rule, atS: 1000, series: { [watts]: `1500${ALWAYS}` } },
];
