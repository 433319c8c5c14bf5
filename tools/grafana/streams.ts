// Streams and viewers: do pictures come, who watches, what gets lost, what it costs.
import { dashboard } from "./parts/frame.ts";
import { graph, stat, timeline } from "./parts/kinds.ts";
import { toLive } from "./parts/links.ts";
import { type Placed, type Size, type Spec, words } from "./parts/panels.ts";
import {
  CAMERA,
  NAME,
  named,
  ofCamera,
  quantileSinceStart,
  rate,
  share,
  wantedPictures,
} from "./parts/promql.ts";

/** Labels that make a camera, the histogram of each. */
const OF_EACH = "job, instance, camera";

export const streams = dashboard({
  uid: "tapocam-streams",
  title: "Tapo Cameras: streams and viewers",
  description: "Do pictures come, who watches, what gets lost, what it costs",
  from: "now-3h",
  hasCameras: true,
  sections: [
    { title: "Now", panels: now() },
    { title: "Pictures", panels: pictures() },
    { title: "Traffic", panels: traffic() },
    { title: "What it costs", isFolded: true, panels: costs() },
  ],
});

function now(): Placed[] {
  const value = (given: Pick<Spec, "title" | "description" | "unit" | "noValue" | "queries" | "steps">) =>
    stat({ ...given, size: [6, 4] } as Spec);
  return [
    value({
      title: "Viewers",
      description: "Viewers of all chosen cameras now, in browsers and elsewhere.",
      unit: "none",
      noValue: "No stream is known",
      queries: [{ expr: `sum(tapocam_stream_viewers{${CAMERA}})`, legend: "viewers" }],
    }),
    value({
      title: "Streams that run",
      description:
        "Streams that give pictures. A stream rests while nobody watches, records or looks for motion.",
      unit: "none",
      noValue: "No stream is known",
      queries: [{ expr: `sum(tapocam_stream_up{${CAMERA}})`, legend: "running" }],
    }),
    value({
      title: "Oldest picture",
      description:
        "Age of the newest picture of the camera that is furthest behind. Streams that rest do not count.",
      unit: "s",
      noValue: "All streams rest",
      queries: [{
        expr: `max(time() - tapocam_stream_newest_frame_timestamp_seconds{${CAMERA}})`,
        legend: "age",
      }],
      steps: [["green"], ["yellow", 2], ["red", 10]],
    }),
    value({
      title: "Pictures not shown",
      description:
        "Share of pictures that viewers missed in the last five minutes; the goal is less than 1 %.",
      unit: "percentunit",
      noValue: "No pictures were made",
      queries: [{
        expr: share(
          `sum(${rate("tapocam_stream_frames_dropped_total", CAMERA, "5m")}) or vector(0)`,
          wantedPictures(CAMERA, "5m"),
        ),
        legend: "share",
      }],
      steps: [["green"], ["red", 0.01]],
    }),
  ];
}

function line(
  [title, description]: readonly [string, string],
  [expr, legend]: readonly [string, string],
  given: { unit: string; noValue: string; size?: Size; isStacked?: boolean; max?: number; bars?: boolean },
): Placed {
  return graph({
    title,
    description,
    min: 0,
    size: [12, 8],
    ...given,
    queries: [{ expr, legend }],
    links: [toLive()],
  });
}

function pictures(): Placed[] {
  return [
    timeline({
      title: "Streams over time",
      description: "When each stream gave pictures: main is the large one, sub the camera's smaller one.",
      unit: "none",
      size: [12, 8],
      noValue: "No stream is known",
      queries: [{ expr: ofCamera("tapocam_stream_up"), legend: "{{name}} {{quality}}" }],
      mappings: words({ 0: ["rests", "gray"], 1: ["runs", "green"] }),
      links: [toLive()],
    }),
    line(
      ["Viewers of each camera", "How many watch each camera."],
      [ofCamera("tapocam_stream_viewers"), NAME],
      { unit: "none", noValue: "No stream is known", isStacked: true },
    ),
    line(
      ["Pictures per second", "Read from each camera. A stream that rests has none."],
      [ofCamera("tapocam_stream_fps"), "{{name}} {{quality}}"],
      { unit: "fps", noValue: "All streams rest" },
    ),
    line(
      ["Pictures made", "Pictures per second made ready for viewers."],
      [named(rate("tapocam_stream_frames_total", CAMERA)), NAME],
      { unit: "fps", noValue: "No stream is known" },
    ),
    line(
      [
        "Pictures not shown, by reason",
        "slow_viewer: a viewer was not ready for it, which costs nobody else anything. damaged: the camera sent it so.",
      ],
      [named(rate("tapocam_stream_frames_dropped_total", CAMERA)), "{{name}} {{reason}}"],
      { unit: "fps", noValue: "No stream is known" },
    ),
    line(
      [
        "Time to the first picture",
        "From the first viewer to the first picture: 95 of 100 since the hub started were quicker.",
      ],
      [
        quantileSinceStart(0.95, "tapocam_stream_first_frame_seconds", { by: OF_EACH, matchers: CAMERA }),
        "{{camera}} 95 %",
      ],
      { unit: "s", noValue: "Not told" },
    ),
  ];
}

function traffic(): Placed[] {
  return [
    line(
      ["Read from cameras", "Video that the hub reads from each camera."],
      [named(`${rate("tapocam_stream_received_bytes_total", CAMERA)} * 8`), NAME],
      { unit: "bps", noValue: "No stream is known" },
    ),
    line(
      ["Sent to viewers", "Pictures that the hub hands to viewers of each camera."],
      [named(`${rate("tapocam_stream_sent_bytes_total", CAMERA)} * 8`), NAME],
      { unit: "bps", noValue: "No stream is known", isStacked: true },
    ),
    line(
      ["Streams begun anew", "How often reading a camera began anew after a failure, each hour."],
      [named(`increase(tapocam_stream_restarts_total{${CAMERA}}[1h])`), NAME],
      { unit: "short", noValue: "No stream is known", bars: true },
    ),
    line(
      [
        "Age of the newest picture",
        "How old the newest picture of each running stream is. More than seconds: it hangs.",
      ],
      [named(`time() - tapocam_stream_newest_frame_timestamp_seconds{${CAMERA}}`), NAME],
      { unit: "s", noValue: "All streams rest" },
    ),
  ];
}

function costs(): Placed[] {
  return [
    line(
      ["Processor", "Cores that the processes of each camera use: reading, decoding, recording."],
      [named(rate("tapocam_ffmpeg_cpu_seconds_total", CAMERA)), NAME],
      { unit: "none", noValue: "No process runs", isStacked: true },
    ),
    line(
      ["Memory", "Memory of the processes of each camera; what they share is counted each time."],
      [ofCamera("tapocam_ffmpeg_resident_memory_bytes"), NAME],
      { unit: "bytes", noValue: "No process runs", isStacked: true },
    ),
  ];
}
