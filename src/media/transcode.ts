// JPEG frames of a camera that makes video: its process feeds a second one that decodes and encodes.
import { HubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Video } from "../devices/device.ts";
import { videoToJpegArgs } from "../process/ffmpeg_args.ts";
import type { Child, Launcher, ProcessExit, ProcessSpec } from "../process/launcher.ts";
import { DEFAULT_QUALITY } from "./rescale.ts";
import type { FrameSource } from "./stream.ts";

/** Returns a source of JPEG frames for any video: itself where it makes JPEG, else a transcoder behind it. */
export function jpegSource(video: Video, launcher: Launcher): FrameSource {
  const { framing } = video;
  return framing === "mp4" ? new TranscodedSource(video, launcher) : { ...video, framing };
}

class TranscodedSource implements FrameSource {
  readonly framing = "mpjpeg";
  readonly #video: Video;
  readonly #launcher: Launcher;
  #input: ProcessSpec | undefined;
  #inputExit: ProcessExit | undefined;

  constructor(video: Video, launcher: Launcher) {
    this.#video = video;
    this.#launcher = launcher;
  }

  async spec(signal: AbortSignal): Promise<ProcessSpec> {
    this.#input = await this.#video.spec(signal);
    this.#inputExit = undefined;
    const args = videoToJpegArgs(DEFAULT_QUALITY);
    return { name: `transcode ${this.#input.name}`, program: "ffmpeg", args, stdin: "piped" };
  }

  /** Runs the camera's process for as long as the transcoder takes its output. */
  async feed(transcoder: Child, signal: AbortSignal): Promise<void> {
    if (!this.#input || !transcoder.stdin) return;
    const camera = this.#launcher.spawn(this.#input);
    // A silent camera would not notice that nobody takes its output any more.
    using ended = new LinkedSignal(signal);
    void transcoder.exited.then(() => ended.abort());
    let isFirstToEnd = false;
    try {
      await camera.stdout.pipeTo(transcoder.stdin, { signal: ended.signal });
      isFirstToEnd = true;
    } finally {
      const exit = await camera.stop();
      if (isFirstToEnd) this.#inputExit = exit;
    }
  }

  /** The camera's process ending is the cause; without that it was the transcoder. */
  explain(exit: ProcessExit): HubError {
    if (this.#inputExit) return this.#video.explain(this.#inputExit);
    return new HubError("unavailable", "The video could not be decoded", {
      hint: exit.stderr.at(-1),
      details: { exit_code: exit.code, stderr: exit.stderr },
    });
  }
}
