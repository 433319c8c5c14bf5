// Security Overview: are the cameras there, what happens before them, is anything wrong.
import { cameraSections } from "./overview_cameras.ts";
import { eventLog } from "./parts/events.ts";
import { dashboard } from "./parts/frame.ts";
import { graph, stat, timeline } from "./parts/kinds.ts";
import { toDashboard, toHub, toLive } from "./parts/links.ts";
import { alertList, hubLogs } from "./parts/other_kinds.ts";
import { type Placed, words } from "./parts/panels.ts";
import { CAMERA, HUB, NAME, named, ofCamera, share } from "./parts/promql.ts";

export const overview = dashboard({
  uid: "tapocam-overview",
  title: "Tapo Camera Security Overview",
  description: "Are the cameras there, what happens before them, is anything wrong",
  tags: ["security", "cameras", "home-automation"],
  timezone: "Europe/Vienna",
  from: "now-1h",
  hasCameras: true,
  sections: [
    { title: "Now", panels: now() },
    ...cameraSections(),
    { title: "What happened", panels: happened() },
  ],
});

function now(): Placed[] {
  return [
    stat({
      title: "Camera Status Overview",
      description:
        "Cameras that are online, and how many there are. Those that somebody stopped are not counted.",
      unit: "none",
      size: [6, 5],
      noValue: "No camera is known",
      showsNames: true,
      queries: [
        { expr: `sum(tapocam_camera_up{${CAMERA}})`, legend: "online" },
        { expr: `count(tapocam_camera_up{${CAMERA}})`, legend: "of" },
        {
          expr: share(`sum(tapocam_camera_up{${CAMERA}})`, `count(tapocam_camera_up{${CAMERA}})`),
          legend: "share",
        },
      ],
      overrides: [{
        of: { query: "C" },
        set: {
          unit: "percentunit",
          color: { mode: "thresholds" },
          min: 0,
          max: 1,
          thresholds: {
            mode: "percentage",
            steps: [{ color: "red", value: null }, { color: "yellow", value: 50 }, {
              color: "green",
              value: 100,
            }],
          },
        },
      }],
      steps: [["text"]],
    }),
    stat({
      title: "Offline since",
      description:
        "Cameras that are away, and when the hub last saw them. One that was not seen since the hub " +
        "started is named as such. Click for its page, which tells why it is away.",
      unit: "dateTimeFromNow",
      size: [6, 5],
      noValue: "None is known to be away",
      showsNames: true,
      queries: [
        {
          expr: named(
            `tapocam_camera_last_seen_timestamp_seconds{${CAMERA}} * 1000 and on (job, instance, camera) ` +
              `(tapocam_camera_up{${CAMERA}} == 0)`,
          ),
          legend: NAME,
        },
        {
          expr: named(
            `(tapocam_camera_up{${CAMERA}} == 0) unless on (job, instance, camera) ` +
              `tapocam_camera_last_seen_timestamp_seconds{${CAMERA}}`,
          ),
          legend: NAME,
        },
      ],
      steps: [["red"]],
      overrides: [{
        of: { query: "B" },
        set: { unit: "none", mappings: words({ 0: ["not since the hub started", "red"] }) },
      }],
      links: [toLive()],
    }),
    ...figures(),
  ];
}

