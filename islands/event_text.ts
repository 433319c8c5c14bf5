// Events in words: what each kind is called, and what else is to be said of one.
import type { EventKind, EventView } from "../src/operations/event_views.ts";
import type { CameraStatus } from "../src/operations/views.ts";
import { statusText } from "./camera_state.tsx";
import { formatBytes } from "./format.ts";

/** The name of each kind of event, in the order in which they are offered. */
export const EVENT_TITLES = {
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
  camera_state: "Camera status",
  recording: "Recording",
  alarm: "Siren",
  alert: "Alert",
  workflow: "Workflow",
  timer: "Timer",
  login: "Login",
  config_change: "Settings changed",
  gap: "Events missed",
} satisfies Record<EventKind, string>;

/** What the cameras notice; all other kinds are of the hub's own making. */
export const NOTICED_KINDS: readonly EventKind[] = [
  "motion",
  "person",
  "vehicle",
  "pet",
  "sound",
  "tamper",
  "line_crossed",
  "intrusion",
  "doorbell",
  "package",
];

const TEXT = {
  refused: "Login refused",
  throttled: "Login held back",
  count: (count: number) => `reported ${count} times`,
  tried: (count: number) => `tried ${count} times`,
  score: (score: number) => `${Math.round(score * 100)} % sure`,
  zone: (zone: string) => `zone ${zone}`,
  by: (what: string, user: string) => `${what} by ${user}`,
  unknownUser: "unknown user",
  several: "several users from several addresses",
  from: (user: string, address: string) => `${user} from ${address}`,
  ways: { password: "with a password", link: "with a login link", token: "with a token" } as Record<
    string,
    string
  >,
  fields: (fields: string) => `changed: ${fields}`,
  on: "on",
  off: "off",
  added: (cameras: string) => `new: ${cameras}`,
  removed: (cameras: string) => `gone: ${cameras}`,
  changed: (cameras: string) => `changed: ${cameras}`,
  reported: { grafana: "from Grafana", alertmanager: "from Alertmanager" } as Record<string, string>,
  nothingRecorded: "nothing was recorded",
  closedBy: {
    timeout: "its end was not reported",
    split: "goes on in a further event",
    device_lost: "the connection was lost",
    restart: "the hub was restarted",
  } as Record<string, string>,
  recordingEnds: {
    disk_full: "the disk was full",
    camera_lost: "the camera was lost",
    camera_stopped: "the camera was stopped",
    camera_removed: "the camera was removed",
    hub_stopped: "the hub was stopped",
    failed: "it failed",
    interrupted: "it was interrupted",
  } as Record<string, string>,
};

/** What happened, in a few words. */
export function eventTitle({ kind, details }: EventView): string {
  if (kind === "camera_state" && details) return statusText(details.status as CameraStatus);
  if (kind === "login" && details?.outcome === "refused") return TEXT.refused;
  if (kind === "login" && details?.outcome === "throttled") return TEXT.throttled;
  return EVENT_TITLES[kind];
}

/** What else is to be said of it, each in a few words. */
export function eventRemarks(event: EventView): string[] {
  const { details, count, kind } = event;
  const remarks = [
    ...ownRemarks(event),
    count > 1 ? (kind === "login" ? TEXT.tried(count) : TEXT.count(count)) : undefined,
    text(details?.reason),
    typeof details?.score === "number" ? TEXT.score(details.score) : undefined,
    typeof details?.zone === "string" && details.zone !== "" ? TEXT.zone(details.zone) : undefined,
    TEXT.closedBy[String(details?.closed_by)],
  ];
  return remarks.filter((remark) => remark !== undefined);
}

function ownRemarks({ kind, details = {}, active, source }: EventView): (string | undefined)[] {
  if (kind === "timer") return [text(details.name)];
  if (kind === "alert") return [text(details.title), TEXT.reported[source]];
  if (kind === "login") return loginRemarks(details);
  if (kind === "recording" && !active) return recordingRemarks(details);
  if (kind !== "config_change" && kind !== "alarm") return [];
  const { what, user, fields, enabled, setting, added, removed, changed } = details;
  return [
    text(what) && (typeof user === "string" ? TEXT.by(String(what), user) : String(what)),
    typeof enabled === "boolean" ? (enabled ? TEXT.on : TEXT.off) : undefined,
    text(setting),
    typeof fields === "string" && what === "camera changed" ? TEXT.fields(fields) : undefined,
    typeof added === "string" ? TEXT.added(added) : undefined,
    typeof removed === "string" ? TEXT.removed(removed) : undefined,
    typeof changed === "string" ? TEXT.changed(changed) : undefined,
  ];
}

function loginRemarks({ user, address, way }: NonNullable<EventView["details"]>): (string | undefined)[] {
  if (user === "several") return [TEXT.several];
  return [TEXT.from(text(user) ?? TEXT.unknownUser, String(address)), TEXT.ways[String(way)]];
}

function recordingRemarks({ parts, bytes, because, error }: NonNullable<EventView["details"]>) {
  return [
    parts === 0 ? TEXT.nothingRecorded : typeof bytes === "number" ? formatBytes(bytes) : undefined,
    text(error) ?? TEXT.recordingEnds[String(because)],
  ];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
