// Service levels: how well the hub keeps what is promised, how fast the allowance is used up, what is left of it.
import { CustomVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard, type Section } from "./parts/frame.ts";
import { bars, graph, stat, timeline } from "./parts/kinds.ts";
import { note } from "./parts/other_kinds.ts";
import { type Placed, words } from "./parts/panels.ts";
import { HUB, share, wantedPictures } from "./parts/promql.ts";

/** A promise: the share of what may go wrong, and PromQL of the share that did go wrong in a window. */
interface Objective {
  title: string;
  goal: string;
  /** What is counted, for people. */
  counted: string;
  allowed: number;
  wrong(window: string): string;
}

/** How fast the allowance may be used up: as in the alerts, over a long window and a short one at once. */
const FAST = { rate: 14.4, long: "1h", short: "5m" };
const SLOW = { rate: 6, long: "6h", short: "30m" };

const REQUESTS = "tapocam_http_requests_total";
const TIMES = "tapocam_http_request_duration_seconds";
/** Pictures wait for the camera, files for the disk: neither is the API's own speed. */
const API = `${HUB},route=~"/api/.*",route!~".*(snapshot|thumbnail|video|stream|whep|hls).*"`;
const sum = (series: string, window: string) => `sum(rate(${series}[${window}]))`;

const OBJECTIVES: readonly Objective[] = [
  {
    title: "Hub is up",
    goal: "99.9 %",
    counted: "Scrapes of the hub that Prometheus made and that were not answered",
    allowed: 0.001,
    wrong: (window) => `1 - avg(avg_over_time(up{${HUB}}[${window}]))`,
  },
  {
    title: "Cameras are up",
    goal: "99.9 %",
    counted: "Time in which cameras that nobody stopped were away",
    allowed: 0.001,
    wrong: (window) => `1 - avg(avg_over_time(tapocam_camera_up{${HUB}}[${window}]))`,
  },
  {
    title: "Requests succeed",
    goal: "99.9 %",
    counted: "Requests that the hub answered with an error of its own, codes from 500 on",
    allowed: 0.001,
    wrong: (window) =>
      share(
        `${sum(`${REQUESTS}{${HUB},code=~"5.."}`, window)} or vector(0)`,
        sum(`${REQUESTS}{${HUB}}`, window),
      ),
  },
  {
    title: "Requests are quick",
    goal: "95 % within 100 ms",
    counted:
      "Requests to the API whose answer began later than after 100 ms; pictures and video are left out, as " +
      "they wait for cameras and disks",
    allowed: 0.05,
    wrong: (window) =>
      `1 - ${share(sum(`${TIMES}_bucket{${API},le="0.1"}`, window), sum(`${TIMES}_count{${API}}`, window))}`,
  },
  {
    title: "Pictures arrive",
    goal: "99 %",
    counted: "Pictures that viewers missed, of those that all viewers should have seen",
    allowed: 0.01,
    wrong: (window) =>
      share(
        `${sum(`tapocam_stream_frames_dropped_total{${HUB}}`, window)} or vector(0)`,
        wantedPictures(HUB, window),
      ),
  },
];

export const slo = dashboard({
  uid: "tapocam-slo",
  title: "Tapo Cameras: service levels",
  description:
    "How well the hub keeps what is promised, how fast the allowance is used up, what is left of it",
  from: "now-24h",
  hasCameras: false,
  variables: [
    new CustomVariableBuilder("window")
      .label("Over")
      .description("The time over which the promises are judged; not longer than Prometheus keeps its data")
      .values("7d,30d,90d")
      .current({ text: "30d", value: "30d" }),
  ],
  sections: [
    { title: "Allowance left over $window", panels: [...OBJECTIVES.map(left), explanation(), states()] },
    ...OBJECTIVES.map(details),
  ],
});

function burn({ wrong, allowed }: Objective, window: string): string {
  return `(${wrong(window)}) / ${allowed}`;
}

function left(objective: Objective): Placed {
  const { title, goal, counted, wrong, allowed } = objective;
  return stat({
    title: `${title}: ${goal}`,
    description:
      `What is left of what may go wrong in the window chosen above. ${counted}. Below zero the promise ` +
      "was broken.",
    unit: "percentunit",
    size: [objective === OBJECTIVES[3] || objective === OBJECTIVES[0] ? 4 : 5, 5],
    decimals: 1,
    noValue: "Nothing to judge",
    showsNames: true,
    queries: [
      { expr: `1 - (${wrong("$window")}) / ${allowed}`, legend: "left" },
      { expr: `1 - (${wrong("$window")})`, legend: "kept" },
    ],
    steps: [["red"], ["yellow", 0], ["green", 0.25]],
    overrides: [{ of: { query: "B" }, set: { decimals: 3, color: { mode: "fixed", fixedColor: "text" } } }],
  });
}

function explanation(): Placed {
  return note({
    title: "How to read it",
    description: "What the allowance and the rate mean.",
    size: [8, 8],
    markdown:
      `Each promise allows a share to go wrong. A rate of 1 uses that allowance up exactly at the end of 30 days, ` +
      `${FAST.rate} in two days. **Fast**: above ${FAST.rate} over ${FAST.long} and over ${FAST.short}. ` +
      `**Slow**: above ${SLOW.rate} over ${SLOW.long} and over ${SLOW.short}. The long window shows that it matters, ` +
      "the short one that it still goes on. The alert rules on uptime and failed requests hold the same figures. What was not asked for cannot " +
      "fail: without requests or viewers a panel stays empty.",
  });
}

function states(): Placed {
  const isOver = (objective: Objective, { rate, long, short }: typeof FAST) =>
    `((${burn(objective, long)}) > bool ${rate}) * ((${burn(objective, short)}) > bool ${rate})`;
  return timeline({
    title: "Used up too fast",
    description: "When the allowance of a promise was used up so fast that somebody should look.",
    unit: "none",
    size: [16, 8],
    noValue: "Nothing to judge",
    queries: OBJECTIVES.map((objective) => ({
      expr: `clamp_max(2 * (${isOver(objective, FAST)}) + (${isOver(objective, SLOW)}), 2)`,
      legend: objective.title,
    })),
    mappings: words({ 0: ["fine", "green"], 1: ["slow", "orange"], 2: ["fast", "red"] }),
  });
}

function details(objective: Objective): Section {
  const { title, counted, wrong } = objective;
  return {
    title: `${title}: ${objective.goal}`,
    isFolded: true,
    panels: [
      graph({
        title: `${title}: rate at which the allowance is used up`,
        description: `1 uses it up in 30 days. The lines mark ${SLOW.rate} and ${FAST.rate}. ${counted}.`,
        unit: "none",
        size: [14, 8],
        noValue: "Nothing to judge",
        min: 0,
        steps: [["green"], ["orange", SLOW.rate], ["red", FAST.rate]],
        showsLimits: true,
        queries: [FAST.short, SLOW.short, FAST.long, SLOW.long].map((window) => ({
          expr: burn(objective, window),
          legend: `over ${window}`,
        })),
      }),
      bars({
        title: `${title}: what went wrong`,
        description: `${counted}: share over each window.`,
        unit: "percentunit",
        size: [10, 8],
        noValue: "Nothing to judge",
        min: 0,
        decimals: 3,
        steps: [["green"], ["red", objective.allowed]],
        queries: ["1h", "1d", "$window"].map((window) => ({
          expr: wrong(window),
          legend: `over ${window}`,
        })),
      }),
    ],
  };
}