/** One number each. */
function figures(): Placed[] {
  return [
    stat({
      title: "Moving now",
      description:
        "Cameras before which something moves. Those where nobody looks for motion are not counted.",
      unit: "none",
      size: [3, 5],
      noValue: "Nobody looks",
      queries: [{ expr: `sum(tapocam_camera_motion_active{${CAMERA}})`, legend: "moving" }],
      steps: [["text"], ["orange", 1]],
    }),
    stat({
      title: "Recording now",
      description: "Cameras that the hub records at this moment, on request or by rule.",
      unit: "none",
      size: [3, 5],
      noValue: "Not told",
      queries: [{ expr: `sum(tapocam_camera_recording{${CAMERA}})`, legend: "recording" }],
      steps: [["text"], ["red", 1]],
      links: [toHub("Recordings", "/recordings")],
    }),
    stat({
      title: "Alerts firing",
      description: "Alerts of the hub's own rules that are not over. Click to see and acknowledge them.",
      unit: "none",
      size: [3, 5],
      noValue: "Not told",
      queries: [{ expr: `sum(tapocam_alerts_firing{${HUB}})`, legend: "firing" }],
      steps: [["green"], ["red", 1]],
      links: [toHub("Alerts", "/alerts")],
    }),
    stat({
      title: "Disk free",
      description: "What is free on the disk of the recordings, and on that of the database.",
      unit: "percentunit",
      size: [3, 5],
      noValue: "Not told",
      decimals: 0,
      showsNames: true,
      queries: [{
        expr: share(`tapocam_disk_free_bytes{${HUB}}`, `tapocam_disk_size_bytes{${HUB}}`),
        legend: "{{folder}}",
      }],
      steps: [["red"], ["yellow", 0.05], ["green", 0.15]],
      links: [toDashboard("Host", "tapocam-host")],
    }),
  ];
}

function happened(): Placed[] {
  return [
    hubLogs({
      title: "Motion Events Timeline",
      description:
        "What the hub's journal holds of the time that is shown, the newest thousand events: motion, " +
        "people, doorbells, lost cameras, recordings, alerts.",
      unit: "none",
      size: [14, 11],
      noValue: "Nothing happened",
      query: eventLog(),
    }),
    alertList({
      title: "Grafana's alerts",
      description:
        "Alert rules in Grafana that fire or wait. Each names its runbook and the dashboard to look at.",
      size: [10, 11],
    }),
    graph({
      title: "Reports of motion",
      description:
        "How often each camera reported motion. Reports that were merged into one event count each.",
      unit: "short",
      size: [12, 8],
      noValue: "Nobody looks for motion",
      min: 0,
      bars: true,
      queries: [{
        expr: named(`increase(tapocam_camera_motion_events_total{${CAMERA}}[$__rate_interval])`),
        legend: NAME,
      }],
      links: [toLive()],
    }),
    graph({
      title: "Events by kind",
      description:
        "Events that began, by kind: people, packages, doorbells and others, as far as cameras tell them.",
      unit: "short",
      size: [12, 8],
      noValue: "No event yet",
      min: 0,
      bars: true,
      isStacked: true,
      queries: [{
        expr: `sum by (kind) (increase(tapocam_camera_events_total{${CAMERA}}[$__rate_interval]))`,
        legend: "{{kind}}",
      }],
    }),
    timeline({
      title: "Recording",
      description: "When the hub recorded each camera.",
      unit: "none",
      size: [10, 6],
      noValue: "Not told",
      queries: [{ expr: ofCamera("tapocam_camera_recording"), legend: NAME }],
      mappings: words({ 0: ["no", "gray"], 1: ["records", "red"] }),
      links: [toLive()],
    }),
    stat({
      title: "Recordings that failed",
      description:
        "Recordings of the last day that ended although nobody wanted that: a full or missing disk, a " +
        "camera that stayed away, an error. The log above tells which.",
      unit: "none",
      size: [4, 6],
      decimals: 0,
      noValue: "Not told",
      queries: [{
        expr: `sum(increase(tapocam_camera_recording_failures_total{${CAMERA}}[1d]))`,
        legend: "failed",
      }],
      steps: [["green"], ["red", 0.5]],
      links: [toHub("Recordings", "/recordings")],
    }),
    graph({
      title: "Alerts and warnings",
      description: "Alerts that were firing, and warnings that the hub showed.",
      unit: "none",
      size: [10, 6],
      noValue: "Not told",
      min: 0,
      queries: [
        { expr: `tapocam_alerts_firing{${HUB}}`, legend: "alerts {{instance}}" },
        { expr: `tapocam_warnings{${HUB}}`, legend: "warnings {{instance}}" },
      ],
    }),
  ];
}
