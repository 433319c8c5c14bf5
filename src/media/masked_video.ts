// A recorded video with its camera's privacy zones covered while it is sent: nothing of it is kept.
import { HubError, isAbort } from "../base/errors.ts";
import type { Child, Launcher } from "../process/launcher.ts";
import { maskVideoArgs } from "../process/mask_args.ts";
import type { PictureSize } from "./mask.ts";
import { maskSpec, notCovered, type PrivacyRules } from "./masked.ts";

/** Each takes a core or more while it is made. */
const MAX_AT_ONCE = 2;
/** Wider videos are made smaller: a Pi would not keep up. */
const MAX_WIDTH = 1280;
const CHUNK_BYTES = 256 * 1024;
const USUAL_SIZE: PictureSize = { width: 1280, height: 720 };

/** What is to be covered in what. */
export interface MaskedVideoWish {
  cameraId: string;
  rules: PrivacyRules;
  /** The video in fragmented MP4; closed at the end. */
  file: Deno.FsFile;
  /** Of its picture; absent where it is not known. */
  size: { width?: number | undefined; height?: number | undefined };
}

/** Covers recorded videos, a few at a time. */
export class MaskedVideos {
  readonly #launcher: Launcher;
  #running = 0;

  constructor(launcher: Launcher) {
    this.#launcher = launcher;
  }

  /**
   * Begins to cover a video. The stream is made as fast as it is read, and breaks where it cannot be made.
   * @param enrol Is given what cuts the stream off, and returns what forgets that.
   * @throws HubError `unavailable` while others are being made, or where ffmpeg cannot be started.
   */
  open(
    wish: MaskedVideoWish,
    enrol: (cut: (why: HubError) => void) => () => void,
  ): ReadableStream<Uint8Array> {
    const { cameraId, rules, file } = wish;
    let child: Child;
    try {
      if (this.#running >= MAX_AT_ONCE) throw tooMany(cameraId);
      const args = maskVideoArgs(maskSpec(rules, sizeOf(wish)));
      child = this.#launcher.spawn({
        name: `privacy zones ${cameraId}`,
        program: "ffmpeg",
        args,
        stdin: "piped",
      });
    } catch (error) {
      file.close();
      throw error;
    }
    this.#running++;
    void child.exited.then(() => this.#running--);
    return sendOut(child, { cameraId, fed: feed(child, file), enrol });
  }
}

/** Even numbers, as the encoder needs them. */
function sizeOf({ size: { width, height } }: MaskedVideoWish): PictureSize {
  if (!width || !height) return USUAL_SIZE;
  const share = Math.min(1, MAX_WIDTH / width);
  const even = (length: number) => Math.max(2, Math.round(length * share / 2) * 2);
  return { width: even(width), height: even(height) };
}

/** Resolves to what went wrong with the file; where the process ends first, its exit tells why. */
async function feed({ stdin }: Child, file: Deno.FsFile): Promise<unknown> {
  using source = file;
  if (!stdin) return undefined;
  const writer = stdin.getWriter();
  const chunk = new Uint8Array(CHUNK_BYTES);
  try {
    for (;;) {
      const count = await source.read(chunk).catch((error) => ({ error }));
      if (typeof count === "object") return count?.error;
      await writer.write(chunk.subarray(0, count));
    }
  } catch (error) {
    if (!isAbort(error) && !(error instanceof Deno.errors.BrokenPipe)) return error;
    return undefined;
  } finally {
    await writer.close().catch(() => {/* the process has closed it already */});
  }
}

interface SendOptions {
  cameraId: string;
  /** What `feed` resolves to. */
  fed: Promise<unknown>;
  enrol(cut: (why: HubError) => void): () => void;
}

function sendOut(child: Child, { cameraId, fed, enrol }: SendOptions): ReadableStream<Uint8Array> {
  const reader = child.stdout.getReader();
  let forget = () => {};
  let why: HubError | undefined;
  const end = async () => {
    forget();
    await reader.cancel().catch(() => {/* the process has ended */});
    return await child.stop();
  };
  return new ReadableStream({
    start: (controller) => {
      forget = enrol((error) => {
        why = error;
        controller.error(error);
        void end();
      });
    },
    pull: async (controller) => {
      const { done, value } = await reader.read();
      if (why) return;
      if (!done) return controller.enqueue(value);
      const exit = await child.exited;
      await end();
      const failure = await fed;
      if (exit.code === 0 && failure === undefined) controller.close();
      else controller.error(failure ?? notCovered(cameraId, exit));
    },
    cancel: async () => void await end(),
  }, { highWaterMark: 0 });
}

function tooMany(cameraId: string): HubError {
  return new HubError("unavailable", `The privacy zones of camera "${cameraId}" cannot be covered just now`, {
    hint: `${MAX_AT_ONCE} recordings are being covered for others; try again when they are over`,
    retryable: true,
  });
}
