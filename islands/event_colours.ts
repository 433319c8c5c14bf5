// The colour of each kind of event on the timeline: tones that stand out on a light and on a dark ground.
import type { EventKind } from "../src/operations/event_views.ts";

const COLOURS: Partial<Record<string, string>> = {
  motion: "#8b6cf0",
  person: "#e4572e",
  vehicle: "#2e86de",
  pet: "#a1745b",
  sound: "#d99000",
  tamper: "#c2263d",
  line_crossed: "#c2418f",
  intrusion: "#a01f6a",
  doorbell: "#0f9d76",
  package: "#6f9c2f",
  camera_state: "#7b8a99",
  recording: "#3d7d8c",
  alarm: "#d43f8d",
  alert: "#cf5f1c",
  workflow: "#4f6bd8",
  timer: "#b0409c",
  login: "#577590",
  config_change: "#8a7f45",
  gap: "#b5853a",
} satisfies Record<EventKind, string>;
const OTHER = "#5f7a96";

/** As `#rrggbb`; one for kinds that a newer hub tells of. */
export function eventColour(kind: string): string {
  return COLOURS[kind] ?? OTHER;
}
