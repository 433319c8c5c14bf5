// Alert rules on service levels: 99.9 % uptime, < 0.1 % failed requests, < 100 ms, < 1 % dropped pictures.
import type { AlertRule, Severity } from "./rule.ts";

/** What may fail of a thousand: the same for uptime and requests. */
const BUDGET = 0.001;
/** Fewer requests than this say nothing about a share of a thousand. */
const MIN_REQUESTS = 100;

const OF_SERVICE = {
  group: "tapocam-service-levels",
  service: "hub",
  noData: "OK",
  isAboutHub: false,
  dashboard: "tapocam-slo",
} as const;

/**
 * How fast a budget of 30 days is used up: 14.4 times as fast as it lasts means 2 % of it in an hour, 6 times 5 % in
 * six hours. The short window lets the alert end soon after the trouble.
 */
const BURNS = [
  { id: "fast", factor: 14.4, long: "1h", short: "5m", severity: "critical", words: "in two days" },
  { id: "slow", factor: 6, long: "6h", short: "30m", severity: "warning", words: "in five days" },
] as const satisfies readonly { id: string; factor: number; severity: Severity; [key: string]: unknown }[];

const down = (window: string) => `(1 - avg_over_time(up{job="tapocam"}[${window}])) / ${BUDGET}`;

/** Whoever has watched for minutes would take one scrape that failed for a bad hour. */
const watched = (window: string) => `count_over_time(up{job="tapocam"}[5m] offset ${window})`;

const requests = (window: string, codes = "") =>
  `sum by (job, instance) (increase(tapocam_http_requests_total${codes}[${window}]))`;
const failed = (window: string) => `${requests(window, '{code=~"5.."}')} / ${requests(window)} / ${BUDGET}`;

/** Pictures wait for the camera, files for the disk: neither is the API's own speed. */
const API = 'route=~"/api/.*",route!~".*(snapshot|thumbnail|video|stream|whep|hls).*"';
const apiRequests = (part: string, le = "") =>
  `sum by (job, instance) (increase(tapocam_http_request_duration_seconds_${part}{${API}${le}}[15m]))`;

const perCamera = (metric: string) => `sum by (job, instance, camera) (rate(${metric}[5m]))`;

export const SLO_RULES: readonly AlertRule[] = [
  ...BURNS.map(({ id, factor, long, short, severity, words }): AlertRule => ({
    ...OF_SERVICE,
    name: id === "fast" ? "UptimeBudgetBurnsFast" : "UptimeBudgetBurnsSlowly",
    uid: `uptime-burn-${id}`,
    severity,
    value: `${down(long)} and ${down(short)} > ${factor} and ${watched(long)}`,
    beyond: { is: "above", than: () => factor },
    forS: () => 60,
    summary: "The camera hub is away too often for 99.9 % uptime",
    description: () =>
      `Over ${long} and ${short} the hub was away more than ${factor} times as long as 99.9 % allow: the ` +
      `budget of 30 days would be used up ${words} or sooner.`,
    isAboutHub: true,
  })),
  ...BURNS.map(({ id, factor, long, short, severity, words }): AlertRule => ({
    ...OF_SERVICE,
    name: id === "fast" ? "RequestsFailFast" : "RequestsFailSlowly",
    uid: `requests-fail-${id}`,
    severity,
    value: `${failed(long)} and ${failed(short)} > ${factor} and ${requests(long)} >= ${MIN_REQUESTS}`,
    beyond: { is: "above", than: () => factor },
    forS: () => 60,
    summary: "The camera hub fails too many requests",
    description: () =>
      `Over ${long} and ${short} requests failed with 5xx more than ${factor} times as often as 0.1 % allow: ` +
      `the budget of 30 days would be used up ${words} or sooner.`,
  })),
  {
    ...OF_SERVICE,
    name: "ApiSlow",
    uid: "api-slow",
    severity: "warning",
    value: `${apiRequests("bucket", ',le="0.1"')} / ${apiRequests("count")} and ${
      apiRequests("count")
    } >= 20`,
    beyond: { is: "below", than: () => 0.95 },
    forS: () => 600,
    summary: "The camera hub's API is slow",
    description: () =>
      "Only {{ VALUE | humanizePercentage }} of the API's answers begin within 100 ms; 95 % should.",
  },
  {
    ...OF_SERVICE,
    name: "FramesDropped",
    uid: "frames-dropped",
    severity: "warning",
    service: "network",
    // Dropped pictures are counted for each viewer, pictures once: so it is of what all viewers should have seen.
    value:
      `(${perCamera("tapocam_stream_frames_dropped_total")} / (${
        perCamera("tapocam_stream_frames_total")
      } * ` +
      "clamp_min(avg_over_time(tapocam_stream_viewers[5m]), 1)) and on (job, instance, camera) " +
      "tapocam_stream_viewers > 0) * on (job, instance, camera) group_left (name) tapocam_camera_info",
    beyond: { is: "above", than: () => 0.01 },
    forS: () => 600,
    summary: "Viewers of camera {{ $labels.name }} miss pictures",
    description: () =>
      "Viewers of camera {{ $labels.name }} miss {{ VALUE | humanizePercentage }} of its pictures; 1 % may be: a " +
      "viewer's network is slow, or the camera sends damaged pictures.",
    dashboard: "tapocam-streams",
  },
];
