// Cases of the alert rules on service levels.
import { ALWAYS, DOOR, door, HUB, hub, INFO, type RuleCase } from "./rule_case.ts";

const requests = (code: number) =>
  hub("tapocam_http_requests_total", `,code="${code}",method="GET",route="/x"`);
const some = { [requests(200)]: `0+10${ALWAYS}`, [requests(500)]: `0+1${ALWAYS}` };
const few = { [requests(200)]: `0${ALWAYS}`, [requests(500)]: `0+0.1${ALWAYS}` };
const failing = (factor: number, windows: string, days: string) => ({
  labels: HUB,
  summary: "The camera hub fails too many requests",
  description:
    `Over ${windows} requests failed with 5xx more than ${factor} times as often as 0.1 % allow: the ` +
    `budget of 30 days would be used up in ${days} days or sooner.`,
});
const away = (factor: number, windows: string, days: string) => ({
  labels: HUB,
  summary: "The camera hub is away too often for 99.9 % uptime",
  description:
    `Over ${windows} the hub was away more than ${factor} times as long as 99.9 % allow: the budget of ` +
    `30 days would be used up in ${days} days or sooner.`,
});
const answers = (fast: number, route = "/api/status") => ({
  [hub("tapocam_http_request_duration_seconds_bucket", `,le="0.1",method="GET",route="${route}"`)]:
    `0+${fast}${ALWAYS}`,
  [hub("tapocam_http_request_duration_seconds_count", `,method="GET",route="${route}"`)]: `0+10${ALWAYS}`,
});
const pictures = (dropped: number, viewers: number) => ({
  ...INFO,
  [door("tapocam_stream_frames_total")]: `0+300${ALWAYS}`,
  [door("tapocam_stream_frames_dropped_total", ',reason="slow_viewer"')]: `0+${dropped}${ALWAYS}`,
  [door("tapocam_stream_viewers")]: `${viewers}${ALWAYS}`,
});
const up = hub("up");
const MINUTE = 60;

export const SERVICE_CASES: readonly RuleCase[] = [
  {
    rule: "UptimeBudgetBurnsFast",
    atS: 90 * MINUTE,
    series: { [up]: `1x169 0${ALWAYS}` },
    fires: away(14.4, "1h and 5m", "two"),
  },
  { rule: "UptimeBudgetBurnsFast", atS: 90 * MINUTE, series: { [up]: `1x149 0x1 1${ALWAYS}` } },
  // Watched for half an hour only.
  { rule: "UptimeBudgetBurnsFast", atS: 30 * MINUTE, series: { [up]: `1x49 0${ALWAYS}` } },
  {
    rule: "UptimeBudgetBurnsSlowly",
    atS: 420 * MINUTE,
    series: { [up]: `1x829 0${ALWAYS}` },
    fires: away(6, "6h and 30m", "five"),
  },
  { rule: "UptimeBudgetBurnsSlowly", atS: 420 * MINUTE, series: { [up]: `1x749 0x9 1${ALWAYS}` } },
  { rule: "UptimeBudgetBurnsSlowly", atS: 90 * MINUTE, series: { [up]: `1x169 0${ALWAYS}` } },
  { rule: "RequestsFailFast", atS: 30 * MINUTE, series: some, fires: failing(14.4, "1h and 5m", "two") },
  { rule: "RequestsFailFast", atS: 30 * MINUTE, series: few },
  { rule: "RequestsFailSlowly", atS: 30 * MINUTE, series: some, fires: failing(6, "6h and 30m", "five") },
  { rule: "RequestsFailSlowly", atS: 30 * MINUTE, series: few },
  {
    rule: "ApiSlow",
    atS: 12 * MINUTE,
    series: answers(8),
    fires: {
      labels: HUB,
      summary: "The camera hub's API is slow",
      description: "Only 80% of the API's answers begin within 100 ms; 95 % should.",
    },
  },
  { rule: "ApiSlow", atS: 12 * MINUTE, series: answers(10) },
  { rule: "ApiSlow", atS: 12 * MINUTE, series: answers(1, "/api/cameras/:id/snapshot") },
  {
    rule: "FramesDropped",
    atS: 12 * MINUTE,
    series: pictures(30, 1),
    fires: {
      labels: DOOR,
      summary: "Viewers of camera Front door miss pictures",
      description:
        "Viewers of camera Front door miss 10% of its pictures; 1 % may be: a viewer's network is slow, " +
        "or the camera sends damaged pictures.",
    },
  },
  // Ten viewers that miss a tenth as much each.
  { rule: "FramesDropped", atS: 12 * MINUTE, series: pictures(27, 10) },
  { rule: "FramesDropped", atS: 12 * MINUTE, series: pictures(30, 0) },
];
