// What a case of an alert rule is: measured values with which it fires, or with which it must not.

/** Values of series over time, and what follows from them. */
export interface RuleCase {
  readonly rule: string;
  /** When it is looked at, seconds after the first value. */
  readonly atS: number;
  /** Series in PromQL without the labels of scraping, and their values every 30 s as promtool writes them. */
  readonly series: Readonly<Record<string, string>>;
  /** The alert that fires; absent: none does. */
  readonly fires?: {
    readonly labels: Readonly<Record<string, string>>;
    readonly summary: string;
    readonly description: string;
  };
}

/** For the rest of the case. */
export const ALWAYS = "x200";
export const DOOR = { camera: "front", instance: "hub", job: "tapocam", name: "Front door" };
export const HUB = { instance: "hub", job: "tapocam" };
export const AT_HUB = 'instance="hub",job="tapocam"';

/** A series of the camera at the front door. */
export const door = (metric: string, labels = "") => `${metric}{camera="front",${AT_HUB}${labels}}`;
export const hub = (metric: string, labels = "") => `${metric}{${AT_HUB}${labels}}`;
export const INFO = { [door("tapocam_camera_info", ',name="Front door"')]: `1${ALWAYS}` };
