// What alerts say.
import type { AlertMetric, AlertRule } from "../config/alerts.ts";
import type { SeenEvent } from "./rule_state.ts";

const KIND_WORDS: Readonly<Record<string, string>> = {
  motion: "Motion",
  person: "Person",
  vehicle: "Vehicle",
  pet: "Pet",
  sound: "Sound",
  tamper: "Tampering",
  line_crossed: "Line crossed",
  intrusion: "Intrusion",
  doorbell: "Doorbell",
  package: "Parcel",
  gap: "Events missed",
  recording: "Recording",
  alarm: "Alarm",
  workflow: "Workflow",
  timer: "Timer",
  login: "Login",
  config_change: "Configuration changed",
};

interface MetricWords {
  what: string;
  /** @param camera name of the camera, or "The hub". */
  title(camera: string): string;
  value(value: number): string;
  /** What the value is, for the text. */
  of: string;
}

const METRIC_WORDS: Readonly<Record<AlertMetric, MetricWords>> = {
  offline_s: {
    what: "Offline",
    title: (camera) => `${camera} is offline`,
    value: (value) => duration(value),
    of: "Away for",
  },
  latency_ms: {
    what: "Slow connection",
    title: (camera) => `${camera} answers slowly`,
    value: (value) => `${Math.round(value)} ms`,
    of: "Time to connect:",
  },
  temperature_c: {
    what: "High temperature",
    title: (camera) => `${camera} is hot`,
    value: (value) => `${Math.round(value * 10) / 10} °C`,
    of: "Temperature:",
  },
  motion_per_min: {
    what: "Much motion",
    title: (camera) => `Much motion at ${camera}`,
    value: (value) => `${Math.round(value)} reports in a minute`,
    of: "Motion:",
  },
};

/** Headline and text of an alert. */
export interface AlertWords {
  title: string;
  text: string;
}

/** Words for an event. @param camera name of the camera; undefined for what concerns the hub. */
export function wordsOfEvent(rule: AlertRule, event: SeenEvent, camera: string | undefined): AlertWords {
  const status = event.details?.["status"];
  const what = event.kind === "camera_state" && status !== undefined
    ? `Camera status: ${String(status).replaceAll("_", " ")}`
    : event.kind === "timer"
    ? `Timer: ${String(event.details?.["name"])}`
    : KIND_WORDS[event.kind] ?? event.kind;
  const where = camera === undefined ? "" : ` at ${camera}`;
  const { zone, reason, score } = event.details ?? {};
  const facts = [
    `${what}${where}`,
    ...(typeof zone === "string" ? [`Zone: ${zone}`] : []),
    ...(typeof score === "number" ? [`Certainty: ${Math.round(score * 100)} %`] : []),
    ...(typeof reason === "string" ? [reason] : []),
  ];
  return {
    title: filled(rule.title, { camera, what, value: "" }) ?? `${what}${where}`,
    text: facts.join(". "),
  };
}

/** Words for a measured value. */
export function wordsOfMetric(
  rule: AlertRule,
  measured: { metric: AlertMetric; value: number },
  camera: string | undefined,
): AlertWords {
  const words = METRIC_WORDS[measured.metric];
  const limit = limitText(measured.metric, rule.when);
  const value = words.value(measured.value);
  return {
    title: filled(rule.title, { camera, what: words.what, value }) ?? words.title(camera ?? "The hub"),
    text: `${words.of} ${value}. The rule "${rule.id}" tells of ${limit}`,
  };
}

/** What a rule watches, in words: "Time to connect: more than 1000 ms". */
export function metricText(metric: AlertMetric, when: AlertRule["when"]): string {
  return `${METRIC_WORDS[metric].of} ${limitText(metric, when)}`;
}

function limitText(metric: AlertMetric, { above, below }: AlertRule["when"]): string {
  const { value } = METRIC_WORDS[metric];
  return above !== undefined ? `more than ${value(above)}` : `less than ${value(below ?? 0)}`;
}

function filled(
  title: string | undefined,
  values: { camera: string | undefined; what: string; value: string },
): string | undefined {
  return title?.replaceAll("{camera}", values.camera ?? "The hub").replaceAll("{what}", values.what)
    .replaceAll("{value}", values.value);
}

/** "5 min", "2 h 10 min". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
