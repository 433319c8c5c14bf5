// What is measured of the streams of a camera and the processes that read it.
import type { Metric } from "./metric.ts";

const C = ["camera"] as const;

export const STREAM = {
  tapocam_stream_up: {
    type: "gauge",
    of: "stream",
    labels: ["camera", "quality"],
    help: "1 while pictures come; quality is main or sub, the camera's smaller stream",
  },
  tapocam_stream_viewers: {
    type: "gauge",
    of: "stream",
    labels: C,
    help: "Viewers of the camera now",
  },
  tapocam_stream_fps: {
    type: "gauge",
    of: "stream",
    labels: ["camera", "quality"],
    help: "Pictures per second read from the camera over the last seconds; absent while the stream rests",
  },
  tapocam_stream_newest_frame_timestamp_seconds: {
    type: "gauge",
    of: "stream",
    unit: "seconds",
    labels: C,
    help: "When the newest picture was taken; absent while the stream rests",
  },
  tapocam_stream_frames_total: {
    type: "counter",
    of: "stream",
    labels: C,
    help: "Pictures made ready for viewers",
  },
  tapocam_stream_frames_dropped_total: {
    type: "counter",
    of: "stream",
    labels: ["camera", "reason"],
    help: "Pictures that were not shown; reason is slow_viewer or damaged",
  },
  tapocam_stream_received_bytes_total: {
    type: "counter",
    of: "stream",
    unit: "bytes",
    labels: C,
    help: "Bytes of video read from the camera",
  },
  tapocam_stream_sent_bytes_total: {
    type: "counter",
    of: "stream",
    unit: "bytes",
    labels: C,
    help: "Bytes of pictures handed to viewers",
  },
  tapocam_stream_restarts_total: {
    type: "counter",
    of: "stream",
    labels: C,
    help: "How often reading the camera began anew after a failure",
  },
  tapocam_ffmpeg_cpu_seconds_total: {
    type: "counter",
    of: "stream",
    unit: "seconds",
    labels: C,
    help: "Processor time of the processes that work for the camera",
  },
  tapocam_ffmpeg_resident_memory_bytes: {
    type: "gauge",
    of: "stream",
    unit: "bytes",
    labels: C,
    help: "Memory of the processes that work for the camera, shared libraries counted each time",
  },
  tapocam_stream_first_frame_seconds: {
    type: "histogram",
    of: "stream",
    unit: "seconds",
    labels: C,
    help:
      "From the first viewer of a stream that rested to the first picture; the hub's own look-outs count as viewers",
  },
} as const satisfies Record<string, Metric>;
