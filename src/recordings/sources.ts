// What a recording is made from: the packets of a camera that makes video, or the pictures of one that makes JPEGs.
import type { Clock } from "../base/clock.ts";
import type { Lane } from "../media/lane.ts";
import { FrameSource } from "./frame_source.ts";
import { PacketSource } from "./packet_source.ts";
import type { RecordSource } from "./record_source.ts";

/** The source of a camera's full picture; undefined while the camera is not open. */
export function recordSource({ video, packets, frames }: Lane, clock: Clock): RecordSource | undefined {
  if (!video) return undefined;
  return video.framing === "mp4" ? new PacketSource(packets, clock) : new FrameSource(frames, clock);
}
