// What a recording is made from, and how a file of it is fed.
import type { Changes } from "../base/changes.ts";
import { type HubError, isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { StreamState } from "../media/on_demand.ts";
import type { PacketStream } from "../media/packet_stream.ts";
import type { FrameStream } from "../media/stream.ts";
import type { Encoder, Fragments } from "../process/record_args.ts";

/** What can be recorded. */
export interface RecordSource {
  /** What is held: the same for sources between which nothing has to be let go of. */
  readonly stream: PacketStream | FrameStream;
  readonly changes: Changes;
  /** True for pictures that have to be encoded, unless they are kept as they are. */
  readonly isJpeg: boolean;
  readonly isFlowing: boolean;
  /** Why it does not flow. */
  readonly error: HubError | undefined;
  acquire(): () => void;
  /** Keeps so much of before in memory, until the returned function is called. */
  keep(durationMs: number): () => void;
  /** Begins a file. @throws AbortError. */
  open(wish: BeginWish, signal: AbortSignal): Promise<PartFeed>;
}

/** Where a file should begin. */
export interface BeginWish {
  /** When it was asked for. */
  nowMs: number;
  /** How much of before; undefined: as much as there is since the last key frame. */
  preRollMs: number | undefined;
  /** True: no less than that, as far as it was kept; otherwise no more. */
  isAtLeast: boolean;
}

/** How a file is written. */
export interface WriteManner extends Fragments {
  /** What encodes JPEGs; undefined keeps them as they are. */
  encoder: Encoder | undefined;
}

/** Takes bytes; resolves when there is room for more. */
export type Write = (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;

/** What is written into one file. */
export interface PartFeed {
  /** When its first picture was taken; known better after a moment, then earlier. */
  readonly startedAtMs: number;
  args(path: string, manner: WriteManner): string[];
  /**
   * Writes until the source ends, the signal aborts, or a picture comes with which another file can begin while that
   * is due: then returns what goes into that file.
   */
  pump(write: Write, isDue: () => boolean, signal: AbortSignal): Promise<PartFeed | undefined>;
}

/** Why a stream does not flow. */
export function errorOf(state: StreamState): HubError | undefined {
  return state.state === "waiting" ? state.error : undefined;
}

/** The next of a stream; undefined when the stream ends or the signal aborts first. */
export async function nextWhileFlowing<T>(
  source: Pick<RecordSource, "changes" | "isFlowing">,
  next: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  using ended = new LinkedSignal(signal);
  const unsubscribe = source.changes.subscribe(() => {
    if (!source.isFlowing) ended.abort();
  });
  if (!source.isFlowing) ended.abort();
  try {
    return await next(ended.signal);
  } catch (error) {
    if (isAbort(error)) return undefined;
    throw error;
  } finally {
    unsubscribe();
  }
}
