// JPEG frames and sound of a camera that makes video: processes fed from its packets, started when they are wanted.
import { HubError, isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { videoToJpegArgs } from "../process/ffmpeg_args.ts";
import type { Child, ProcessExit, ProcessSpec } from "../process/launcher.ts";
import type { Packet } from "./packet_hub.ts";
import type { PacketStream } from "./packet_stream.ts";
import { DEFAULT_QUALITY } from "./rescale.ts";
import type { FrameSource } from "./stream.ts";

/** Returns a source of JPEG frames decoded from a packet stream, which runs for as long as it is wanted. */
export function transcodedSource(cameraId: string, packets: PacketStream): FrameSource {
  return new TranscodedSource(cameraId, packets);
}

/** Frames that may be inside the decoder or on their way back; a longer list means that some never came back. */
const MAX_IN_FLIGHT = 512;

class TranscodedSource implements FrameSource {
  readonly framing = "mpjpeg";
  readonly #cameraId: string;
  readonly #packets: PacketStream;
  /** When each picture given to the decoder was taken; one comes back for each. */
  #inFlight: number[] = [];

  constructor(cameraId: string, packets: PacketStream) {
    this.#cameraId = cameraId;
    this.#packets = packets;
  }

  hold(): () => void {
    return this.#packets.acquire();
  }

  /** Waits for the camera, so that a decoder is started only when there is something to decode. */
  async spec(signal: AbortSignal): Promise<ProcessSpec> {
    await packetsRunning(this.#packets, signal);
    this.#inFlight = [];
    const args = videoToJpegArgs(DEFAULT_QUALITY);
    return { name: `transcode ${this.#cameraId}`, program: "ffmpeg", args, stdin: "piped" };
  }

  feed(decoder: Child, signal: AbortSignal): Promise<void> {
    return feedPackets(decoder, this.#packets, signal, (packet) => {
      if (packet.kind === "audio") return false;
      if (this.#inFlight.length >= MAX_IN_FLIGHT) this.#inFlight = [];
      this.#inFlight.push(packet.arrivedAtMs);
      return true;
    });
  }

  capturedAtMs(): number | undefined {
    return this.#inFlight.shift();
  }

  explain(exit: ProcessExit): HubError {
    return explainDecoder(this.#packets, exit, "The video could not be decoded");
  }
}

/**
 * Resolves when packets flow.
 * @throws HubError why they do not, or AbortError.
 */
export async function packetsRunning(packets: PacketStream, signal: AbortSignal): Promise<void> {
  while (!packets.isFlowing) {
    if (packets.state.state === "waiting") throw packets.state.error;
    await packets.changes.next(signal);
    signal.throwIfAborted();
  }
}

/** The camera's failure is the cause, if there is one; without that it was the decoder. */
export function explainDecoder(packets: PacketStream, exit: ProcessExit, otherwise: string): HubError {
  if (packets.state.state === "waiting") return packets.state.error;
  return new HubError("unavailable", otherwise, {
    hint: exit.stderr.at(-1),
    details: { exit_code: exit.code, stderr: exit.stderr },
  });
}

/**
 * Writes the stream's beginning and then its packets into a process, from the present key frame on, for as long
 * as they belong together.
 */
export async function feedPackets(
  child: Child,
  packets: PacketStream,
  signal: AbortSignal,
  isWanted: (packet: Packet) => boolean,
): Promise<void> {
  if (!child.stdin) return;
  using ended = new LinkedSignal(signal);
  void child.exited.then(() => ended.abort());
  const unsubscribe = packets.changes.subscribe(() => {
    if (packets.state.state !== "running") ended.abort();
  });
  const writer = child.stdin.getWriter();
  const { hub } = packets;
  const { generation } = hub;
  let seq = 0;
  try {
    while (!ended.signal.aborted) {
      const batch = await hub.next(seq, ended.signal);
      if (hub.generation !== generation) return;
      if (seq === 0) await writer.write(batch.init.bytes);
      for (const packet of batch.packets) {
        seq = packet.seq;
        if (isWanted(packet)) await writer.write(packet.bytes);
      }
    }
  } catch (error) {
    if (!isAbort(error) && !(error instanceof Deno.errors.BrokenPipe)) throw error;
  } finally {
    unsubscribe();
    await writer.abort().catch(() => {/* the process has closed it already */});
  }
}
