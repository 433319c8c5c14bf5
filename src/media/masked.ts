// Pictures with a camera's privacy zones covered: one ffmpeg for the stream of all who may not see them, one run for a
// picture that is there already. What cannot be covered is not given.
import { HubError } from "../base/errors.ts";
import type { CameraRules } from "../config/camera_rules.ts";
import { runCommand } from "../process/command.ts";
import type { Child, ProcessExit, ProcessSpec } from "../process/launcher.ts";
import { maskPictureArgs, type MaskSpec, maskStreamArgs } from "../process/mask_args.ts";
import { readJpegHeader } from "../protocols/mpjpeg/jpeg.ts";
import { greyPng } from "../protocols/png/grey.ts";
import type { Frame } from "./frame_hub.ts";
import { BLOCK_PIXELS, maskOf, type PictureSize } from "./mask.ts";
import { DEFAULT_QUALITY, feedFrames, framesRunning } from "./rescale.ts";
import type { SnapshotContext } from "./snapshot.ts";
import type { FrameSource, FrameStream } from "./stream.ts";

/** What is covered, and how. */
export type PrivacyRules = CameraRules["privacy"];

/** Pictures that may be inside the process; a longer list means that some never came back. */
const MAX_IN_FLIGHT = 16;
const DEADLINE_MS = 15_000;
const MAX_PICTURE_BYTES = 64 * 1024 * 1024;

/** The mask for pictures of a size. What is covered has an even number of columns and rows, as colours need them. */
export function maskSpec({ zones, style }: PrivacyRules, size: PictureSize): MaskSpec {
  const [width, height] = [size.width - size.width % 2, size.height - size.height % 2];
  const png = greyPng(maskOf(zones, { width, height }));
  return { width, height, blockPixels: BLOCK_PIXELS, png, style };
}

/** Returns a source that reads `base` (and keeps it running) while it is read itself. */
export function maskedSource(cameraId: string, base: FrameStream, rules: PrivacyRules): FrameSource {
  return new MaskedSource(cameraId, base, rules);
}

class MaskedSource implements FrameSource {
  readonly framing = "mpjpeg";
  readonly #cameraId: string;
  readonly #base: FrameStream;
  readonly #rules: PrivacyRules;
  #size: PictureSize = { width: 0, height: 0 };
  /** When each picture given to the process was taken; one comes back for each. */
  #inFlight: number[] = [];

  constructor(cameraId: string, base: FrameStream, rules: PrivacyRules) {
    this.#cameraId = cameraId;
    this.#base = base;
    this.#rules = rules;
  }

  hold(): () => void {
    return this.#base.acquire();
  }

  /** Waits for a picture: the mask is made for its size. */
  async spec(signal: AbortSignal): Promise<ProcessSpec> {
    await framesRunning(this.#base, signal);
    const { width, height } = await this.#base.hub.next(0, signal);
    this.#size = { width, height };
    this.#inFlight = [];
    const args = maskStreamArgs(maskSpec(this.#rules, this.#size), DEFAULT_QUALITY);
    return { name: `privacy zones ${this.#cameraId}`, program: "ffmpeg", args, stdin: "piped" };
  }

  /** A picture of another size ends it: that needs another mask. */
  feed(child: Child, signal: AbortSignal): Promise<void> {
    return feedFrames(
      child,
      this.#base,
      signal,
      (frame) => this.#fits(frame) ? this.#given(frame) : undefined,
    );
  }

  capturedAtMs(): number | undefined {
    return this.#inFlight.shift();
  }

  explain(exit: ProcessExit): HubError {
    if (this.#base.state.state === "waiting") return this.#base.state.error;
    return notCovered(this.#cameraId, exit);
  }

  #fits({ width, height }: Frame): boolean {
    return width === this.#size.width && height === this.#size.height;
  }

  #given({ part, capturedAtMs }: Frame): Uint8Array {
    if (this.#inFlight.length >= MAX_IN_FLIGHT) this.#inFlight = [];
    this.#inFlight.push(capturedAtMs);
    return part;
  }
}

/** Covers the zones of one JPEG. @throws HubError `unavailable` where that does not succeed, `timeout`. */
export async function maskPicture(
  picture: Uint8Array<ArrayBuffer>,
  rules: PrivacyRules,
  cameraId: string,
  context: SnapshotContext,
): Promise<Uint8Array<ArrayBuffer>> {
  const size = readJpegHeader(picture);
  if (!size) throw notCovered(cameraId, undefined);
  const args = maskPictureArgs(maskSpec(rules, size), DEFAULT_QUALITY);
  const result = await context.rescaling.run(() =>
    runCommand({ name: `privacy zones ${cameraId}`, program: "ffmpeg", args }, {
      ...context,
      deadlineMs: DEADLINE_MS,
      maxBytes: MAX_PICTURE_BYTES,
      input: picture,
    })
  );
  if (result.code !== 0 || result.stdout.length === 0) throw notCovered(cameraId, result);
  return result.stdout;
}

/** Why there is no picture. */
export function notCovered(cameraId: string, exit: ProcessExit | undefined): HubError {
  return new HubError(
    "unavailable",
    `The privacy zones of camera "${cameraId}" cannot be covered at present, so its picture is not shown`,
    {
      hint: "The hub tries again by itself; its log and ffmpeg's message tell why",
      details: exit ? { exit_code: exit.code, stderr: exit.stderr } : {},
      retryable: true,
    },
  );
}
