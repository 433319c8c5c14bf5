// What stands in the form of recording rules while somebody changes it, and what is sent of it.
import type { InputOf, OutputOf } from "./api.ts";

export type RecordingRulesView = OutputOf<"get_recording_rules">["recording"];
export type ScheduleWindow = RecordingRulesView["schedule"][number];
export type RecordedEvent = RecordingRulesView["events"][number];

/** The form: numbers as they are typed. */
export interface RulesDraft {
  mode: RecordingRulesView["mode"];
  schedule: ScheduleWindow[];
  events: RecordedEvent[];
  preRoll: string;
  postRoll: string;
  /** Empty: as for all cameras. */
  keepDays: string;
  keepGb: string;
  mjpeg: RecordingRulesView["mjpeg"];
}

/** The form of the rules as they are. */
export function draftOf(rules: RecordingRulesView): RulesDraft {
  const text = (value: number | undefined) => value === undefined ? "" : String(value);
  return {
    mode: rules.mode,
    schedule: rules.schedule,
    events: rules.events,
    preRoll: text(rules.pre_roll_s),
    postRoll: text(rules.post_roll_s),
    keepDays: text(rules.keep_days),
    keepGb: text(rules.keep_gb),
    mjpeg: rules.mjpeg,
  };
}

/** What is sent; what is left empty is taken away. */
export function changeOf(draft: RulesDraft): InputOf<"set_recording_rules"> {
  const limit = (text: string) => text.trim() === "" ? null : Number(text);
  return {
    mode: draft.mode,
    schedule: draft.schedule,
    events: draft.events,
    pre_roll_s: Number(draft.preRoll),
    post_roll_s: Number(draft.postRoll),
    keep_days: limit(draft.keepDays),
    keep_gb: limit(draft.keepGb),
    mjpeg: draft.mjpeg,
  };
}

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** A window to begin with. */
export const NEW_WINDOW: ScheduleWindow = { days: [...DAYS], from: "22:00", to: "06:00" };
